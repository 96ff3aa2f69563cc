import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { checkProfile } from './check-profile.js';
import { readStored, toFields } from './profile.js';
import { nameOf, putInForce } from './put-in-force.js';

type List = 'allow' | 'block';

export interface ListedSender {
  readonly entry: string;
  readonly list: List | null;
  /** Where it stood before: putting it there again undoes this. */
  readonly before: List | null;
  readonly version: number;
}

/** How often a change made meanwhile by somebody else is taken in before giving up. */
const ATTEMPTS = 4;

/** Puts an address or domain on one list and takes it off the other; null takes it off both. Throws `request.invalid`, `auth.forbidden`. */
export async function listSender(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly entry: string; readonly list: List | null };
}): Promise<ListedSender> {
  const { ctx } = call;
  authorize(ctx, 'detection.write');
  const by = await nameOf(ctx);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listOnce(ctx, call.input, by);
    } catch (error) {
      const changed = error instanceof PosternError && error.code === 'detection.profile-changed';
      if (!changed || attempt === ATTEMPTS) throw error;
    }
  }
}

async function listOnce(
  ctx: MemberContext,
  { entry: written, list }: { readonly entry: string; readonly list: List | null },
  by: string,
): Promise<ListedSender> {
  // Checked alone, so that the fault is named where the caller wrote it.
  const alone = { ...NOTHING, [list ?? 'block']: [written] };
  const checked = checkProfile(alone, 'body');
  const entry = [...checked.allow, ...checked.block][0] ?? '';
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const { profile: stored, profileVersion } = await db.profile.get();
    const profile = readStored(stored);
    const before = profile.block.includes(entry) ? 'block' : profile.allow.includes(entry) ? 'allow' : null;
    const without = (entries: readonly string[]): readonly string[] => entries.filter((other) => other !== entry);
    const next = { ...profile, allow: without(profile.allow), block: without(profile.block) };
    const allow = list === 'allow' ? [...next.allow, entry] : next.allow;
    const block = list === 'block' ? [...next.block, entry] : next.block;
    checkSize(allow, block);
    const tenant = await putInForce(ctx, db, { profile: { ...next, allow, block }, expected: profileVersion, by });
    return { entry, list, before, version: tenant.profileVersion };
  });
}

const NOTHING = toFields(readStored({}));

/** Entries that a list may have. */
export const MOST_LISTED = 10_000;

function checkSize(...lists: readonly (readonly string[])[]): void {
  if (lists.every(({ length }) => length <= MOST_LISTED)) return;
  throw new PosternError(
    'request.invalid',
    `A list may have ${MOST_LISTED.toLocaleString('en')} entries, and this one is full.`,
  );
}
