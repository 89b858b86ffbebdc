import { Hono } from 'hono';
import type { TenantRegistry } from '../tenants/tenant-registry.js';
import { judgeAccess } from './access-control.js';
import type { Caller } from './access-control.js';
import { DashboardLinks } from './dashboard-links.js';
import { readJsonBody } from './json-body.js';
import { parseStrictly } from './member-problem.js';
import type { ControlContext, Operation } from './operation.js';
import { operations } from './operations.js';
import { ControlProblem, invalidRequest, problemResponse, secureHeaders } from './problem.js';
import { describeTenant } from './tenant-description.js';
import { createTenant } from './tenant-operations.js';
import { tenantRequestSchema } from './tenant-schema.js';
import type { TenantDescription } from './tenant-schema.js';

/** The control API, without a socket. */
export interface ControlApplication {
  /** Answers a request to `/_mock/…`. Never rejects. */
  fetch(request: Request, caller: Caller): Promise<Response>;
  /** Creates a tenant as `POST /_mock/tenants` does. @throws HomologaError with the problem's code */
  createTenant(request: unknown): Promise<TenantDescription>;
  /** A link that opens the dashboard once, where a control token guards it; else the dashboard's address. */
  mintDashboardLink(): string;
}

/** The control API over a server's tenants. */
export function createControlApplication(context: {
  readonly registry: TenantRegistry;
  readonly version: string;
  readonly controlToken: string | null;
}): ControlApplication {
  const { registry, controlToken } = context;
  const links = new DashboardLinks(controlToken);
  const routes = createRoutes(context);
  return {
    fetch: async (request, caller) => {
      try {
        const { publicOrigin, internalOrigin, listenOrigin } = registry.origins;
        const opened = links.open(request, publicOrigin.startsWith('https:'));
        if (opened !== null) return opened;
        const refusal = judgeAccess(request, caller, controlToken, [publicOrigin, internalOrigin, listenOrigin]);
        return refusal ?? (await routes.fetch(request));
      } catch (error) {
        return problemResponse(error);
      }
    },
    createTenant: async (request) => {
      const result = parseStrictly(tenantRequestSchema, request);
      if (result.kind === 'invalid') throw invalidRequest(result.problems, 'the request');
      return describeTenant(createTenant(registry, result.value), registry);
    },
    mintDashboardLink: () => {
      const { publicOrigin, listenOrigin } = registry.origins;
      return links.mint(controlToken === null ? listenOrigin : publicOrigin);
    },
  };
}

function createRoutes(context: ControlContext): Hono {
  const routes = new Hono();
  const paths = new Map<string, Operation[]>();
  for (const operation of operations) paths.set(operation.path, [...(paths.get(operation.path) ?? []), operation]);
  for (const [path, group] of paths) {
    routes.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), async ({ req }) => {
      const method = req.method === 'HEAD' ? 'GET' : req.method;
      const operation = group.find((candidate) => candidate.method === method);
      if (operation === undefined) return methodNotAllowed(group);
      const body = operation.request === null ? null : await readJsonBody(req.raw);
      return operation.run(context, { parameters: req.param(), query: req.query(), body });
    });
  }
  routes.all('/_mock/openapi.json', async ({ req }) => {
    if (req.method !== 'GET') return methodNotAllowed([{ method: 'GET' }]);
    // Loaded on demand: no start of the mock should wait for it.
    const { openApiDocument } = await import('./openapi.js');
    const document = JSON.stringify(openApiDocument(context.version));
    return new Response(document, { headers: { 'content-type': 'application/json', ...secureHeaders } });
  });
  routes.notFound(({ req }) => {
    const detail = `The control API has nothing at ${req.path.slice(0, 200)}; GET /_mock/openapi.json describes it.`;
    return problemResponse(new ControlProblem(404, 'ERR_NO_SUCH_PATH', detail));
  });
  routes.onError((error) => problemResponse(error));
  return routes;
}

function methodNotAllowed(group: readonly Pick<Operation, 'method'>[]): Response {
  const allow = group.map(({ method }) => method).join(', ');
  const detail = `This path takes ${allow}.`;
  return problemResponse(new ControlProblem(405, 'ERR_METHOD_NOT_ALLOWED', detail), { allow });
}
