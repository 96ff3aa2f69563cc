import { extensionOf } from '../../mail/extract/true-type.js';
import type { Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';
import { kindOf } from './kinds.js';

/** Classes of RTF objects with a history of exploits, and the mark that makes an object run without a click. */
const EXPLOITED = /^(?:Equation\.\d|OLE2Link|Package|updates itself)$/i;

/** OneNote sections and RTF documents with objects hidden in them. */
export const notesAndRtf: Scanner = {
  layer: 'attachments',
  name: 'notes-and-rtf',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const { office, detectedType } = file.facts;
      if (office === null) return [];
      if (detectedType === 'application/onenote') {
        const object = office.embeddedObjects.find((name) => kindOf(extensionOf(name), name) !== null);
        if (object === undefined) return [];
        return [
          about(file, 'attachments.onenote-embedded', `${file.name} hides ${object}, waiting for a double click`),
        ];
      }
      if (detectedType !== 'application/rtf') return [];
      const object = office.embeddedObjects.find((name) => EXPLOITED.test(name));
      const template = office.externalTemplate;
      if (object === undefined && template === null) return [];
      const evidence =
        template === null
          ? `${file.name} holds an object (${object ?? ''})`
          : `${file.name} loads ${template.slice(0, 150)}`;
      return [about(file, 'attachments.rtf-object', evidence)];
    });
    return { findings: atMost(findings, 2) };
  },
};
