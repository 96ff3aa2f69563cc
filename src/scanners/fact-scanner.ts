import type { Message } from '../mail/message.js';
import type { Finding, Layer, ScanContext, Scanner } from './scanner.js';

/** A scanner that only looks at what is there and never waits. */
export function factScanner(
  layer: Layer,
  name: string,
  look: (message: Message, context: ScanContext) => readonly Finding[],
): Scanner {
  return { layer, name, scan: (message, context) => ({ findings: look(message, context) }) };
}
