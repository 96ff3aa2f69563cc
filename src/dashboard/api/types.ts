import type { Message } from '../../api/generated/types.js';

export type {
  AccessToken,
  Account,
  AuditEntry,
  ConsentKind,
  Coupons,
  Exports,
  Insights,
  Privacy,
  NewCoupon,
  NewOrganisation,
  Plan,
  PlatformPeople,
  Tenants,
  TierName,
  AuditPage,
  AuditProof,
  Authentication,
  EvidencePlace,
  Finding,
  Label,
  Layer,
  LayerReport,
  Mailbox,
  Message,
  NewInvitation,
  OpenInvitation,
  People,
  Overview,
  PendingScan,
  Problem,
  ScanPage,
  ScanResult,
  ScanSummary,
  SetupFields,
  SignedIn,
} from '../../api/generated/types.js';

// The parts of it that have no name in the API.
export type Hop = Message['received'][number];
export type MessageLink = Message['links'][number];
export type MessageAttachment = Message['attachments'][number];
