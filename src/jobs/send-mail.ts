import { z } from 'zod';
import type { Parts } from '../services/context.js';
import { sendMail } from '../services/mail/send-mail.js';
import type { Job } from './job.js';

const Payload = z.object({ mail_id: z.uuid() });

/** Queued by the transaction that the message tells of; tried again with growing pauses for three days. */
export function sendMailJob(parts: Pick<Parts, 'store' | 'log' | 'accounts'>): Job {
  return { name: 'send-mail', run: (payload) => sendMail(parts, Payload.parse(payload).mail_id) };
}
