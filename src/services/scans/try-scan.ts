import { randomUUID } from 'node:crypto';
import type { MemberContext } from '../context.js';
import type { ScanResult } from '../scanning/pool.js';
import type { StoredScan } from './stored-scan.js';

/** The answer to a sandbox key: as a scan is answered, of which nothing is kept. It expires the moment it is made, so no id leads to it. */
export function passingScan({ parts }: MemberContext, source: StoredScan['source'], result: ScanResult): StoredScan {
  const at = parts.now().toISOString();
  return {
    id: `sandbox-${randomUUID()}`,
    created_at: at,
    expires_at: at,
    rescanned_at: null,
    source,
    ...result.report,
  };
}
