import type { FindingId } from '../catalogue.js';
import type { Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';
import { KIND_WORDS, kindOf } from './kinds.js';
import type { Kind } from './kinds.js';

const IDS: Readonly<Record<Kind, FindingId>> = {
  program: 'attachments.executable',
  script: 'attachments.script',
  shortcut: 'attachments.shortcut',
  'disk-image': 'attachments.disk-image',
  profile: 'attachments.configuration-profile',
};

/** Attached files that do something when opened. What lies in archives is judged by its name, in archive-contents. */
export const dangerousKinds: Scanner = {
  layer: 'attachments',
  name: 'dangerous-kinds',
  scan(message) {
    const findings = filesOf(message).flatMap((file) => {
      const { extension, detectedType } = file.facts;
      const kind = file.inside ? null : kindOf(extension, detectedType);
      return kind === null ? [] : [about(file, IDS[kind], `${file.name} is ${KIND_WORDS[kind]}`)];
    });
    return { findings: atMost(findings) };
  },
};
