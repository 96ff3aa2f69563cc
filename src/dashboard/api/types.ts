import type { Message } from '../../api/generated/types.js';

export type {
  AccessToken,
  Account,
  ApiKey,
  ApiKeyList,
  Authentication,
  CatalogueFinding,
  CreatedApiKey,
  DetectionChange,
  DetectionPreview,
  DetectionProfile,
  DetectionSettings,
  DetectionVersion,
  EvidencePlace,
  Finding,
  FindingCatalogue,
  KnownBrand,
  KnownBrands,
  Label,
  Layer,
  LayerReport,
  ListedSender,
  Mailbox,
  Message,
  Overview,
  PendingScan,
  PreviewedScan,
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
