import { deleteScan } from '../../../services/scans/delete-scan.js';
import { findRunning, followScan } from '../../../services/scans/submission/follow-scan.js';
import { getScan } from '../../../services/scans/get-scan.js';
import { listScans } from '../../../services/scans/list-scans.js';
import { getOverview } from '../../../services/scans/overview.js';
import { rescan } from '../../../services/scans/rescan.js';
import { goneSignal, streamEvents } from '../../event-stream.js';
import { toProblem } from '../../problem-details.js';
import { requestIdOf } from '../../request/request-id.js';
import { answer, route } from '../../route.js';
import {
  HistoryQuery,
  Overview,
  OverviewQuery,
  PendingScan,
  RescanQuery,
  ScanId,
  ScanPage,
} from '../../schemas/scans/scan.js';
import { ScanResult } from '../../schemas/scans/scan-report.js';

export const SCANS_ROUTES = [
  // Before `/scan/{id}`: the first route that fits answers.
  route({
    method: 'get',
    path: '/scan/history',
    name: 'listScans',
    tag: 'Scans',
    summary: 'Past scans, newest first',
    description: 'Your own; administrators see those of the whole organisation.',
    access: 'bearer',
    scope: 'scan:read',
    query: HistoryQuery,
    responses: { 200: { description: 'One page.', schema: ScanPage } },
    errors: ['request.cursor-invalid'],
    async handle({ ctx, query }) {
      const { cursor = null, limit, label, since, until, sender, subject, mailbox } = query;
      const filter = {
        ...(label === undefined ? {} : { labels: label }),
        ...(since === undefined ? {} : { since: new Date(since) }),
        ...(until === undefined ? {} : { until: new Date(until) }),
        ...(sender === undefined ? {} : { sender }),
        ...(subject === undefined ? {} : { subject }),
        ...(mailbox === undefined ? {} : { mailboxId: mailbox }),
      };
      const indicators = { url: query.url, domain: query.domain, sha256: query.sha256 };
      return answer(200, await listScans({ ctx, input: { filter, indicators, limit, cursor } }));
    },
  }),

  route({
    method: 'get',
    path: '/scan/{id}',
    name: 'getScan',
    tag: 'Scans',
    summary: 'A scan with its verdict',
    access: 'bearer',
    scope: 'scan:read',
    params: ScanId,
    responses: {
      200: { description: 'The verdict.', schema: ScanResult },
      202: { description: 'It still runs.', schema: PendingScan },
    },
    errors: ['scan.not-found'],
    async handle({ ctx, params }) {
      const running = findRunning({ ctx, input: params });
      if (running?.outcome?.event === 'problem') throw running.outcome.data;
      if (running === null || running.outcome !== null) {
        return answer(200, await getScan({ ctx, input: params }));
      }
      const { id } = params;
      const status = running.started ? 'scanning' : 'queued';
      return answer(202, { id, status, events: `/api/v1/scan/${id}/events` } as const, { 'Retry-After': '1' });
    },
  }),

  route({
    method: 'delete',
    path: '/scan/{id}',
    name: 'deleteScan',
    tag: 'Scans',
    summary: 'Delete a scan with everything of it',
    access: 'bearer',
    scope: 'scan:delete',
    params: ScanId,
    responses: { 204: { description: 'It is gone.' } },
    errors: ['scan.not-found'],
    async handle({ ctx, params }) {
      await deleteScan({ ctx, input: params });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/scan/{id}/rescan',
    name: 'rescan',
    tag: 'Scans',
    summary: 'Judge a stored message again',
    description: "With today's detection, from the sealed message. What cannot be run again is reported as `reused`.",
    access: 'bearer',
    scope: 'scan:write',
    params: ScanId,
    query: RescanQuery,
    responses: { 200: { description: 'The new verdict.', schema: ScanResult } },
    errors: ['scan.not-found', 'scan.content-gone', 'scan.queue-full', 'request.rate-limited', 'auth.forbidden'],
    async handle({ ctx, params, query }) {
      return answer(200, await rescan({ ctx, input: { id: params.id, ...query } }));
    },
  }),

  route({
    method: 'get',
    path: '/scan/{id}/events',
    name: 'followScan',
    tag: 'Scans',
    summary: 'Follow a scan as server-sent events',
    description:
      '`queued`, then `layer` with a LayerReport for each layer that has finished, then `result` with the ScanResult or `problem` with ' +
      'the Problem. Whoever comes late gets everything from the beginning; for a scan that is done, just its `result`.',
    access: 'bearer',
    scope: 'scan:read',
    params: ScanId,
    responses: { 200: { description: 'The events.', type: 'text/event-stream' } },
    errors: ['scan.not-found'],
    async handle({ ctx, params, response }) {
      const events = await followScan({ ctx, input: { id: params.id, signal: goneSignal(response) } });
      const requestId = requestIdOf(response);
      await streamEvents(
        response,
        (async function* () {
          for await (const event of events) {
            yield event.event === 'problem' ? { event: 'problem', data: toProblem(event.data, requestId) } : event;
          }
        })(),
      );
      return null;
    },
  }),

  route({
    method: 'get',
    path: '/overview',
    name: 'getOverview',
    tag: 'Overview',
    summary: 'The last days at a glance',
    access: 'bearer',
    scope: 'scan:read',
    query: OverviewQuery,
    responses: { 200: { description: 'Verdicts by day and label.', schema: Overview } },
    async handle({ ctx, query }) {
      return answer(200, await getOverview({ ctx, input: query }));
    },
  }),
] as const;
