import { isAutomatic } from '../../mail/extract/office/macro-marks.js';
import type { Finding, Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';
import { kindOf } from './kinds.js';
import { extensionOf } from '../../mail/extract/true-type.js';

/** Office documents that do more than show text. */
export const office: Scanner = {
  layer: 'attachments',
  name: 'office',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const { office: facts, detectedType } = file.facts;
      if (facts === null || detectedType === 'application/onenote' || detectedType === 'application/rtf') return [];
      const found: Finding[] = [];
      const automatic = facts.macroMarks.filter(isAutomatic);
      const calls = facts.macroMarks.filter((mark) => !isAutomatic(mark));
      if (automatic.length > 0) {
        const does = calls.length > 0 ? ` and uses ${calls.slice(0, 4).join(', ')}` : '';
        const evidence = `${file.name} runs ${automatic.slice(0, 2).join(', ')} when it is opened${does}`;
        found.push(about(file, 'attachments.office-auto-macro', evidence, calls.length > 0 ? 1 : 0.7));
      } else if (facts.macros) {
        const does = calls.length > 0 ? `, which use ${calls.slice(0, 4).join(', ')}` : '';
        found.push(about(file, 'attachments.office-macro', `${file.name} holds macros${does}`));
      }
      if (facts.externalTemplate !== null) {
        const evidence = `${file.name} loads ${facts.externalTemplate.slice(0, 150)} when it is opened`;
        found.push(about(file, 'attachments.office-remote-template', evidence));
      }
      if (facts.dde)
        found.push(about(file, 'attachments.office-dde', `${file.name} asks another program for data (DDE)`));
      const program = facts.embeddedObjects.find((name) => kindOf(extensionOf(name), null) !== null);
      if (program !== undefined) {
        found.push(
          about(file, 'attachments.office-embedded-program', `${file.name} holds ${program}, ready to be clicked`),
        );
      }
      return found;
    });
    return { findings: atMost(findings, 2) };
  },
};
