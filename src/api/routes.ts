import { accountRoutes } from './routes/accounts/account.js';
import { API_KEY_ROUTES } from './routes/organisations/api-keys.js';
import { AUDIT_ROUTES } from './routes/governance/audit.js';
import { CONTENT_ROUTES } from './routes/scans/content.js';
import { DETECTION_ROUTES } from './routes/detection/detection.js';
import { FEEDBACK_ROUTES } from './routes/scans/feedback.js';
import { DIRECTORY_ROUTES } from './routes/mailboxes/directories.js';
import { INSIGHTS_ROUTES } from './routes/scans/insights.js';
import { LLM_ROUTES } from './routes/detection/llm.js';
import { ORGANISATION_ROUTES } from './routes/organisations/organisation.js';
import { PLAN_ROUTES } from './routes/organisations/plan.js';
import { PLATFORM_ROUTES } from './routes/organisations/platform.js';
import { PRIVACY_ROUTES } from './routes/governance/privacy.js';
import { MAILBOX_CONSENT_ROUTES } from './routes/mailboxes/mailbox-consents.js';
import { MAILBOX_SCAN_ROUTES } from './routes/mailboxes/mailbox-scans.js';
import { MAILBOX_ROUTES } from './routes/mailboxes/mailboxes.js';
import { REPORT_ROUTES } from './routes/mailboxes/reports.js';
import { scanRoutes } from './routes/scans/scan.js';
import { SCANS_ROUTES } from './routes/scans/scans.js';
import { OWN_ACCOUNT_ROUTES } from './routes/accounts/own-account.js';
import { SECOND_FACTOR_ROUTES } from './routes/accounts/second-factors.js';
import { SIGN_IN_RULES_ROUTES } from './routes/organisations/sign-in-rules.js';
import { SUPPORT_ROUTES } from './routes/governance/support.js';
import { identityProviderRoutes } from './routes/accounts/identity-providers.js';
import { organisationSignInRoutes } from './routes/organisations/organisation-sign-in.js';
import { PROVISIONING_ROUTES } from './routes/organisations/provisioning.js';
import { SINGLE_SIGN_ON_ROUTES } from './routes/organisations/single-sign-on.js';
import { signInRoutes } from './routes/accounts/sign-in.js';
import { SIGN_UP_ROUTES } from './routes/accounts/sign-up.js';
import { describeApi } from './description/openapi.js';
import { RefreshCookie } from './refresh-cookie.js';
import type { Route } from './route.js';
import { TripCookie } from './trip-cookie.js';
import { UploadBudget } from './request/upload-budget.js';
import type { UploadSetting } from './request/upload-budget.js';

/** Every operation of the API. */
export function allRoutes(setting: {
  readonly cookie: RefreshCookie;
  readonly trip: TripCookie;
  readonly upload: UploadSetting;
}): readonly Route[] {
  return [
    ...accountRoutes(setting.cookie),
    ...signInRoutes(setting.cookie),
    ...identityProviderRoutes(setting.cookie, setting.trip),
    ...organisationSignInRoutes(setting.cookie, setting.trip),
    ...SIGN_UP_ROUTES,
    ...OWN_ACCOUNT_ROUTES,
    ...SECOND_FACTOR_ROUTES,
    ...SIGN_IN_RULES_ROUTES,
    ...scanRoutes(setting.upload),
    ...MAILBOX_SCAN_ROUTES,
    ...SCANS_ROUTES,
    ...FEEDBACK_ROUTES,
    ...CONTENT_ROUTES,
    ...MAILBOX_ROUTES,
    ...MAILBOX_CONSENT_ROUTES,
    ...DIRECTORY_ROUTES,
    ...REPORT_ROUTES,
    ...API_KEY_ROUTES,
    ...DETECTION_ROUTES,
    ...LLM_ROUTES,
    ...ORGANISATION_ROUTES,
    ...SINGLE_SIGN_ON_ROUTES,
    ...PROVISIONING_ROUTES,
    ...AUDIT_ROUTES,
    ...PLAN_ROUTES,
    ...PLATFORM_ROUTES,
    ...SUPPORT_ROUTES,
    ...PRIVACY_ROUTES,
    ...INSIGHTS_ROUTES,
  ];
}

/**
 * The document of all routes without an application around them, for generated documentation.
 * @public scripts/docs.mjs
 */
export function describeAllRoutes(version: string): ReturnType<typeof describeApi> {
  const setting = {
    cookie: new RefreshCookie(false),
    trip: new TripCookie(false),
    upload: { limit: 0, budget: new UploadBudget(0) },
  };
  return describeApi(allRoutes(setting), version);
}
