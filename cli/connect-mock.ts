import { ControlApiError, connectTenant } from '../mock-server/tenant-handle.js';
import type { TenantHandle } from '../mock-server/tenant-handle.js';
import { UsageError } from './usage-error.js';

/**
 * Does something with a tenant of a mock that runs at `url`, showing the control token of the environment.
 *
 * @throws ControlApiError, UsageError where the mock wants a token that was not shown
 */
export async function withTenant<Result>(
  { url, tenant }: { readonly url: string; readonly tenant: string },
  use: (handle: TenantHandle) => Promise<Result>,
): Promise<Result> {
  const token = process.env['HOMOLOGA_CONTROL_TOKEN'];
  const control = `${url}/_mock/tenants/${encodeURIComponent(tenant)}`;
  return connectTenant(control, token === undefined || token === '' ? {} : { token })
    .then(use)
    .catch(adviseOnToken);
}

function adviseOnToken(error: unknown): never {
  if (!(error instanceof ControlApiError) || error.status !== 401) throw error;
  throw new UsageError('The mock wants its control token: set HOMOLOGA_CONTROL_TOKEN to what it was started with.', {
    cause: error,
  });
}
