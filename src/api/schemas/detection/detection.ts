import { z } from 'zod';
import { MOST_LISTED } from '../../../services/detection/list-sender.js';
import { LAYERS } from '../../../scanners/scanner.js';
import { CATEGORIES } from '../../../scanners/verdict.js';
import { Mailbox, ScanLabel } from '../scans/scan-report.js';

const text = z.string().max(320);
const list = z.array(text).max(MOST_LISTED);

const BrandFields = z
  .strictObject({
    name: z.string().trim().min(2).max(80),
    aliases: z.array(z.string().max(80)).max(30).describe('Other ways to write it.'),
    domains: z.array(text).min(1).max(100).describe('Domains the brand really uses, with everything below them.'),
    common_word: z.boolean().describe('Also an everyday word: it counts only where it stands alone.'),
  })
  .meta({ id: 'BrandFields', description: 'A brand. With the name of a shipped one it adds to it.' });

const ProfileFields = z
  .strictObject({
    domains: z.array(text).max(500).describe('Domains the tenant receives mail for.'),
    people: z
      .array(z.strictObject({ name: z.string().trim().min(1).max(120), addresses: z.array(text).min(1).max(30) }))
      .max(2000)
      .describe('People whose names get impersonated, with the addresses that are really theirs.'),
    trusted_authserv_ids: z.array(text).max(50).describe('Servers whose Authentication-Results are believed.'),
    allow: list.describe('Addresses, domains with everything below them, or `@domain` for a domain alone.'),
    block: list.describe('The same.'),
    weights: z
      .record(z.string().max(100), z.number().min(0).max(3))
      .describe('Finding -> factor on its weight, 0 to 3; 0 silences it.'),
    brands: z.array(BrandFields).max(200),
  })
  .meta({ id: 'DetectionProfile', description: 'What a tenant tells detection.' });

export const DetectionSettings = z
  .object({
    version: z.int().describe('Raised with each change.'),
    profile: ProfileFields,
    operator_authserv_ids: z.array(z.string()).describe('Believed for every tenant, by the choice of the operator.'),
    may_change: z.boolean(),
  })
  .meta({ id: 'DetectionSettings' });

const version = z.int().min(0).describe('The version that the change was made from.');

/** Two lists of ten thousand addresses, and the rest. */
export const PROFILE_BYTES = 8 * 1024 * 1024;

export const SaveProfile = z.strictObject({ version, profile: ProfileFields }).meta({ id: 'SaveDetectionProfile' });

export const RestoreProfile = z.strictObject({
  version,
  restore: z.int().min(0).describe('The version to go back to.'),
});

const where = z.enum(['allow', 'block']).nullable();

export const ListSender = z.strictObject({
  entry: z.string().min(1).max(320).describe('An address, a domain, or `@domain`.'),
  list: where.describe('Where it is to stand; null for nowhere.'),
});

export const ListedSender = z
  .object({
    entry: z.string().describe('As it was stored.'),
    list: where,
    before: where.describe('Where it stood: putting it there again undoes this.'),
    version: z.int(),
  })
  .meta({ id: 'ListedSender' });

const Change = z
  .object({
    field: z.enum(['domains', 'people', 'trusted_authserv_ids', 'allow', 'block', 'weights', 'brands']),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    changed: z.array(z.object({ name: z.string(), before: z.string(), after: z.string() })),
    more: z.int().describe('Entries that are not shown here.'),
  })
  .meta({ id: 'DetectionChange' });

export const ProfileVersions = z
  .object({
    items: z
      .array(
        z
          .object({
            version: z.int(),
            changed_at: z.iso.datetime(),
            changed_by: z
              .object({ id: z.string(), name: z.string() })
              .nullable()
              .describe('Null for how the tenant began.'),
            restored: z.int().nullable().describe('The earlier version that this one went back to.'),
            changes: z.array(Change),
          })
          .meta({ id: 'DetectionVersion' }),
      )
      .describe('Newest first; the newest hundred are kept.'),
  })
  .meta({ id: 'DetectionVersions' });

export const FindingsQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(7) });

export const Findings = z
  .object({
    items: z.array(
      z
        .object({
          id: z.string(),
          layer: z.enum(LAYERS),
          title: z.string(),
          meaning: z.string(),
          advice: z.string(),
          category: z.enum(CATEGORIES).nullable().describe('The harm it points to.'),
          weight: z.number().describe('As shipped, in log-odds; positive speaks against the message.'),
          spam_weight: z.number().describe('The same towards unwanted advertising.'),
          points: z.number().describe('What that weight alone would add to the score of a message with nothing else.'),
          factor: z.number().describe("The tenant's: 1 as shipped, 0 silenced."),
          fired: z.int().describe('Scans in which it was reported, of those counted.'),
        })
        .meta({ id: 'CatalogueFinding' }),
    ),
    counted: z.object({
      days: z.int(),
      scans: z.int(),
      complete: z.boolean().describe('False where there were more scans than are counted: then the newest.'),
    }),
  })
  .meta({ id: 'FindingCatalogue' });

export const BrandsQuery = z.strictObject({
  search: z.string().max(120).default('').describe('Part of a name, an alias or a domain.'),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});

const brand = {
  name: z.string(),
  aliases: z.array(z.string()),
  domains: z.array(z.string()).describe('`name.*` stands for the name under any country’s suffix.'),
  common_word: z.boolean(),
};

export const Brands = z
  .object({
    items: z.array(
      z
        .object({
          ...brand,
          shipped: z.boolean(),
          own: z.object(brand).nullable().describe('What the tenant adds; null for nothing.'),
        })
        .meta({ id: 'KnownBrand' }),
    ),
    total: z.int().describe('How many match, whatever the limit.'),
    updated: z.iso.date().describe('When the shipped list was last looked through.'),
  })
  .meta({ id: 'KnownBrands' });

export const PreviewProfile = z.strictObject({
  profile: ProfileFields,
  limit: z.int().min(1).max(2000).default(500).describe('The newest so many scans.'),
});

const judged = z.object({ label: ScanLabel, score: z.number() });

export const Preview = z
  .object({
    version: z.int().describe('The version in force, with which the proposal was compared.'),
    examined: z.int(),
    complete: z.boolean().describe('False where time ran out before all that were asked for.'),
    since: z.iso.datetime().nullable().describe('When the oldest of them was scanned.'),
    changed: z.int().describe('Verdicts that would have another label.'),
    moved: z.int().describe('Verdicts that would keep their label and have another score.'),
    transitions: z.array(z.object({ from: ScanLabel, to: ScanLabel, count: z.int() })),
    items: z
      .array(
        z
          .object({
            id: z.string(),
            created_at: z.iso.datetime(),
            subject: z.string(),
            from: z.union([Mailbox, z.null()]),
            before: judged,
            after: judged,
            findings: z.array(
              z.object({
                id: z.string(),
                title: z.string(),
                evidence: z.string(),
                before: z.number().nullable().describe('Points; null where it is not there.'),
                after: z.number().nullable(),
              }),
            ),
          })
          .meta({ id: 'PreviewedScan' }),
      )
      .describe('The newest of those with another label, at most 50.'),
    not_weighed: z.int().describe('Scans from before findings were kept in full: only a rescan can tell.'),
    outdated: z.int().describe('Scans whose stored label is not what the profile in force would give.'),
    needs_rescan: z.array(z.string()).describe('Fields whose change only a rescan can tell the effect of.'),
  })
  .meta({ id: 'DetectionPreview' });
