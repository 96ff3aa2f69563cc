import type { ArchiveMember } from '../../mail/message.js';
import type { Finding, Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';
import { kindOf } from './kinds.js';

/** Electronic invoices carry their figures as XML; that is what PDF attachments inside PDFs are for. */
const EXPECTED = /^(?:xml|csv|txt|json)$/;

/** PDFs that act, or carry other files. */
export const pdf: Scanner = {
  layer: 'attachments',
  name: 'pdf',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const { pdf: facts, archive } = file.facts;
      if (facts === null) return [];
      const found: Finding[] = [];
      if (facts.launch) found.push(about(file, 'attachments.pdf-launch', `${file.name} starts another program`));
      if (facts.javascript) {
        const when = facts.openAction ? ' when it is opened' : '';
        const evidence = `${file.name} runs JavaScript${when}`;
        found.push(about(file, 'attachments.pdf-javascript', evidence, facts.openAction ? 1 : 0.5));
      }
      const carried = (archive?.members ?? []).filter(({ extension }) => !EXPECTED.test(extension));
      const [first] = [...carried.filter(isDangerous), ...carried];
      if (first !== undefined) {
        const evidence = `${file.name} carries ${first.name}`;
        found.push(about(file, 'attachments.pdf-embedded-file', evidence, isDangerous(first) ? 1 : 0.5));
      }
      return found;
    });
    return { findings: atMost(findings, 2) };
  },
};

function isDangerous({ extension, detectedType, office }: ArchiveMember): boolean {
  return kindOf(extension, detectedType) !== null || office?.macros === true || detectedType === 'text/html';
}
