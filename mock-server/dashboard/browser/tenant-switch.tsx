import { useState } from 'preact/hooks';
import type { Tenant } from './api-types.js';
import { callApi } from './control-api.js';
import { useSession } from './session.js';

/** Which tenant is shown; makes, resets and deletes them. */
export function TenantSwitch({
  tenant,
  tenants,
  onChoose,
  onTenants,
}: {
  readonly tenant: Tenant;
  readonly tenants: readonly Tenant[];
  readonly onChoose: (id: string) => void;
  readonly onTenants: () => void;
}) {
  const { api, act, feed } = useSession();
  const [isSure, setSure] = useState(false);
  const create = async (): Promise<void> => {
    let made = '';
    const isMade = await act(async () => {
      ({ id: made } = await callApi<Tenant>('POST', '/tenants', {}));
    }, 'A new tenant: a world of its own, with a clock, clients and users.');
    if (!isMade) return;
    onTenants();
    onChoose(made);
  };
  const reset = async (): Promise<void> => {
    setSure(false);
    const isReset = await act(() => api.post('/reset'), 'Back at the start: tokens, grants, faults, settings, clock.');
    if (isReset) feed.clear();
  };
  const remove = async (): Promise<void> => {
    if (!(await act(() => callApi('DELETE', `/tenants/${encodeURIComponent(tenant.id)}`)))) return;
    onChoose('default');
    onTenants();
  };
  return (
    <div class="tenant">
      <label for="tenant">Tenant</label>
      <select id="tenant" value={tenant.id} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {tenants.map(({ id }) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
      <button type="button" class="quiet" onClick={() => void create()} title="Make a new tenant">
        New
      </button>
      <button
        type="button"
        class="quiet"
        aria-expanded={isSure}
        onClick={() => setSure(!isSure)}
        title="Back to the tenant’s start"
      >
        Reset
      </button>
      {isSure && (
        <span class="sure" onKeyDown={(event) => event.key === 'Escape' && setSure(false)}>
          <button type="button" class="danger" onClick={() => void reset()}>
            Reset everything
          </button>
          {tenant.id !== 'default' && (
            <button type="button" class="danger" onClick={() => void remove()}>
              Delete the tenant
            </button>
          )}
          <button type="button" class="quiet" onClick={() => setSure(false)}>
            Keep
          </button>
        </span>
      )}
    </div>
  );
}
