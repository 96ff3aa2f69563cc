import { z } from 'zod';
import { EvidencePlace, Mailbox } from './scan-report.js';

/** The derived message for display. What it holds is somebody's mail: reading it is audited. */
export const MessageView = z
  .object({
    subject: z.string(),
    from: z.array(Mailbox),
    sender: z.array(Mailbox),
    reply_to: z.array(Mailbox),
    to: z.array(Mailbox),
    cc: z.array(Mailbox),
    mail_from: z.string().nullable().describe("The envelope's sender, from Return-Path."),
    date: z.string().nullable(),
    message_id: z.string().nullable(),
    size: z.int(),
    headers: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .describe('In order; evidence points at an index.'),
    received: z
      .array(
        z.object({
          from: z.string().nullable(),
          ip: z.string().nullable(),
          by: z.string().nullable(),
          date: z.string().nullable(),
        }),
      )
      .describe('The hops, newest first.'),
    text: z.string(),
    html: z.string().describe('The source of the HTML body. Never insert it into a page; use the rendering.'),
    visible: z.string().describe('What a reader sees; offsets of kind `visible` count in it.'),
    links: z.array(
      z.object({
        url: z.string().describe('As written.'),
        href: z.string().nullable().describe('Where it really goes, security wrappers taken off.'),
        host: z.string(),
        domain: z.string(),
        text: z.string(),
        origin: z.string(),
        wrappers: z.array(z.string()),
        at: EvidencePlace,
      }),
    ),
    attachments: z.array(
      z.object({
        filename: z.string().nullable(),
        declared_type: z.string(),
        detected_type: z.string().nullable(),
        size: z.int(),
        sha256: z.string(),
        inline: z.boolean(),
        examined: z.enum(['complete', 'partial', 'encrypted', 'unsupported', 'damaged']),
        entries: z
          .array(z.object({ name: z.string(), size: z.int(), encrypted: z.boolean(), depth: z.int() }))
          .describe('What an archive holds.'),
      }),
    ),
    parts: z.array(z.object({ type: z.string(), filename: z.string().nullable(), size: z.int(), depth: z.int() })),
    nested: z.array(z.object({ subject: z.string(), from: z.array(Mailbox), visible: z.string() })),
    defects: z.array(z.object({ kind: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Message' });
