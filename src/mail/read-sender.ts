import { parseAddresses } from './mime/addresses.js';
import { DefectLog } from './mime/defect-log.js';
import { unfold } from './mime/header-fields.js';
import { readHeader } from './parse.js';

/** The address of the first From field, as `readMessage` finds it, at the price of the header alone; '' when there is none. */
export function readSender(raw: Uint8Array): string {
  const defects = new DefectLog();
  for (const { name, raw: value } of readHeader(raw)) {
    if (name !== 'from') continue;
    const [first] = parseAddresses(unfold(value), defects);
    if (first !== undefined) return first.address;
  }
  return '';
}
