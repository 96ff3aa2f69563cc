export const SYNC_ACTOR = { kind: 'worker', job: 'sync-mailbox' } as const;
