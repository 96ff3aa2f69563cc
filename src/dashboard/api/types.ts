import type { Message } from '../../api/generated/types.js';

export type {
  AccessToken,
  Account,
  AccountSecurity,
  Authentication,
  EvidencePlace,
  Finding,
  IdentityList,
  Label,
  Layer,
  LayerReport,
  Mailbox,
  Message,
  MfaChallenge,
  Overview,
  Passkey,
  PasskeyList,
  PendingScan,
  Problem,
  RecoveryCodes,
  ScanPage,
  ScanResult,
  ScanSummary,
  Session,
  SessionList,
  SetupFields,
  SignedIn,
  SignInOptions,
  SignInRules,
  TotpOffer,
} from '../../api/generated/types.js';

// The parts of it that have no name in the API.
export type Hop = Message['received'][number];
export type MessageLink = Message['links'][number];
export type MessageAttachment = Message['attachments'][number];
