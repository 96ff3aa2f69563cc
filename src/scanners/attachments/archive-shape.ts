import type { ArchiveFacts } from '../../mail/message.js';
import type { Finding, Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';

const MEGABYTE = 1024 * 1024;
/** Deflate cannot pack better than about 1032 to 1; text reaches 20. */
const BOMB_RATIO = 200;
const BOMB_BYTES = 200 * MEGABYTE;
const DEEP = 2;
/** Formats that nobody mails any more, except to get past filters that do not know them. */
const RARE = new Map([
  ['application/x-ace-compressed', 'ACE'],
  ['application/x-lzh-compressed', 'LZH'],
  ['application/vnd.ms-cab-compressed', 'CAB'],
]);

/** How an archive is built: locked, absurdly dense, nested, or of a forgotten format. */
export const archiveShape: Scanner = {
  layer: 'attachments',
  name: 'archive-shape',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const found: Finding[] = [];
      const { archive, detectedType } = file.facts;
      const rare = RARE.get(detectedType ?? '');
      if (rare !== undefined) found.push(about(file, 'attachments.rare-archive', `${file.name} is a ${rare} archive`));
      if (archive === null) return found;
      const { encrypted, format, ratio } = archive;
      if (encrypted) {
        const listed = archive.entries.find((entry) => entry.encrypted)?.name ?? 'even the names in it';
        found.push(
          about(file, 'attachments.archive-encrypted', `${file.name} (${format}) needs a password: ${listed}`),
        );
      }
      const declared = declaredBytes(archive);
      if (ratio > BOMB_RATIO && declared > BOMB_BYTES) {
        const size = `${Math.round(declared / MEGABYTE)} MB`;
        found.push(
          about(
            file,
            'attachments.archive-bomb',
            `${file.name} would unpack to ${size}, ${Math.round(ratio)} times its size`,
          ),
        );
      }
      const depth = Math.max(0, ...archive.entries.map((entry) => entry.depth));
      if (depth >= DEEP)
        found.push(about(file, 'attachments.archive-nested-deep', `${file.name} holds archives ${depth} deep`));
      return found;
    });
    return { findings: atMost(findings, 2) };
  },
};

function declaredBytes({ entries }: ArchiveFacts): number {
  return entries.reduce((sum, { size, depth }) => sum + (depth === 0 ? size : 0), 0);
}
