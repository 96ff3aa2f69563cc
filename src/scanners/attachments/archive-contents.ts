import { extensionOf } from '../../mail/extract/true-type.js';
import type { Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';
import { KIND_WORDS, kindOf } from './kinds.js';

/** More files than this are software or a backup, where a program is nothing special. */
const MANY = 60;

/** Files in archives that do something when opened, by the archive's own list and by the bytes of what could be unpacked. */
export const archiveContents: Scanner = {
  layer: 'attachments',
  name: 'archive-contents',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const { archive } = file.facts;
      // What a PDF carries is told by the pdf scanner.
      if (archive === null || file.inside || archive.format === 'pdf') return [];
      const types = new Map(archive.members.map((member) => [member.name, member.detectedType]));
      const strength = archive.entries.length > MANY ? 0.6 : 1;
      return archive.entries.flatMap((entry) => {
        const kind = kindOf(extensionOf(entry.name), types.get(entry.name) ?? null);
        if (kind === null) return [];
        const evidence = `${file.name} holds ${entry.name}, ${KIND_WORDS[kind]}`;
        return [about(file, 'attachments.archive-contains-executable', evidence, strength)];
      });
    });
    return { findings: atMost(findings, 1) };
  },
};
