import { Router } from 'express';
import type { Parts } from '../services/context.js';
import { checkReady } from '../services/operations/check-ready.js';

export interface HealthSource {
  readonly parts: Parts;
  /** True once the process has been told to stop: it finishes what it has and wants nothing new. */
  readonly draining: () => boolean;
}

/** `/healthz`: the process lives. `/readyz`: it can serve, so that a balancer sends it requests. */
export function healthRoutes({ parts, draining }: HealthSource): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    response.set('Cache-Control', 'no-store');
    if (draining()) {
      response.status(503).json({ status: 'draining' });
      return;
    }
    if (await checkReady({ ctx: { parts } })) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'database unavailable' });
  });
  return router;
}
