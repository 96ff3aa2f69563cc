import type { Address, HeaderField, Identity, ReceivedHop } from './message.js';
import { parseAddresses } from './mime/addresses.js';
import { parseDate } from './mime/dates.js';
import { DefectLog } from './mime/defect-log.js';
import { decodeWords } from './mime/encoded-words.js';
import { unfold } from './mime/header-fields.js';
import type { RawField } from './mime/header-fields.js';
import { parseReceived } from './mime/received.js';

const MAX_RECEIVED = 100;

/** Fields that RFC 5322 §3.6 allows once. Two of them make mail programs disagree about what they show. */
const ONCE = ['from', 'sender', 'reply-to', 'to', 'cc', 'subject', 'date', 'message-id'];

/** What the header says: the fields decoded, and who, when, which and by which way. */
export interface Envelope {
  readonly headers: readonly HeaderField[];
  readonly identity: Identity;
  readonly subject: string;
  readonly date: string | null;
  readonly messageId: string | null;
  readonly received: readonly ReceivedHop[];
}

/** Reads the header of a message. The first Subject, Date and Message-ID count; all address fields do. */
export function readEnvelope(fields: readonly RawField[], defects: DefectLog): Envelope {
  const unfolded = fields.map((field) => unfold(field.raw));
  const values = (name: string): string[] => unfolded.filter((_, index) => fields[index]?.name === name);
  const addresses = (name: string): Address[] => values(name).flatMap((value) => parseAddresses(value, defects));
  for (const name of ONCE) {
    const count = fields.filter((field) => field.name === name).length;
    if (count > 1) defects.add('header-duplicated', `${count} × ${name}`);
  }
  const headers = fields.map(({ name, raw }, index) => ({
    name,
    value: decodeWords(unfolded[index] ?? '', defects),
    raw,
  }));
  const mailFrom = values('return-path')[0];
  const date = values('date')[0];
  return {
    headers,
    identity: {
      from: addresses('from'),
      fromFields: values('from').length,
      sender: addresses('sender'),
      replyTo: addresses('reply-to'),
      to: addresses('to'),
      cc: addresses('cc'),
      // Servers write it; what they write there, such as <MAILER-DAEMON>, is no fault of the message.
      mailFrom: mailFrom === undefined ? null : (parseAddresses(mailFrom, new DefectLog())[0]?.address ?? ''),
    },
    subject: headers.find((field) => field.name === 'subject')?.value ?? '',
    date: date === undefined ? null : readDate(date, defects),
    messageId: values('message-id')[0] ?? null,
    received: values('received').slice(0, MAX_RECEIVED).map(parseReceived),
  };
}

function readDate(value: string, defects: DefectLog): string | null {
  const date = parseDate(value);
  if (date === null) defects.add('date-malformed', value.slice(0, 80));
  return date;
}
