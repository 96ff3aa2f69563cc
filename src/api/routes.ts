import { accountRoutes } from './routes/account.js';
import { AUDIT_ROUTES } from './routes/audit.js';
import { CONTENT_ROUTES } from './routes/content.js';
import { INSIGHTS_ROUTES } from './routes/insights.js';
import { ORGANISATION_ROUTES } from './routes/organisation.js';
import { PLAN_ROUTES } from './routes/plan.js';
import { PLATFORM_ROUTES } from './routes/platform.js';
import { PRIVACY_ROUTES } from './routes/privacy.js';
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
    ...SCANS_ROUTES,
    ...CONTENT_ROUTES,
    ...ORGANISATION_ROUTES,
    ...AUDIT_ROUTES,
    ...PLAN_ROUTES,
    ...PLATFORM_ROUTES,
    ...PRIVACY_ROUTES,
    ...INSIGHTS_ROUTES,
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
