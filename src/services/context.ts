import type { AccessTokens } from '../crypto/access-tokens.js';
import type { Cursors } from '../crypto/cursors.js';
import type { DeletionLog } from '../crypto/deletion-log.js';
import type { KeyStore } from '../crypto/key-store.js';
import type { Log } from '../log.js';
import type { Lookup } from '../scanners/scanner.js';
import type { Actor, Store, TenantId, TenantRole, UserId } from '../store/store.js';
import type { AccountParts } from './accounts/account-parts.js';
import type { SessionCache } from './accounts/sessions/session-cache.js';
import type { Llm } from './llm/llm.js';
import type { KnownKeys } from './api-keys/known-keys.js';
import type { Scope } from './api-keys/scopes.js';
import type { Consents } from './mailboxes/consent/open-consents.js';
import type { Mailboxes } from './mailboxes/mailboxes.js';
import type { KnownProfiles } from './scans/known-profiles.js';
import type { RunningScans } from './scans/submission/running-scans.js';
import type { ScanPool } from './scanning/pool.js';
import type { RequestLimits } from './limits/limit-request.js';
import type { ScanLimits } from './limits/limit-scan.js';
import type { SharedWindow } from './limits/shared-window.js';

/** What services work with; built once by the composition root. */
export interface Parts {
  readonly store: Store;
  readonly keys: KeyStore;
  /** Beside the keys, outside of the database. */
  readonly deletions: DeletionLog;
  readonly pool: ScanPool;
  /** What the layers may ask of the world outside; absent where nothing is configured. */
  readonly lookup?: Lookup;
  /** Asks the language models of tenants that have one. */
  readonly llm: Llm;
  readonly tokens: AccessTokens;
  readonly cursors: Cursors;
  readonly sessions: SessionCache;
  readonly apiKeys: KnownKeys;
  readonly profiles: KnownProfiles;
  readonly running: RunningScans;
  readonly mailboxes: Mailboxes;
  readonly consents: Consents;
  readonly limits: SignInLimits;
  readonly accounts: AccountParts;
  readonly scanLimits: ScanLimits;
  /** Absent: the API is not limited. */
  readonly requests?: RequestLimits;
  /** Believed for every tenant, besides its own. */
  readonly trustedAuthservIds: readonly string[];
  readonly log: Log;
  readonly now: () => Date;
}

export interface SignInLimits {
  /** Attempts by one address on one account. */
  readonly byPair: SharedWindow;
  /** Attempts by one address on any account, and on one account from anywhere. */
  readonly bySide: SharedWindow;
}

export interface ClientFacts {
  readonly ip: string;
  readonly userAgent: string;
  /** Of the web page that asks, where a browser says so. */
  readonly origin?: string;
}

/** Somebody, who need not be signed in. */
export interface PublicContext {
  readonly parts: Parts;
  readonly client: ClientFacts;
}

/** Who is signed in and where, as the session has it: never from what a request says. */
export interface Identity {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly role: TenantRole;
  /** '' where no session stands behind it, as with an API key. */
  readonly sessionId: string;
  /** Runs the platform besides; absent: no. It opens nothing in a tenant. */
  readonly superAdmin?: boolean;
  /** An organisation's own identity provider began the session: it opens that organisation, and nothing of the account itself. */
  readonly confined?: boolean;
  /** Set where a program acts for the member. */
  readonly apiKey?: ActingKey;
}

export interface ActingKey {
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** Only tries postern out: it scans, and nothing is kept. */
  readonly sandbox: boolean;
}

export interface MemberContext extends PublicContext {
  readonly identity: Identity;
}

/** Who acts in the database. `accessReason` lets an administrator open what belongs to others. */
export function actorOf(ctx: MemberContext, accessReason?: string): Actor {
  const { userId, role } = ctx.identity;
  return { kind: 'user', userId, role, ...(accessReason === undefined ? {} : { accessReason }), ...recordedIp(ctx) };
}

/** The client's address where the operator wants it recorded, otherwise nothing. */
export function recordedIp({ parts, client }: PublicContext): { readonly ip?: string } {
  return parts.accounts.recordAddresses ? { ip: client.ip } : {};
}
