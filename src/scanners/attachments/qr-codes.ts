import type { Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';

/** Links that stand in a QR code, and so are opened on a phone, past the filters of the computer. */
export const qrCodes: Scanner = {
  layer: 'attachments',
  name: 'qr-codes',
  scan(message) {
    const files = filesOf(message);
    const findings = message.links.flatMap((link) => {
      if (link.origin !== 'qr') return [];
      const at = link.at.kind === 'attachment' ? link.at.index : -1;
      const file = files.find(({ index }) => index === at);
      const target = link.host === '' ? link.url.slice(0, 120) : link.host;
      if (file === undefined) {
        return [{ id: 'attachments.qr-code-link' as const, evidence: `a QR code opens ${target}`, at: link.at }];
      }
      return [about(file, 'attachments.qr-code-link', `a QR code in ${file.name} opens ${target}`)];
    });
    return { findings: atMost(findings) };
  },
};
