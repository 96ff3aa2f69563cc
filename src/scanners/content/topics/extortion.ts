import type { Scanner } from '../../scanner.js';
import { quote, topicsOf } from '../phrases.js';

const WALLET =
  /\b(?:bc1[a-z0-9]{20,60}|[13][a-km-zA-HJ-NP-Z1-9]{25,34}|ltc1[a-z0-9]{20,60}|0x[0-9a-fA-F]{40}|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93})\b/;

/** Blackmail says what it has on you and where to pay. */
export const extortion: Scanner = {
  layer: 'content',
  name: 'extortion',
  scan(message) {
    const match = topicsOf(message).get('extortion');
    if (match === undefined || match.quotes.length < 2) return { findings: [] };
    const wallet = WALLET.exec(message.visible);
    if (wallet === null && match.quotes.length < 4) return { findings: [] };
    const where = wallet === null ? '' : `, to be paid to ${wallet[0]}`;
    const strength = Math.min(1, (match.quotes.length + (wallet === null ? 0 : 3)) / 6);
    return {
      findings: [{ id: 'content.extortion', evidence: `says ${quote(match.quotes)}${where}`, at: match.at, strength }],
    };
  },
};
