import { isIP } from 'node:net';
import { PosternError } from '../../errors.js';
import type { Envelope } from '../../mail/envelope.js';

/** Rspamd opens files of its own machine for these; postern reads nothing but the body. */
const ELSEWHERE = ['file', 'path', 'shm', 'shm-offset', 'shm-length'];

/** The first value of a header, by its name in lower case; null where it is absent. */
export type Headers = (name: string) => string | null;

export interface CheckRequest {
  readonly envelope: Envelope;
  /** The client signed in to the mail server: a message of one of its own people. */
  readonly submitted: boolean;
  /** Of the header Password; null where there is none. */
  readonly password: string | null;
}

/**
 * What the headers of Rspamd's protocol say. Those that steer Rspamd's own rules (Settings, Pass, Flags, …) are passed over. Throws
 * `request.unsupported-media-type` and `request.invalid` for what would make the body something else than the message.
 */
export function readCheckRequest(headers: Headers, now: Date): CheckRequest {
  const value = (name: string): string | null => {
    const text = headers(name)?.trim() ?? '';
    return text === '' ? null : text;
  };
  const encoding = value('compression') ?? value('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw new PosternError(
      'request.unsupported-media-type',
      `Compressed requests (${encoding.slice(0, 40)}) are not supported: send the message as it is.`,
    );
  }
  const elsewhere = ELSEWHERE.find((name) => value(name) !== null);
  if (elsewhere !== undefined) {
    throw new PosternError(
      'request.invalid',
      `The header ${elsewhere} is not supported: send the message in the body.`,
    );
  }
  if (value('key') !== null) {
    throw new PosternError('request.invalid', 'Encrypted requests (HTTPCrypt) are not supported.');
  }
  const submitted = value('user') !== null;
  return {
    envelope: {
      // The address of a person's own machine proves nothing about a domain, and would look like a sender's without a name.
      ip: submitted ? null : addressOf(value('ip')),
      helo: value('helo'),
      hostname: value('hostname'),
      mailFrom: headers('from')?.trim() ?? null,
      at: now.toISOString(),
    },
    submitted,
    password: value('password'),
  };
}

function addressOf(text: string | null): string | null {
  const plain = (text ?? '').replace(/^\[?(?:IPv6:)?|\]$/gi, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) === 0 ? null : plain.toLowerCase();
}
