import assert from 'node:assert/strict';
import { PosternError } from '../../src/errors.js';
import type { ErrorCode } from '../../src/errors.js';

/** Fails unless the work is refused with exactly this code. */
export async function refuses(code: ErrorCode, work: () => unknown): Promise<PosternError> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof PosternError, `not a PosternError: ${String(error)}`);
    assert.equal(error.code, code);
    return error;
  }
  return assert.fail(`not refused with ${code}`);
}
