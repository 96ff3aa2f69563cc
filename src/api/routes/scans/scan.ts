import { z } from 'zod';
import { composeMessage } from '../../../mail/compose.js';
import { createScanText } from '../../../services/scans/submission/create-scan.js';
import type { ScanInput } from '../../../services/scans/submission/create-scan.js';
import type { StoredScan } from '../../../services/scans/stored-scan.js';
import { startScan } from '../../../services/scans/submission/start-scan.js';
import { goneSignal } from '../../event-stream.js';
import { idempotencyOf } from '../../request/idempotency-key.js';
import { prefersAsync } from '../../request/prefer.js';
import { tellLimits } from '../../request/rate-headers.js';
import { answer, JsonText, route } from '../../route.js';
import type { Route, RouteRequest } from '../../route.js';
import { PendingScan, ScanFields, ScanQuery } from '../../schemas/scans/scan.js';
import { ScanResult } from '../../schemas/scans/scan-report.js';
import { readUpload } from '../../request/upload.js';
import type { HeldBytes, UploadSetting } from '../../request/upload-budget.js';

const responses = {
  200: { description: 'The verdict.', schema: ScanResult },
  202: {
    description:
      'With `Prefer: respond-async`: accepted. `Location` will have the result, `events` tells the progress.',
    schema: PendingScan,
  },
} as const;
const errors = [
  'message.empty',
  'message.not-a-message',
  'message.too-large',
  'scan.queue-full',
  'request.rate-limited',
  'quota.exceeded',
  'request.idempotency-mismatch',
] as const;
const headers = z.object({
  'Idempotency-Key': z
    .string()
    .optional()
    .describe(
      'Any text of up to 200 characters. The same request with the same key within 24 hours gives the same scan.',
    ),
  Prefer: z.string().optional().describe('`respond-async`: answer at once and tell the progress as events.'),
});

/** The ways to hand over a message. */
export function scanRoutes(upload: UploadSetting): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/scan/upload',
      name: 'uploadScan',
      tag: 'Scans',
      summary: 'Scan a message from a file',
      description:
        'The file is the message as it travelled (`.eml`). It is read as it arrives and refused as soon as it is too large.',
      access: 'bearer',
      scope: 'scan:write',
      headers,
      query: ScanQuery,
      streamed: {
        type: 'multipart/form-data',
        schema: z.object({ file: z.unknown().meta({ type: 'string', format: 'binary' }) }),
      },
      responses,
      errors: [...errors, 'request.invalid', 'request.too-large', 'request.unsupported-media-type'],
      async handle({ ctx, query, raw, response }) {
        const held = upload.budget.open(ctx.identity.tenantId);
        try {
          const bytes = await readUpload(raw, upload.limit, held);
          return await scan(
            { ctx, raw, response },
            { raw: bytes, source: 'upload', llm: query.llm, ...idempotencyOf(raw, asked(bytes, query.llm)) },
            held,
          );
        } catch (error) {
          held.release();
          throw error;
        }
      },
    }),

    route({
      method: 'post',
      path: '/scan',
      name: 'scanFields',
      tag: 'Scans',
      summary: 'Scan a message given field by field',
      access: 'bearer',
      scope: 'scan:write',
      headers,
      query: ScanQuery,
      body: ScanFields,
      bodyLimit: 'upload',
      responses,
      errors: [...errors],
      async handle({ ctx, query, body, raw, response }) {
        const bytes = composeMessage({
          fromAddress: body.from_address,
          fromDisplayName: body.from_display_name,
          subject: body.subject,
          bodyText: body.body_text,
          bodyHtml: body.body_html,
          headers: Object.entries(body.headers).flatMap(([name, values]) =>
            [values].flat().map((value) => ({ name, value })),
          ),
        });
        const held = upload.budget.open(ctx.identity.tenantId);
        held.take(bytes.byteLength);
        return await scan(
          { ctx, raw, response },
          {
            raw: bytes,
            source: 'json',
            llm: query.llm,
            ...idempotencyOf(raw, asked(Buffer.from(JSON.stringify(body)), query.llm)),
          },
          held,
        );
      },
    }),
  ];
}

/** What a repeated request must ask again: the same message, with the same wish for a language model. */
function asked(message: Uint8Array, llm: boolean | undefined): Uint8Array {
  return llm === undefined ? message : Buffer.concat([message, Buffer.from(`\nllm=${llm}`)]);
}

/** Waits for the verdict, or answers at once where that is preferred. The held bytes are given back when the scan is over. */
async function scan(
  { ctx, raw, response }: Pick<RouteRequest<'bearer', undefined, undefined, undefined>, 'ctx' | 'raw' | 'response'>,
  wanted: ScanInput,
  held: HeldBytes,
) {
  const input: ScanInput = { ...wanted, onLimits: (states) => tellLimits(response, states) };
  // Of a sandbox key nothing is kept that could be fetched later.
  if (!prefersAsync(raw) || ctx.identity.apiKey?.sandbox === true) {
    try {
      // Nobody waits for the verdict any more: the place in the queue is for somebody else.
      const { id, text } = await createScanText({ ctx, input: { ...input, signal: goneSignal(response) } });
      return answer(200, new JsonText<StoredScan>(text), { 'Content-Location': `/api/v1/scan/${id}` });
    } finally {
      held.release();
    }
  }
  const { id } = await startScan({ ctx, input, onEnd: () => held.release() });
  const location = `/api/v1/scan/${id}`;
  return answer(202, { id, status: 'queued', events: `${location}/events` } as const, {
    Location: location,
    'Preference-Applied': 'respond-async',
  });
}
