import { Router } from 'express';
import { RENDERING_POLICY } from '../mail/render/page.js';
import type { Parts } from '../services/context.js';
import { renderForTicket } from '../services/scans/content/rendering.js';
import { limitAddress } from '../services/limits/limit-request.js';
import { clientOf } from './request/client.js';
import { enforceLimits } from './request/limits.js';

/** `/render/<ticket>`: somebody's mail, inert, for a sandboxed frame. Knows no cookie and no token but the ticket. */
export function renderingRoutes(parts: Parts): Router {
  const router = Router();
  router.get('/render/:ticket', async (request, response) => {
    const ctx = { parts, client: clientOf(request) };
    enforceLimits(response, await limitAddress(ctx));
    const html = await renderForTicket({ ctx, input: { ticket: request.params.ticket } });
    // The frame has no origin to key by; Chromium warns where it is asked to.
    response.removeHeader('Origin-Agent-Cluster');
    response
      .set({
        'Content-Security-Policy': RENDERING_POLICY,
        'Cache-Control': 'no-store',
        // The ticket stands in the address: nothing may pass it on.
        'Referrer-Policy': 'no-referrer',
        'X-Robots-Tag': 'noindex',
      })
      .type('html')
      .send(html);
  });
  return router;
}
