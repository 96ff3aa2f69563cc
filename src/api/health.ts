import { Router } from 'express';
import type { Store } from '../store/store.js';

export interface HealthSource {
  readonly store: Store;
  /** True once the process has been told to stop: it finishes what it has and wants nothing new. */
  readonly draining: () => boolean;
}

/** `/healthz`: the process lives. `/readyz`: it can serve, so that a balancer sends it requests. */
export function healthRoutes({ store, draining }: HealthSource): Router {
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
    try {
      await store.withSystem('health', (db) => db.ping());
      response.json({ status: 'ready' });
    } catch {
      response.status(503).json({ status: 'database unavailable' });
    }
  });
  return router;
}
