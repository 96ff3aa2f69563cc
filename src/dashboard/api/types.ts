import type { Message } from '../../api/generated/types.js';

export type {
  AccessToken,
  Account,
  ApiKey,
  ApiKeyList,
  Authentication,
  CreatedApiKey,
  EvidencePlace,
  Finding,
  Label,
  Layer,
  LayerReport,
  Mailbox,
  Message,
  Overview,
  PendingScan,
  Problem,
  ScanPage,
  ScanResult,
  ScanSummary,
  Scope,
  SetupFields,
  SignedIn,
} from '../../api/generated/types.js';

// The parts of it that have no name in the API.
export type Hop = Message['received'][number];
export type MessageLink = Message['links'][number];
export type MessageAttachment = Message['attachments'][number];
