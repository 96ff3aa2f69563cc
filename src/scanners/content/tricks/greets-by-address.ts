import type { Scanner } from '../../scanner.js';
import { subjectPlace } from '../phrases.js';

/** Senders who know you use your name; those who bought a list have only the address. */
export const greetsByAddress: Scanner = {
  layer: 'content',
  name: 'greets-by-address',
  scan(message) {
    const { to, cc, from } = message.identity;
    const own = [...to, ...cc].map(({ address }) => address.toLowerCase()).filter((address) => address.length > 4);
    const opening = message.visible.slice(0, 300).toLowerCase();
    const subject = message.subject.toLowerCase();
    const names = from.map(({ name }) => name.toLowerCase());
    for (const address of own) {
      if (names.some((name) => name.includes(address)) || subject.includes(address)) {
        const evidence = `the subject or the sender’s name is filled with your address ${address}`;
        return { findings: [{ id: 'content.greets-by-address', evidence, at: subjectPlace(message) }] };
      }
      const start = opening.indexOf(address);
      if (start >= 0) {
        const evidence = `addresses you as ${address} instead of by name`;
        const at = { kind: 'visible', start, end: start + address.length } as const;
        return { findings: [{ id: 'content.greets-by-address', evidence, at, strength: 0.6 }] };
      }
    }
    return { findings: [] };
  },
};
