// Compares our reading of every corpus message with postal-mime's: `node dist/bench/mail-agreement.js [--list]`. Differences that have
// a reason are counted under it; the rest is listed, and makes the program fail.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { readMessage } from '../src/mail/read-message.js';
import type { Message } from '../src/mail/message.js';
import { loadCorpus } from './corpus.js';

type Aspect = 'subject' | 'from' | 'text' | 'html' | 'attachments';

/** Why the two may differ; the first that fits counts. */
const REASONS: Readonly<Record<Aspect, readonly (readonly [string, (ours: Message, theirs: Email) => boolean])[]>> = {
  subject: [],
  from: [],
  text: [],
  html: [],
  attachments: [],
};

const entries = await loadCorpus();
if (entries !== null) {
  const agree: Record<Aspect, number> = { subject: 0, from: 0, text: 0, html: 0, attachments: 0 };
  const explained = new Map<string, number>();
  const unexplained: string[] = [];
  for (const entry of entries) {
    const raw = await readFile(entry.path);
    const ours = await readMessage(raw);
    const theirs = await PostalMime.parse(raw, { forceRfc822Attachments: true });
    for (const aspect of Object.keys(agree) as Aspect[]) {
      const [a, b] = compared(aspect, ours, theirs);
      if (a === b) {
        agree[aspect]++;
        continue;
      }
      const reason = REASONS[aspect].find(([, fits]) => fits(ours, theirs))?.[0];
      if (reason === undefined) unexplained.push(`${aspect} ${entry.path}\n${difference(a, b)}`);
      else explained.set(`${aspect}: ${reason}`, (explained.get(`${aspect}: ${reason}`) ?? 0) + 1);
    }
  }
  for (const [aspect, count] of Object.entries(agree)) console.log(`${aspect.padEnd(12)} ${count} of ${entries.length} agree`);
  for (const [reason, count] of explained) console.log(`${String(count).padStart(6)}  ${reason}`);
  console.log(`${unexplained.length} differences without a reason`);
  if (process.argv.includes('--list')) console.log(unexplained.join('\n'));
  process.exitCode = unexplained.length === 0 ? 0 : 1;
}

function compared(aspect: Aspect, ours: Message, theirs: Email): [string, string] {
  switch (aspect) {
    case 'subject':
      return [line(ours.subject), line(theirs.subject ?? '')];
    case 'from':
      return [address(ours.identity.from[0]), address(theirs.from)];
    case 'text':
      return [body(ours.text), body(theirs.text ?? '')];
    case 'html':
      return [body(ours.html), body(theirs.html ?? '')];
    case 'attachments':
      return [ours.attachments.map(({ sha256 }) => sha256).sort().join('\n'), theirs.attachments.map(sha256).sort().join('\n')];
  }
}

function sha256(attachment: Email['attachments'][number]): string {
  const { content } = attachment;
  return createHash('sha256').update(typeof content === 'string' ? content : new Uint8Array(content)).digest('hex');
}

function address(from: { name?: string; address?: string | undefined } | undefined): string {
  return from === undefined ? '' : `${line(from.name ?? '')} <${(from.address ?? '').toLowerCase()}>`;
}

/** Line ends and white space around are a matter of taste. */
function body(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[ \t]+$/gm, '').trim();
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const from = Math.max(0, at - 20);
  return `   ours  (${a.length}) ${JSON.stringify(a.slice(from, at + 60))}\n   theirs(${b.length}) ${JSON.stringify(b.slice(from, at + 60))}`;
}
