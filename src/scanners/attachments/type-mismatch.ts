import type { Finding, Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';
import { FAMILY_WORDS, familyOfName, familyOfType } from './type-families.js';
import type { Family } from './type-families.js';

/** What can do harm when it poses as something else. A picture called .pdf is only a mistake. */
const HARMFUL: ReadonlySet<Family> = new Set<Family>(['program', 'page', 'archive', 'note', 'office']);

/** Office files are ZIP archives, and a forwarded message keeps the name of what it was about. */
const EXPECTED = new Set(['archive office', 'message office', 'message pdf', 'message image', 'office archive']);

/** Files whose bytes, name and declared type tell different stories. */
export const typeMismatch: Scanner = {
  layer: 'attachments',
  name: 'type-mismatch',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const found: Finding[] = [];
      const { extension, detectedType } = file.facts;
      const named = familyOfName(extension);
      const real = familyOfType(detectedType);
      if (named !== null && real !== null && named !== real) {
        const evidence = `${file.name} is ${FAMILY_WORDS[real]}, not ${FAMILY_WORDS[named]} as its name says`;
        found.push(about(file, 'attachments.type-mismatch', evidence, HARMFUL.has(real) ? 1 : 0.3));
      }
      const attachment = message.attachments[file.index];
      const declared = file.inside ? null : familyOfType(attachment?.declaredType ?? null);
      if (named !== null && declared !== null && declared !== named && !EXPECTED.has(`${declared} ${named}`)) {
        const evidence = `${file.name} is announced as ${FAMILY_WORDS[declared]} (${attachment?.declaredType ?? ''})`;
        found.push(about(file, 'attachments.declared-type-mismatch', evidence));
      }
      return found;
    });
    return { findings: atMost(findings, 2) };
  },
};
