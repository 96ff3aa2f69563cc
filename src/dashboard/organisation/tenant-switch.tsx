import { switchTo } from '../api/organisations/organisation.js';
import { asApiError } from '../api/problem.js';
import type { Account } from '../api/types.js';
import { navigate } from '../state/router.js';
import { say } from '../state/toasts.js';

/** Which of the person's tenants this session works in; nothing where there is but one. */
export function TenantSwitch({ account }: { readonly account: Account }) {
  if (account.memberships.length < 2) return null;
  const choose = (tenant: string): void => {
    switchTo(tenant).then(
      // Whatever was open belongs to the tenant before.
      () => navigate('/', { replace: true }),
      (thrown: unknown) => say(asApiError(thrown).message),
    );
  };
  return (
    <div class="field">
      <label for="tenant-switch">Work in</label>
      <select id="tenant-switch" value={account.tenant.id} onChange={(event) => choose(event.currentTarget.value)}>
        {account.memberships.map((entry) => (
          <option key={entry.tenant_id} value={entry.tenant_id}>
            {entry.name}
          </option>
        ))}
      </select>
    </div>
  );
}
