import type { TenantId } from '../../store/store.js';
import type { LlmKeySlot } from '../../store/tables/detection/llm.js';

/** Whose a sealed key is: in another tenant's row, or in another place of this one's, it opens nothing. */
export function keyOwner(tenantId: TenantId, slot: LlmKeySlot): string {
  return `llm ${tenantId} ${slot}`;
}
