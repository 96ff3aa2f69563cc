import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';

/**
 * Writes into the tenant's log that somebody was refused an operation: for want of a right, for want of proof who they are, or because
 * what they named is not there or not theirs, which looks the same. In a transaction of its own, since the operation's is undone; the
 * first of a minute, the tenth, the hundredth, so that nobody floods the log. A fault in here hides no answer.
 */
export async function noteRefusal(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly operation: string; readonly ofObject: boolean; readonly error: unknown };
}): Promise<void> {
  const { ctx, input } = call;
  const action = actionOf(input.error, input.ofObject);
  if (action === null) return;
  const { store, log } = ctx.parts;
  const { tenantId, apiKey } = ctx.identity;
  const { code } = input.error as PosternError;
  try {
    await store.withTenant(tenantId, actorOf(ctx), async (db) => {
      const attempts = await db.audit.countRefusal(`${action} ${input.operation}`);
      if (attempts === null) return;
      const by = apiKey === undefined ? {} : { api_key: apiKey.id };
      const details = { operation: input.operation, code, ...(attempts === 1 ? {} : { attempts }), ...by };
      await db.audit.append({ action, target: null, outcome: 'refused', details });
    });
  } catch (error) {
    log.error({ err: error }, 'a refusal could not be written to the audit log');
  }
}

function actionOf(error: unknown, ofObject: boolean): string | null {
  if (!(error instanceof PosternError)) return null;
  if (error.code === 'account.confirmation-needed') return 'auth.confirmed';
  if (error.status === 403) return 'access.refused';
  return ofObject && error.status === 404 ? 'access.not-found' : null;
}
