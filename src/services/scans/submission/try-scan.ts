import { randomUUID } from 'node:crypto';
import type { MemberContext } from '../../context.js';
import type { ScanResult } from '../../scanning/pool.js';
import { writtenScan } from './fresh-scan.js';
import type { FreshScan } from './fresh-scan.js';
import type { Provenance, StoredScan } from '../stored-scan.js';

/** The answer to a sandbox key: as a scan is answered, of which nothing is kept. It expires the moment it is made, so no id leads to it. */
export function passingScan({ parts }: MemberContext, source: StoredScan['source'], result: ScanResult): FreshScan {
  const at = parts.now().toISOString();
  const added: Provenance = {
    id: `sandbox-${randomUUID()}`,
    created_at: at,
    expires_at: at,
    rescanned_at: null,
    source,
  };
  return writtenScan(added, result.reportText);
}
