import { accountRoutes } from './routes/account.js';
import { CONTENT_ROUTES } from './routes/content.js';
import { MAILBOX_CONSENT_ROUTES } from './routes/mailbox-consents.js';
import { MAILBOX_SCAN_ROUTES } from './routes/mailbox-scans.js';
import { MAILBOX_ROUTES } from './routes/mailboxes.js';
import { scanRoutes } from './routes/scan.js';
import { SCANS_ROUTES } from './routes/scans.js';
import { describeApi } from './description/openapi.js';
import { RefreshCookie } from './refresh-cookie.js';
import type { Route } from './route.js';
import { UploadBudget } from './request/upload-budget.js';
import type { UploadSetting } from './request/upload-budget.js';

/** Every operation of the API. */
export function allRoutes(setting: {
  readonly cookie: RefreshCookie;
  readonly upload: UploadSetting;
}): readonly Route[] {
  return [
    ...accountRoutes(setting.cookie),
    ...scanRoutes(setting.upload),
    ...MAILBOX_SCAN_ROUTES,
    ...SCANS_ROUTES,
    ...CONTENT_ROUTES,
    ...MAILBOX_ROUTES,
    ...MAILBOX_CONSENT_ROUTES,
  ];
}

/**
 * The document of all routes without an application around them, for generated documentation.
 * @public scripts/docs.mjs
 */
export function describeAllRoutes(version: string): ReturnType<typeof describeApi> {
  const setting = { cookie: new RefreshCookie(false), upload: { limit: 0, budget: new UploadBudget(0) } };
  return describeApi(allRoutes(setting), version);
}
