import type { FunctionComponent } from 'preact';
import type { Account } from '../api/types.js';
import { isAdmin } from '../organisation/is-admin.js';
import { lazily } from '../parts/lazily.js';
import { AccountPage } from './account-page.js';

const PeoplePage = lazily<SettingsPageProps>(async () => (await import('../organisation/people-page.js')).PeoplePage);

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
const AuditPage = lazily<SettingsPageProps>(async () => (await import('../organisation/audit-page.js')).AuditPage);
const PlanPage = lazily<SettingsPageProps>(async () => (await import('../organisation/plan-page.js')).PlanPage);
const PlatformPage = lazily<SettingsPageProps>(async () => (await import('../platform/platform-page.js')).PlatformPage);
const PrivacyPage = lazily<SettingsPageProps>(async () => (await import('../privacy/privacy-page.js')).PrivacyPage);

/** Every page of the settings, in the order of the list. */
export const SETTINGS_PAGES: readonly SettingsPage[] = [
  { id: 'account', name: 'Account', group: 'You', visible: () => true, Page: AccountPage },
  { id: 'privacy', name: 'Privacy', group: 'You', visible: () => true, Page: PrivacyPage },
  { id: 'people', name: 'People', group: 'Organisation', visible: isAdmin, Page: PeoplePage },
  { id: 'plan', name: 'Plan and usage', group: 'Organisation', visible: () => true, Page: PlanPage },
  { id: 'audit', name: 'Audit', group: 'Organisation', visible: () => true, Page: AuditPage },
  {
    id: 'platform',
    name: 'Platform',
    group: 'Installation',
    visible: (account) => account.super_admin,
    Page: PlatformPage,
  },
];
