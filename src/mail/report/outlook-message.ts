import type { CFB$Container } from 'cfb';
import { composeMessage } from '../compose.js';
import { parseAddresses } from '../mime/addresses.js';
import { DefectLog } from '../mime/defect-log.js';
import { unfold } from '../mime/header-fields.js';
import { readHeader } from '../parse.js';
import { attachFiles } from './attach-files.js';
import type { AttachedFile } from './attach-files.js';

/** Properties ([MS-OXPROPS]): the header as it came over the internet, and the words. */
const HEADER = '007D';
const SUBJECT = '0037';
const BODY = '1000';
const HTML = '1013';
const SENDER_NAME = '0C1A';
const SENDER_ADDRESS = '5D01';

/** Fields that tell how the body was packed, which is lost, and those that `composeMessage` writes. */
const NOT_KEPT = /^(?:mime-version|content-.*|from|subject|dkim-signature|arc-.*)$/;

/**
 * A message that Outlook saved (.msg, [MS-OXMSG]) as RFC 5322 bytes: the header it arrived with where Outlook kept it, and its words.
 * Signatures do not survive the format, so they are left out. Null where the file is no such message.
 */
export async function readOutlookMessage(bytes: Uint8Array): Promise<Uint8Array | null> {
  const cfb = await import('cfb');
  let container: CFB$Container;
  try {
    container = cfb.read(Buffer.from(bytes), { type: 'buffer' });
  } catch {
    return null;
  }
  const property = (id: string): string => textOf(container, id);
  const header = readHeader(Buffer.from(`${property(HEADER)}\r\n\r\n`, 'utf8'));
  const field = (name: string): string => unfold(header.find((entry) => entry.name === name)?.raw ?? '');
  const from = parseAddresses(field('from'), new DefectLog())[0];
  const text = property(BODY);
  const html = property(HTML);
  if (from === undefined && text === '' && html === '') return null;
  const address = from?.address ?? property(SENDER_ADDRESS);
  const message = composeMessage({
    fromAddress: /[<>,;"()\s]/.test(address) ? '' : address,
    fromDisplayName: oneLine(from?.name ?? property(SENDER_NAME)),
    subject: oneLine(property(SUBJECT)),
    ...{ bodyText: text, bodyHtml: html },
    headers: header
      .filter(({ name }) => /^[!-9;-~]{1,76}$/.test(name) && !NOT_KEPT.test(name))
      .map(({ name, raw }) => ({ name, value: oneLine(unfold(raw)) })),
  });
  return attachFiles(message, filesIn(container));
}

/** Data, long name and short name of an attachment. */
const ATTACHMENT = /^[^/]*\/(__attach_version1\.0_#[0-9A-F]{8})\/__substg1\.0_(3701|3707|3704)(0102|001[EF])$/i;

function filesIn(container: CFB$Container): readonly AttachedFile[] {
  const found = new Map<string, { filename: string | null; content: Buffer | null }>();
  container.FullPaths.forEach((path, index) => {
    const [, storage, property, type] = ATTACHMENT.exec(path) ?? [];
    if (storage === undefined) return;
    const file = found.get(storage) ?? { filename: null, content: null };
    const content = Buffer.from((container.FileIndex[index]?.content ?? []) as Uint8Array);
    if (property === '3701') file.content = content;
    else if (property === '3707' || file.filename === null) file.filename = decode(content, type);
    found.set(storage, file);
  });
  return [...found.values()].flatMap(({ filename, content }) =>
    content === null || content.length === 0
      ? []
      : [{ filename, content, type: 'application/octet-stream', contentId: null, disposition: 'attachment' as const }],
  );
}

function textOf(container: CFB$Container, id: string): string {
  // The message's own stream stands in the root; those of attachments and recipients in folders of theirs.
  const stream = new RegExp(`^[^/]*/__substg1\\.0_${id}(001[EF]|0102)$`, 'i');
  const index = container.FullPaths.findIndex((path) => stream.test(path));
  if (index === -1) return '';
  const content = Buffer.from((container.FileIndex[index]?.content ?? []) as Uint8Array);
  return decode(content, stream.exec(container.FullPaths[index] ?? '')?.[1]);
}

function decode(content: Buffer, type: string | undefined): string {
  const kind = type?.toUpperCase();
  return content.toString(kind === '001F' ? 'utf16le' : kind === '0102' ? 'utf8' : 'latin1').replace(/\0+$/, '');
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 2000);
}
