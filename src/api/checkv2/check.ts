import { PosternError } from '../../errors.js';
import type { ErrorCode } from '../../errors.js';
import { admitKey } from '../../services/api-keys/admit-key.js';
import { authenticateKey } from '../../services/api-keys/authenticate-key.js';
import type { MemberContext, Parts } from '../../services/context.js';
import { KnownSecrets } from '../../services/limits/known-secrets.js';
import { holdQuestion } from '../../services/limits/limit-request.js';
import { createScan } from '../../services/scans/submission/create-scan.js';
import { UploadBudget } from '../request/upload-budget.js';
import type { HeldBytes } from '../request/upload-budget.js';
import { toReply, toSkipped } from './reply.js';
import type { Reply } from './reply.js';
import { readCheckRequest } from './request.js';
import type { Headers } from './request.js';

export interface DoorOptions {
  readonly parts: Parts;
  /** Bytes of the largest message. */
  readonly uploadLimit: number;
  /** An API key for requests of this machine that bring no Password. */
  readonly key: string | null;
}

/** A mail server's question, however it was put. */
export interface Question {
  readonly headers: Headers;
  /** The other end of the connection. */
  readonly ip: string;
  /** Reads the message once it is clear who asks. Throws `request.too-large`. */
  readonly readBody: (limit: number, held: HeldBytes) => Promise<Uint8Array>;
  /** Nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export type Check = (question: Question) => Promise<Reply>;

/** Messages in flight hold this many times the limit together. */
const MESSAGES_AT_ONCE = 16;

/**
 * What a mail server is told about a message that could not be examined. Busy: it comes again, nothing is lost. What postern cannot
 * read goes on to its reader, marked as not examined, or no mail server would ever be rid of it.
 */
const SKIPPED: { readonly [C in ErrorCode]?: () => Reply } = {
  'scan.queue-full': () => toSkipped('soft reject', 'not examined', 'Try again in a few minutes'),
  'request.rate-limited': () => toSkipped('soft reject', 'not examined', 'Try again in a few minutes'),
  'database.unavailable': () => toSkipped('soft reject', 'not examined', 'Try again in a few minutes'),
  // Until there are scans again may be weeks: mail must not wait for that.
  'quota.exceeded': () => toSkipped('no action', 'not examined; the scans of this month are used up'),
  'request.too-large': () => toSkipped('no action', 'not examined; too large'),
  'message.too-large': () => toSkipped('no action', 'not examined; too large'),
  'message.empty': () => toSkipped('add header', 'not examined; empty'),
  'message.not-a-message': () => toSkipped('add header', 'not examined; no header'),
};

/** Answers questions of mail servers. Throws for a question that must not be answered: no key, or one that may not scan. */
export function createCheck({ parts, uploadLimit, key }: DoorOptions): Check {
  // A mail server asks for all of its people under one key.
  const capacity = uploadLimit * MESSAGES_AT_ONCE;
  const budget = new UploadBudget(capacity, capacity);
  const known = new KnownSecrets(parts.now);

  async function scan(question: Question): Promise<Reply> {
    const { envelope, submitted, password } = readCheckRequest(question.headers, parts.now());
    // Before the body is read: nobody without a key makes the server buffer anything.
    const ctx = await contextOf(question, password);
    const held = budget.open(ctx.identity.tenantId);
    try {
      const raw = await question.readBody(uploadLimit, held);
      const input = { raw, source: 'checkv2', envelope, submitted, signal: question.signal } as const;
      return toReply(await createScan({ ctx, input }));
    } finally {
      held.release();
    }
  }

  async function contextOf({ ip, headers }: Question, password: string | null): Promise<MemberContext> {
    const client = { ip, userAgent: (headers('user-agent') ?? '').slice(0, 300) };
    const asking = { parts, client };
    const secret = password ?? (isLoopback(ip) ? key : null);
    // Whoever has guessed that often costs no question to the database any more; a stranger's guesses stop nobody's mail.
    const giveBack = secret !== null && known.wasRight(secret) ? () => undefined : holdQuestion(asking);
    if (secret === null) throw new PosternError('auth.required', 'An API key belongs into the header Password.');
    try {
      const ctx = await authenticateKey({ ctx: asking, input: { secret } });
      await admitKey({ ctx, input: { scope: 'scan:write' } });
      known.right(secret);
      giveBack();
      return ctx;
    } catch (error) {
      // What broke here says nothing of the key.
      if (error instanceof PosternError && error.status < 500) known.wrong(secret);
      else giveBack();
      throw error;
    }
  }

  return async (question) => {
    try {
      return await scan(question);
    } catch (error) {
      const reply = error instanceof PosternError ? SKIPPED[error.code] : undefined;
      if (reply === undefined) throw error;
      return reply();
    }
  };
}

/** What may be told of a failure; what broke here goes to the log. */
export function asRefusal(thrown: unknown, { log }: Pick<Parts, 'log'>): PosternError {
  const known = thrown instanceof PosternError;
  const error = known ? thrown : new PosternError('internal', 'Something broke here. The log says more.');
  if (error.status >= 500) log.error({ err: thrown }, error.message);
  return error;
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address);
}
