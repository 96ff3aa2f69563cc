import { accountRoutes } from './routes/account.js';
import { CONTENT_ROUTES } from './routes/content.js';
import { scanRoutes } from './routes/scan.js';
import type { UploadSetting } from './routes/scan.js';
import { SCANS_ROUTES } from './routes/scans.js';
import type { RefreshCookie } from './refresh-cookie.js';
import type { Route } from './route.js';

/** Every operation of the API. */
export function allRoutes(setting: {
  readonly cookie: RefreshCookie;
  readonly upload: UploadSetting;
}): readonly Route[] {
  return [...accountRoutes(setting.cookie), ...scanRoutes(setting.upload), ...SCANS_ROUTES, ...CONTENT_ROUTES];
}
