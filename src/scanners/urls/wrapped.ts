import { factScanner } from '../fact-scanner.js';
import { isRedirect } from './targets.js';

/** A link that another organisation's mail filter has already wrapped: its name makes any link look examined. */
export const wrapped = factScanner('urls', 'wrapped', (message) => {
  const index = message.links.findIndex(
    ({ wrappers, origin }) => wrappers.some((one) => !isRedirect(one)) && origin !== 'html-image',
  );
  const link = message.links[index];
  if (link === undefined) return [];
  const evidence = `wrapped by ${link.wrappers.join(', then ')}; it opens ${link.host}`;
  return [{ id: 'urls.wrapped', evidence, at: { kind: 'link', index }, strength: link.wrappers.length > 1 ? 1 : 0.5 }];
});
