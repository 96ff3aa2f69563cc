import type { Link, Message } from '../../mail/message.js';
import type { Scanner } from '../scanner.js';
import { about, filesOf } from './files.js';

const LITTLE = 240;
const IN_BODY: ReadonlySet<Link['origin']> = new Set<Link['origin']>(['html-anchor', 'html-area', 'html-form', 'text']);
const IN_FILE: ReadonlySet<Link['origin']> = new Set<Link['origin']>(['pdf', 'office', 'qr', 'attachment']);

/** A message that says next to nothing and leaves the talking, and the link, to an attached document. */
export const onlyAFile: Scanner = {
  layer: 'attachments',
  name: 'only-a-file',
  scan(message) {
    const link = message.links.find((candidate) => IN_FILE.has(candidate.origin) && candidate.host !== '');
    if (link?.at.kind !== 'attachment' || !isDocument(message, link.at.index)) return { findings: [] };
    if (message.links.some(({ origin, scheme }) => IN_BODY.has(origin) && scheme.startsWith('http'))) {
      return { findings: [] };
    }
    // Only the beginning: a long message is not what this looks for.
    const text = message.visible
      .slice(0, LITTLE * 20)
      .replace(/\s+/gu, ' ')
      .trim();
    if (text.length > LITTLE) return { findings: [] };
    const { index } = link.at;
    const file = filesOf(message).find((candidate) => candidate.index === index);
    if (file === undefined) return { findings: [] };
    const says = text === '' ? 'nothing' : `only “${text.slice(0, 80)}”`;
    const evidence = `the message says ${says}; ${file.name} leads to ${link.host}`;
    return { findings: [about(file, 'attachments.only-a-file-with-link', evidence)] };
  },
};

function isDocument({ attachments }: Message, index: number): boolean {
  const file = attachments[index];
  if (file === undefined) return false;
  return file.pdf !== null || file.office !== null || file.image !== null || file.markup !== null;
}
