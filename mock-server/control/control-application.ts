import type { Hono } from 'hono/tiny';
import type { TenantRegistry } from '../tenants/tenant-registry.js';
import { judgeAccess } from './access-control.js';
import type { Caller } from './access-control.js';
import { DashboardLinks } from './dashboard-links.js';
import { healthOperation } from './health-operation.js';
import { parseStrictly } from './member-problem.js';
import { invalidRequest, problemResponse } from './problem.js';
import { describeTenant } from './tenant-description.js';
import { createTenant } from './create-tenant.js';
import { tenantRequestSchema } from './tenant-schema.js';
import type { TenantDescription } from './tenant-schema.js';

/** The control API, without a socket. */
export interface ControlApplication {
  /** Answers a request to `/_mock/…`. Never rejects. */
  readonly fetch: (request: Request, caller: Caller) => Promise<Response>;
  /** Creates a tenant as `POST /_mock/tenants` does. @throws HomologaError with the problem's code */
  readonly createTenant: (request: unknown) => Promise<TenantDescription>;
  /** A link that opens the dashboard once, where a control token guards it; else the dashboard's address. */
  readonly mintDashboardLink: () => string;
}

/** The control API over a server's tenants. */
export function createControlApplication(context: {
  readonly registry: TenantRegistry;
  readonly version: string;
  readonly controlToken: string | null;
}): ControlApplication {
  const { registry, controlToken } = context;
  const links = new DashboardLinks(controlToken);
  // Loaded at the first call but health: a mock is ready for its banks' first request before.
  let loading: Promise<Hono> | null = null;
  const routes = (): Promise<Hono> =>
    (loading ??= import('./control-routes.js').then(({ createRoutes }) => createRoutes(context)));
  return {
    fetch: async (request, caller) => {
      try {
        const { publicOrigin, internalOrigin, listenOrigin } = registry.origins;
        const opened = links.open(request, publicOrigin.startsWith('https:'));
        if (opened !== null) return opened;
        const refusal = judgeAccess(request, caller, controlToken, [publicOrigin, internalOrigin, listenOrigin]);
        if (refusal !== null) return refusal;
        if (isHealthCheck(request))
          return await healthOperation.run(context, { parameters: {}, query: {}, body: null, lastEventId: null });
        const response = await (await routes()).fetch(request);
        await registry.settled();
        return response;
      } catch (error) {
        return problemResponse(error);
      }
    },
    createTenant: async (request) => {
      const result = parseStrictly(tenantRequestSchema, request);
      if (result.kind === 'invalid') throw invalidRequest(result.problems, 'the request');
      const tenant = createTenant(registry, result.value);
      await registry.settled();
      return describeTenant(tenant, registry);
    },
    mintDashboardLink: () => {
      const { publicOrigin, listenOrigin } = registry.origins;
      return links.mint(controlToken === null ? listenOrigin : publicOrigin);
    },
  };
}

function isHealthCheck({ method, url }: Request): boolean {
  return method === healthOperation.method && new URL(url).pathname === healthOperation.path;
}
