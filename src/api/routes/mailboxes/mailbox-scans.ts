import { scanBatchFromMailbox, scanFromMailbox } from '../../../services/mailboxes/scan-from-mailbox.js';
import { goneSignal } from '../../event-stream.js';
import { answer, route } from '../../route.js';
import { MailboxScan, MailboxScanBatch, MailboxScanResults } from '../../schemas/mailboxes/mailbox.js';
import { ScanResult } from '../../schemas/scans/scan-report.js';

const errors = [
  'mailbox.not-found',
  'mailbox.not-connected',
  'mailbox.login-refused',
  'mailbox.unreachable',
  'scan.queue-full',
] as const;

/** Messages that are handed over by naming them. Before `/scan/{id}`: the first route that fits answers. */
export const MAILBOX_SCAN_ROUTES = [
  route({
    method: 'post',
    path: '/scan/mailbox',
    name: 'scanFromMailbox',
    tag: 'Scans',
    summary: 'Scan a message of a connected mailbox',
    description:
      'One that was scanned already keeps its verdict; rescan it to have it judged again. An API key needs `scan:write` besides.',
    access: 'bearer',
    scope: 'mailbox:browse',
    body: MailboxScan,
    responses: { 200: { description: 'The verdict.', schema: ScanResult } },
    errors: [...errors, 'mailbox.message-not-found', 'message.empty', 'message.not-a-message', 'message.too-large'],
    async handle({ ctx, body, response }) {
      const { mailbox_id: mailboxId, message_id: messageId } = body;
      const scan = await scanFromMailbox({ ctx, input: { mailboxId, messageId, signal: goneSignal(response) } });
      return answer(200, scan, { 'Content-Location': `/api/v1/scan/${scan.id}` });
    },
  }),

  route({
    method: 'post',
    path: '/scan/mailbox/batch',
    name: 'scanBatchFromMailbox',
    tag: 'Scans',
    summary: 'Scan up to 100 messages of a connected mailbox',
    description:
      'Each has its verdict or its problem; one that fails stops no other. An API key needs `scan:write` besides.',
    access: 'bearer',
    scope: 'mailbox:browse',
    body: MailboxScanBatch,
    bodyLimit: 'upload',
    responses: { 200: { description: 'The verdicts.', schema: MailboxScanResults } },
    errors: [...errors],
    async handle({ ctx, body, response }) {
      const { mailbox_id: mailboxId, message_ids: messageIds } = body;
      const input = { mailboxId, messageIds, signal: goneSignal(response) };
      return answer(200, { items: await scanBatchFromMailbox({ ctx, input }) });
    },
  }),
] as const;
