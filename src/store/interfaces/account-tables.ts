import type { TenantId, TenantRole, UserId } from '../store.js';

/** Why somebody holds a one-time token. One made for another purpose is not found. */
export type TokenPurpose =
  | 'second-factor'
  | 'enrolment'
  | 'email-code'
  | 'passkey-sign-in'
  | 'passkey-registration'
  | 'sign-up'
  | 'password-reset'
  | 'email-confirmation'
  | 'oidc'
  | 'organisation'
  | 'handover';

/** Links, codes and challenges that somebody holds; only hashes come here. For the purpose 'sign-in'. */
export interface OneTimeTokenTable {
  keep(token: NewToken): Promise<void>;
  /** Takes one attempt; null for no such token, an expired one, and one whose attempts are used up. */
  attempt(hash: Uint8Array, purpose: TokenPurpose): Promise<HeldToken | null>;
  /** The token, which is gone afterwards. Of two at the same time one gets it. */
  spend(hash: Uint8Array, purpose: TokenPurpose): Promise<HeldToken | null>;
  /** Everything the person holds. */
  voidAll(userId: UserId): Promise<void>;
}

export interface NewToken {
  readonly hash: Uint8Array;
  readonly purpose: TokenPurpose;
  /** Null: of nobody with an account. */
  readonly userId: UserId | null;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly attempts?: number;
  readonly expiresAt: Date;
  /** Voids what the person held for the same purpose. */
  readonly alone?: boolean;
}

export interface HeldToken {
  readonly userId: UserId | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Changes of an account; for the purpose 'sign-in'. */
export interface AccountTable {
  /** Returns the new person. Throws `account.exists`. */
  create(account: {
    readonly email: string;
    readonly displayName: string;
    readonly passwordHash: string | null;
  }): Promise<UserId>;
  setPassword(userId: UserId, passwordHash: string): Promise<void>;
  setName(userId: UserId, displayName: string): Promise<void>;
  /** The address was shown to be theirs. Throws `account.exists` where another account has it. */
  confirmEmail(userId: UserId, email: string): Promise<void>;
  /** In the log of every tenant of the person. `by` null: the person. */
  record(event: {
    readonly userId: UserId;
    readonly by?: UserId;
    readonly action: `auth.${string}` | `account.${string}`;
    readonly outcome: 'succeeded' | 'refused';
    readonly details?: Readonly<Record<string, string | number | boolean | null>>;
  }): Promise<void>;
  listSessions(userId: UserId): Promise<readonly SessionRow[]>;
  /** One of the person's sessions, or all but `keep`; returns which ended. */
  endSessions(
    userId: UserId,
    which: { readonly one?: string; readonly keep?: string },
    reason: string,
  ): Promise<readonly string[]>;
  describeSession(id: string, facts: SessionFacts): Promise<void>;
}

export interface SessionFacts {
  readonly userAgent: string;
  /** Null unless the operator records addresses. */
  readonly clientAddress: string | null;
  readonly method: string;
  readonly secondFactor: boolean;
}

export interface SessionRow {
  readonly id: string;
  readonly tenantName: string;
  readonly userAgent: string;
  readonly clientAddress: string | null;
  readonly method: string;
  readonly startedAt: Date;
  readonly usedAt: Date;
  readonly expiresAt: Date;
}

/** Second factors; for the purpose 'sign-in'. */
export interface SecondFactorTable {
  /** Null where there is no such person. `only`: what this tenant demands, and no other of theirs. */
  facts(userId: UserId, only?: TenantId): Promise<SignInFacts | null>;
  /** False where an app is in use already. */
  proposeTotp(userId: UserId, sealed: string): Promise<boolean>;
  confirmTotp(userId: UserId): Promise<void>;
  /** False when a code of this time step or a later one was used before. */
  spendTotpStep(userId: UserId, step: number): Promise<boolean>;
  removeTotp(userId: UserId): Promise<void>;
  replaceRecoveryCodes(userId: UserId, hashes: readonly Uint8Array[]): Promise<void>;
  spendRecoveryCode(userId: UserId, hash: Uint8Array): Promise<boolean>;
  reset(userId: UserId): Promise<void>;
  readonly passkeys: PasskeyTable;
}

export interface PasskeyTable {
  /** Throws `account.passkey-exists` for a credential that is registered already. */
  add(passkey: Omit<PasskeyRow, 'createdAt' | 'lastUsedAt'>): Promise<void>;
  find(credentialId: string): Promise<PasskeyRow | null>;
  list(userId: UserId): Promise<readonly PasskeyRow[]>;
  used(credentialId: string, counter: number): Promise<void>;
  rename(userId: UserId, credentialId: string, name: string): Promise<boolean>;
  remove(userId: UserId, credentialId: string): Promise<boolean>;
}

export interface PasskeyRow {
  /** base64url, as browsers name it. */
  readonly credentialId: string;
  readonly userId: UserId;
  readonly name: string;
  /** COSE. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly backedUp: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface SignInFacts {
  readonly emailVerified: boolean;
  readonly totp: { readonly sealed: string; readonly confirmed: boolean; readonly lastStep: number } | null;
  readonly recoveryCodes: number;
  readonly passkeys: number;
  /** An organisation of the person demands a second factor. */
  readonly secondFactorDemanded: boolean;
  /** Their organisations have switched passwords off, and there is none that a password opens. */
  readonly passwordsOff: boolean;
  /** Those that have; never one that they own. */
  readonly passwordsOffIn: readonly TenantId[];
}

/** Messages that wait to be sent. */
export interface MailTable {
  /** Keeps it and queues its sending, in this transaction. */
  put(id: string, sealed: string): Promise<void>;
  /** Null once it was sent. For the purpose 'mail'. */
  get(id: string): Promise<string | null>;
  forget(id: string): Promise<void>;
}

/** What the pinned tenant demands at sign-in. */
export interface SignInRulesTable {
  get(): Promise<SignInRules>;
  set(rules: SignInRules): Promise<void>;
  /** Somebody of the pinned tenant, if the actor may see them. */
  roleOf(userId: UserId): Promise<TenantRole | null>;
}

export interface SignInRules {
  readonly secondFactor: boolean;
  readonly passwordsOff: boolean;
}

/** Who somebody is at an identity provider; for the purpose 'sign-in'. */
export interface IdentityTable {
  holder(issuer: string, subject: string): Promise<UserId | null>;
  /** Throws `account.exists` where the identity is somebody's already. */
  link(issuer: string, subject: string, userId: UserId): Promise<void>;
  list(userId: UserId): Promise<readonly { readonly issuer: string; readonly linkedAt: Date }[]>;
  unlink(issuer: string, userId: UserId): Promise<boolean>;
}
