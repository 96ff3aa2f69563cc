import { Router } from 'express';
import type { Parts } from '../services/context.js';
import { checkReady } from '../services/operations/check-ready.js';

export interface HealthSource {
  readonly parts: Parts;
  /** True once the process has been told to stop: it finishes what it has and wants nothing new. */
  readonly draining: () => boolean;
}

const KNOWN_FOR_MS = 1000;

/**
 * `/healthz`: the process lives. `/readyz`: it can serve, so that a balancer sends it requests. Neither is limited, since nobody could
 * tell a balancer from a stranger behind it; the database is asked once a second at most, however many ask here.
 */
export function healthRoutes({ parts, draining }: HealthSource): Router {
  const router = Router();
  let asked: { readonly at: number; readonly ready: Promise<boolean> } | null = null;
  const isReady = (): Promise<boolean> => {
    const at = performance.now();
    if (asked === null || at - asked.at >= KNOWN_FOR_MS) asked = { at, ready: checkReady({ ctx: { parts } }) };
    return asked.ready;
  };
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    response.set('Cache-Control', 'no-store');
    if (draining()) {
      response.status(503).json({ status: 'draining' });
      return;
    }
    if (await isReady()) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'database unavailable' });
  });
  return router;
}
