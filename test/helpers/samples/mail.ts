/** An attached file as a sample message carries it. */
export interface SampleFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array | string;
  readonly inline?: boolean;
}

export interface SampleMail {
  readonly subject?: string;
  readonly text?: string;
  readonly to?: string;
  readonly files: readonly SampleFile[];
}

const BOUNDARY = 'sample-boundary';

/** An ordinary message with attachments, the same bytes each time. */
export function mailWith({ subject, text, to, files }: SampleMail): Buffer {
  const lines = [
    'Received: from mail.sender.example (mail.sender.example [192.0.2.10]) by mx.corp.example; Tue, 4 Mar 2025 09:12:07 +0000',
    'From: Alex Meyer <alex@sender.example>',
    `To: ${to ?? 'Sam Doe <sam@corp.example>'}`,
    `Subject: ${subject ?? 'Documents for our meeting'}`,
    'Date: Tue, 4 Mar 2025 09:12:04 +0000',
    'Message-ID: <20250304091204.sample@sender.example>',
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    '',
    `--${BOUNDARY}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text ?? ORDINARY,
    ...files.flatMap(partOf),
    `--${BOUNDARY}--`,
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'utf8');
}

const ORDINARY = [
  'Hello Sam,',
  '',
  'as we said on the telephone, here is what you asked for. I have gone through the figures once more with Kim, and we both think that',
  'the second table is easier to read in the new order. Tell me on Thursday whether that suits you; until then I am in the workshop.',
  '',
  'Best wishes',
  'Alex',
].join('\r\n');

function partOf({ name, type, bytes, inline }: SampleFile): string[] {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : Buffer.from(bytes);
  const ascii = /^[\x20-\x7e]*$/.test(name);
  const parameter = ascii ? `filename="${name}"` : `filename*=UTF-8''${encodeURIComponent(name)}`;
  return [
    `--${BOUNDARY}`,
    `Content-Type: ${type}`,
    `Content-Disposition: ${inline === true ? 'inline' : 'attachment'}; ${parameter}`,
    'Content-Transfer-Encoding: base64',
    '',
    ...(buffer.toString('base64').match(/.{1,76}/g) ?? []),
  ];
}
