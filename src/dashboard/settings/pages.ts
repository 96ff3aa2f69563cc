import type { FunctionComponent } from 'preact';
import type { Account } from '../api/types.js';
import { isAdmin } from '../organisation/is-admin.js';
import { lazy } from '../parts/lazy.js';
import { AccountPage } from './account-page.js';
import { SecurityPage } from './security-page.js';
import { SignInRulesPage } from './sign-in-rules-page.js';
import { ApiKeysPage } from './api-keys/api-keys-page.js';

export interface SettingsPageProps {
  readonly account: Account;
}

export interface SettingsPage {
  /** As in the address: `/settings/<id>`. */
  readonly id: string;
  readonly name: string;
  readonly group: 'You' | 'Organisation' | 'Installation';
  /** Who is shown the page; the API decides for itself who may do what. */
  readonly visible: (account: Account) => boolean;
  readonly Page: FunctionComponent<SettingsPageProps>;
}

const PeoplePage = lazy<SettingsPageProps>(
  'people',
  async () => (await import('../organisation/people-page.js')).PeoplePage,
);
const AuditPage = lazy<SettingsPageProps>(
  'audit',
  async () => (await import('../organisation/audit-page.js')).AuditPage,
);
const PlanPage = lazy<SettingsPageProps>('plan', async () => (await import('../organisation/plan-page.js')).PlanPage);
const SupportPage = lazy<SettingsPageProps>(
  'support',
  async () => (await import('../support/support-page.js')).SupportPage,
);
const PlatformPage = lazy<SettingsPageProps>(
  'platform',
  async () => (await import('../platform/platform-page.js')).PlatformPage,
);
const PrivacyPage = lazy<SettingsPageProps>(
  'privacy',
  async () => (await import('../privacy/privacy-page.js')).PrivacyPage,
);

const DetectionPage = lazy<SettingsPageProps>(
  'detection',
  async () => (await import('../detection/detection-page.js')).DetectionPage,
);

const LanguageModelPage = lazy<SettingsPageProps>(
  'language-model',
  async () => (await import('../language-model/language-model-page.js')).LanguageModelPage,
);

/** Every page of the settings, in the order of the list. */
export const SETTINGS_PAGES: readonly SettingsPage[] = [
  { id: 'account', name: 'Account', group: 'You', visible: () => true, Page: AccountPage },
  { id: 'security', name: 'Sign-in and security', group: 'You', visible: () => true, Page: SecurityPage },
  { id: 'api-keys', name: 'API keys', group: 'You', visible: () => true, Page: ApiKeysPage },
  { id: 'privacy', name: 'Privacy', group: 'You', visible: () => true, Page: PrivacyPage },
  { id: 'people', name: 'People', group: 'Organisation', visible: isAdmin, Page: PeoplePage },
  { id: 'detection', name: 'Detection', group: 'Organisation', visible: () => true, Page: DetectionPage },
  {
    ...{ id: 'language-model', name: 'Language model', group: 'Organisation', Page: LanguageModelPage },
    visible: ({ tenant }) => tenant.role !== 'org_member',
  },
  {
    id: 'sign-in-rules',
    name: 'Sign-in rules',
    group: 'Organisation',
    visible: ({ tenant }) => tenant.role === 'org_owner',
    Page: SignInRulesPage,
  },
  { id: 'plan', name: 'Plan and usage', group: 'Organisation', visible: () => true, Page: PlanPage },
  {
    ...{ id: 'support', name: 'Support access', group: 'Organisation', Page: SupportPage },
    visible: ({ tenant }) => tenant.role !== 'org_member',
  },
  { id: 'audit', name: 'Audit', group: 'Organisation', visible: () => true, Page: AuditPage },
  {
    id: 'platform',
    name: 'Platform',
    group: 'Installation',
    visible: (account) => account.super_admin,
    Page: PlatformPage,
  },
];
