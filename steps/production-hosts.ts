import type { HttpTransport } from '../client/http-transport.js';
import { HomologaError } from '../foundation/homologa-error.js';

/** Hosts on which real money moves (facts: the banks' documentation and public clients of them). */
const productionHosts: ReadonlySet<string> = new Set([
  'id.btgpactual.com',
  'api.empresas.btgpactual.com',
  'id.btgmaisbusiness.com',
  'api.bs2.com',
  'app.empresas.bs2.com',
]);

/** Thrown for an address in production: nothing was sent there. `cause` is `{ host }`. */
export class ProductionHostError extends HomologaError {
  constructor(host: string, where: string) {
    super(
      'ERR_PRODUCTION_HOST',
      `${host} is a bank in production (${where}). Nothing is sent there: scenarios burn codes and tokens on purpose.`,
      { cause: { host } },
    );
  }
}

/** Whether a host is a bank's in production; case and a dot at the end do not count. */
export function isProductionHost(hostname: string): boolean {
  return productionHosts.has(hostname.toLowerCase().replace(/\.$/, ''));
}

/** @throws ProductionHostError (`ERR_PRODUCTION_HOST`) */
export function refuseProduction(address: string, where: string): void {
  const { hostname } = new URL(address);
  if (isProductionHost(hostname)) throw new ProductionHostError(hostname, where);
}

/** A transport that refuses production, also where a bank's redirect or form leads there. */
export function outsideProduction(transport: HttpTransport): HttpTransport {
  return async (request) => {
    refuseProduction(request.url, 'a redirect, a link or a form led there');
    return transport(request);
  };
}
