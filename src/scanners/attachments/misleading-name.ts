import type { Finding, Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';
import { kindOf } from './kinds.js';

const DOCUMENT =
  /\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|txt|csv|jpe?g|png|gif|tiff?|mp[34]|wav|zip)[\s_.-]*\.([a-z0-9]{2,12})[\s.]*$/i;
const PAGE = /^(?:s?html?|xhtml|svg|mht(?:ml)?)$/;
/** Override and isolate characters: they turn 'exe.gpj' into what looks like 'jpg.exe' read backwards. */
const DIRECTION = /[\u{202d}\u{202e}\u{2066}-\u{2068}]/u;
/** Characters without width; joiners that real languages and emoji need are not among them. */
const INVISIBLE = /[\u{34f}\u{ad}\u{200b}\u{2060}\u{feff}]/gu;
const PADDING = /\S[ _\u{a0}\u{2000}-\u{200a}\u{3000}]{12,}\S{0,20}\.[a-z0-9]{2,5}\s*$/iu;

/** Names that are built to be misread. */
export const misleadingName: Scanner = {
  layer: 'attachments',
  name: 'misleading-name',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const found: Finding[] = [];
      const { filename } = file;
      const last = DOCUMENT.exec(filename)?.[1]?.toLowerCase() ?? '';
      if (kindOf(last, null) !== null || PAGE.test(last)) {
        found.push(
          about(file, 'attachments.double-extension', `${file.name} looks like a document and ends in .${last}`),
        );
      }
      if (DIRECTION.test(filename)) {
        const shown = filename.replace(/[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu, '⟲');
        found.push(
          about(file, 'attachments.right-to-left-name', `${shown} holds characters that reverse how it is shown (⟲)`),
        );
      }
      const hidden = filename.match(INVISIBLE)?.length ?? 0;
      if (hidden > 0) {
        const shown = filename.replace(INVISIBLE, '·');
        found.push(
          about(file, 'attachments.hidden-characters-in-name', `${shown}: ${hidden} invisible characters (·)`),
        );
      }
      if (PADDING.test(filename)) {
        const shown = filename.replace(/[\s_]{4,}/gu, ' … ');
        found.push(about(file, 'attachments.padded-name', `${shown}: the real ending is pushed out of sight`));
      }
      return found;
    });
    return { findings: atMost(findings, 2) };
  },
};
