import { factScanner } from '../../fact-scanner.js';

/** RFC 5322 §3.6: fields a message has at most once. From is looked at apart. */
const SINGLE = new Set([
  'subject',
  'date',
  'to',
  'cc',
  'message-id',
  'in-reply-to',
  'references',
  'sender',
  'reply-to',
  'content-type',
  'mime-version',
]);

/** A second Subject or Date: a signature covers one of them, the reader is shown the other. */
export const duplicatedFields = factScanner('headers', 'duplicated-fields', ({ headers }) => {
  const seen = new Set<string>();
  const index = headers.findIndex(({ name }) => SINGLE.has(name) && (seen.has(name) || !seen.add(name)));
  const field = headers[index];
  if (field === undefined) return [];
  const times = headers.filter(({ name }) => name === field.name).length;
  const evidence = `the field “${field.name}” stands ${times} times; the second says “${field.value.slice(0, 80)}”`;
  return [{ id: 'headers.fields-duplicated', evidence, at: { kind: 'header', index } }];
});
