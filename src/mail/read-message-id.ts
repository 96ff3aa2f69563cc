import { unfold } from './mime/header-fields.js';
import { readHeader } from './parse.js';

/** The first Message-ID field, as `readMessage` finds it, at the price of the header alone; null when there is none. */
export function readMessageId(raw: Uint8Array): string | null {
  const field = readHeader(raw).find(({ name }) => name === 'message-id');
  const value = field === undefined ? '' : unfold(field.raw).trim();
  return value === '' ? null : value;
}
