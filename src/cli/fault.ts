import { PosternError } from '../errors.js';
import { UsageError } from './usage-error.js';

/** One line for a person; the stack only where postern itself is at fault. */
export function describeFault(error: unknown): string {
  if (error instanceof UsageError) return `postern: ${error.message}\nTry "postern --help".`;
  if (error instanceof PosternError) return `postern: ${error.message} (${error.code})`;
  return `postern: an error in postern\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
