import { randomUUID } from 'node:crypto';

/** A mail by which somebody reports messages, as attachments. */
export function reportOf(
  attached: readonly Uint8Array[],
  options: { readonly from?: string; readonly id?: string; readonly headers?: readonly string[] } = {},
): Buffer {
  const { from = 'Ann Reporter <ann@corp.example>', id = randomUUID(), headers = [] } = options;
  const parts = attached.map(
    (raw) => `--b\r\nContent-Type: message/rfc822\r\n\r\n${Buffer.from(raw).toString('latin1')}`,
  );
  return Buffer.from(
    [
      ...[`From: ${from}`, 'To: abuse@corp.example', 'Subject: Fwd: strange mail', `Message-ID: <${id}@corp.example>`],
      ...headers,
      ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="b"', ''],
      '--b\r\nContent-Type: text/plain\r\n\r\nIs this real?',
      ...parts,
      '--b--\r\n',
    ].join('\r\n'),
    'latin1',
  );
}

/** The same, forwarded inline. */
export function inlineReport(from: string, subject: string, body: string): Buffer {
  return Buffer.from(
    [
      ...[
        `From: ${from}`,
        'To: abuse@corp.example',
        `Subject: Fwd: ${subject}`,
        `Message-ID: <${randomUUID()}@corp.example>`,
      ],
      ...['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', '---------- Forwarded message ---------'],
      ...['From: PayPal Security <security@paypa1-account.example>', 'Date: Thu, Nov 26, 2026 at 4:14 PM'],
      ...[`Subject: ${subject}`, 'To: <ann@corp.example>', '', body, ''],
    ].join('\r\n'),
  );
}
