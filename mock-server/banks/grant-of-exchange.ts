import type { Grant, IssuedValue } from '../store/records.js';
import type { Exchange } from './exchange.js';

/**
 * The grant of a code or token, where the bank that is asked knows it: it is this bank's, and it is not of the other
 * environment (developers.empresas.btgpactual.com/docs/authorization-code: they run in parallel without interaction).
 * Only the banks' own hosts tell environments apart; a grant that was made, or is used, at the mock's own address
 * is known everywhere.
 */
export async function grantOfExchange(exchange: Exchange, issued: IssuedValue | undefined): Promise<Grant | undefined> {
  const { tenant, bank, ownHost } = exchange;
  const grant = issued === undefined ? undefined : await tenant.store.grant(issued.grantId);
  if (grant?.bank !== bank) return undefined;
  const isElsewhere = ownHost !== undefined && grant.bankUrl !== undefined && grant.bankUrl !== ownHost.bankUrl;
  return isElsewhere ? undefined : grant;
}
