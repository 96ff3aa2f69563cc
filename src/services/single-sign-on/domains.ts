import { randomBytes } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { DomainRow } from '../../store/interfaces/single-sign-on.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { authorizePlatform } from '../platform/authorize-platform.js';
import { emailDomain } from './email-domain.js';
import { lookForRecord, recordOf } from './domain-record.js';

const MOST = 50;

/** E-mail domains of the organisation, shown to be its own or not yet. */
export async function listDomains({ ctx }: { readonly ctx: MemberContext }): Promise<readonly DomainRow[]> {
  authorize(ctx, 'single-sign-on.read');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.domains.list());
}

/** Says which domain will be shown; twice is once. Throws `request.invalid`, `organisation.limit`. */
export async function claimDomain(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly domain: string };
}): Promise<DomainRow> {
  const { ctx, input } = call;
  authorize(ctx, 'single-sign-on.change');
  const domain = emailDomain(input.domain);
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const before = await db.domains.list();
    if (before.length >= MOST)
      throw new PosternError('organisation.limit', `An organisation has ${MOST} domains at most.`);
    await db.domains.claim(domain, randomBytes(24).toString('base64url'));
    const row = (await db.domains.list()).find((one) => one.domain === domain);
    if (row === undefined) throw new PosternError('internal', 'The domain was not stored.');
    if (!before.some((one) => one.domain === domain)) {
      await db.audit.append({
        ...{ action: 'organisation.domain-claimed', target: null, outcome: 'succeeded', details: { domain } },
      });
    }
    return row;
  });
}

/**
 * Looks for the record in the domain's DNS, also of one that was shown before: what had been missing is back then. That it is not there
 * takes nothing away here; looks that the worker takes do. Throws `organisation.domain-not-found`, `organisation.domain-not-shown`, and
 * `organisation.domain-taken` where another organisation has shown the domain.
 */
export async function verifyDomain(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly domain: string };
}): Promise<DomainRow> {
  const { ctx, input } = call;
  authorize(ctx, 'single-sign-on.change');
  const { store, accounts } = ctx.parts;
  const { tenantId } = ctx.identity;
  const row = (await store.withTenant(tenantId, actorOf(ctx), (db) => db.domains.list())).find(
    (one) => one.domain === input.domain,
  );
  if (row === undefined) throw unknown();
  if (row.verifiedBy === 'platform') return row;
  const { resolver } = accounts.organisationProviders;
  if (resolver === null) throw notShown('postern asks no name server here. Ask whoever runs it to confirm the domain.');
  const found = await lookForRecord(resolver, row);
  if (found === null) throw notShown('The name server did not answer. Try again later.');
  if (!found) throw notShown(whyNot(row));
  return await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    if (!(await db.domains.verify(row.domain))) throw unknown();
    if (row.verifiedAt === null || row.missingSince !== null) {
      const action = row.verifiedAt === null ? 'organisation.domain-verified' : 'organisation.domain-back';
      const details = { domain: row.domain, by: 'dns' };
      await db.audit.append({ action, target: null, outcome: 'succeeded', details });
    }
    return (await db.domains.list()).find((one) => one.domain === row.domain) ?? row;
  });
}

function whyNot(row: DomainRow): string {
  const { name } = recordOf(row);
  if (row.verifiedAt === null) return `There is no such record at ${name} yet. A new one can take minutes to be seen.`;
  return `The record at ${name} is gone. Put it back, or the domain is the organisation’s no more after a week without it.`;
}

/** Its people sign in with the provider no more, unless they did before. Throws `organisation.domain-not-found`. */
export async function removeDomain(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly domain: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'single-sign-on.change');
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if (!(await db.domains.remove(input.domain))) throw unknown();
    const details = { domain: input.domain };
    await db.audit.append({ action: 'organisation.domain-removed', target: null, outcome: 'succeeded', details });
  });
}

/** The operator knows whose domain it is. Throws `request.invalid`, `tenant.not-found`, `organisation.domain-taken`. */
export async function confirmDomain(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly tenantId: string; readonly domain: string };
}): Promise<void> {
  const { ctx, input } = call;
  const who = authorizePlatform(ctx);
  const domain = emailDomain(input.domain);
  const challenge = randomBytes(24).toString('base64url');
  const done = await ctx.parts.store.withSystem('platform', (db) =>
    db.platform.verifyDomain(who, input.tenantId, domain, challenge),
  );
  if (!done) throw new PosternError('tenant.not-found', 'There is no such organisation.');
}

function unknown(): PosternError {
  return new PosternError('organisation.domain-not-found', 'The organisation has no such domain.');
}

function notShown(message: string): PosternError {
  return new PosternError('organisation.domain-not-shown', message);
}
