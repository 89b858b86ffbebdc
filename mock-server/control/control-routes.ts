import { Hono } from 'hono/tiny';
import { readJsonBody } from './json-body.js';
import type { ControlContext, Operation } from './operation.js';
import { operations } from './operations.js';
import { ControlProblem, problemResponse, secureHeaders } from './problem.js';

/** The routes of the control API, made of the table of its operations. Who may call was judged before. */
export function createRoutes(context: ControlContext): Hono {
  const routes = new Hono();
  const paths = new Map<string, Operation[]>();
  for (const operation of operations) paths.set(operation.path, [...(paths.get(operation.path) ?? []), operation]);
  for (const [path, group] of paths) {
    routes.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), async ({ req }) => {
      const method = req.method === 'HEAD' ? 'GET' : req.method;
      const operation = group.find((candidate) => candidate.method === method);
      if (operation === undefined) return methodNotAllowed(group);
      const body = operation.request === null ? null : await readJsonBody(req.raw);
      const lastEventId = req.header('last-event-id') ?? null;
      return operation.run(context, { parameters: req.param(), query: req.query(), body, lastEventId });
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
