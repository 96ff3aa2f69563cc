import type { Message } from '../../api/generated/types.js';

export type {
  AccessToken,
  Account,
  Authentication,
  BrowsePage,
  ConnectedMailbox,
  ConsentRequest,
  ConsentStart,
  DisconnectedMailbox,
  EvidencePlace,
  Finding,
  ImapConnection,
  ImapReconnection,
  Label,
  Layer,
  LayerReport,
  Mailbox,
  MailboxDetail,
  MailboxScanResults,
  MailboxProviders,
  Message,
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
