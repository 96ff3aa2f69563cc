import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import { PosternError } from '../errors.js';
import type { Parts } from '../services/context.js';
import { dashboardFiles } from './dashboard-files.js';
import { docsPage } from './description/docs-page.js';
import { healthRoutes } from './health.js';
import { mountRoutes } from './mount.js';
import { describeApi } from './description/openapi.js';
import { sendProblem } from './problem-details.js';
import { RefreshCookie } from './refresh-cookie.js';
import { renderingRoutes } from './rendering.js';
import { limitPages } from './request/limits.js';
import { nameRequest, requestIdOf } from './request/request-id.js';
import { logRequests } from './request/request-log.js';
import { allRoutes } from './routes.js';
import { scim } from './scim/scim.js';
import { permissionsPolicy, securityHeaders } from './security-headers.js';
import { TripCookie } from './trip-cookie.js';
import { webhooks } from './webhooks.js';
import { UploadBudget } from './request/upload-budget.js';

export interface AppOptions {
  readonly parts: Parts;
  /** Where people reach postern, e.g. https://mail.example. */
  readonly publicUrl: string;
  /** As express's `trust proxy`; empty: the socket's address is the client's. */
  readonly trustedProxies: readonly string[];
  /** Bytes of the largest message. */
  readonly uploadLimit: number;
  /** The folder of the built dashboard. */
  readonly dashboard: string;
  readonly version: string;
  readonly draining: () => boolean;
  /** Checks each answer against its schema; for tests. */
  readonly verifyAnswers?: boolean;
}

/** Uploads in flight hold this many times the limit together. */
const UPLOADS_AT_ONCE = 8;

/** The HTTP application: API, documentation, renderings, dashboard. Holds no rules of the product. */
export function createApp(options: AppOptions): Express {
  const { parts, uploadLimit } = options;
  const secure = options.publicUrl.startsWith('https:');
  const upload = { limit: uploadLimit, budget: new UploadBudget(uploadLimit * UPLOADS_AT_ONCE) };
  const routes = allRoutes({ cookie: new RefreshCookie(secure), trip: new TripCookie(secure), upload });
  const description = describeApi(routes, options.version);

  const limitPage = limitPages(parts);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', options.trustedProxies.length === 0 ? false : [...options.trustedProxies]);
  // `label[]=`, `a[b]=` and the like are no part of this API.
  app.set('query parser', 'simple');
  app.use(nameRequest, logRequests(parts.log), securityHeaders(secure), permissionsPolicy);
  app.use(healthRoutes({ parts, draining: options.draining }));

  const api = express.Router();
  api.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  api.get('/openapi.json', limitPage, (_request, response) => {
    response.json(description);
  });
  mountRoutes(api, routes, { parts, upload, limitPage, verifyAnswers: options.verifyAnswers === true });
  app.use('/api/v1', api);
  app.use('/api', limitPage, notFound);

  app.use('/scim/v2', scim(parts));
  app.use(webhooks(parts));
  app.use(renderingRoutes(parts));
  app.use(limitPage);
  app.use(docsPage(description));
  app.use(dashboardFiles(options.dashboard));
  app.use(notFound);
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    sendProblem(response, error, parts.log, requestIdOf(response));
  });
  return app;
}

function notFound(): never {
  throw new PosternError('request.not-found', 'There is nothing at this address.');
}
