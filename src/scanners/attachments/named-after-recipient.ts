import type { Scanner } from '../scanner.js';
import { about, atMost, filesOf } from './files.js';

/** Attachments that carry the recipient's address in their name, as programs that send by the thousand make them. */
export const namedAfterRecipient: Scanner = {
  layer: 'attachments',
  name: 'named-after-recipient',
  scan(message) {
    const { to, cc } = message.identity;
    const addresses = [...to, ...cc]
      .map(({ address }) => address.toLowerCase())
      .filter((address) => address.includes('@'));
    const findings = filesOf(message).flatMap((file) => {
      const name = file.filename.toLowerCase();
      const address = addresses.find((candidate) => name.includes(candidate));
      if (address === undefined) return [];
      return [about(file, 'attachments.named-after-recipient', `${file.name} carries your address in its name`)];
    });
    return { findings: atMost(findings, 1) };
  },
};
