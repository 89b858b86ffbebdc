import type { Tenant } from '../../tenants/tenant.js';

/**
 * The issuer: BTG Id's base URL without a trailing slash, as in the documented redirect
 * (`iss=https%3A%2F%2Fid.btgpactual.com`). The root of a port of the bank's own goes before the path of a shared one;
 * the setting `btg.issuer` goes before both. `bankUrl` is BTG's own, where what names the issuer came by one of its own hosts.
 */
export function btgIssuer(tenant: Tenant, bankUrl?: string): string {
  const { publicBase, rootUrl } = tenant.links.btg;
  return (tenant.settings.btg.issuer ?? bankUrl ?? rootUrl ?? publicBase).replace(/\/+$/, '');
}
