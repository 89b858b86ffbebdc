import type * as v from 'valibot';
import type { TenantRegistry } from '../tenants/tenant-registry.js';
import type { Tenant } from '../tenants/tenant.js';
import { emptySchema } from './basic-schemas.js';
import { parseStrictly } from './member-problem.js';
import { invalidRequest, notFound, secureHeaders } from './problem.js';

/** What the control API works on. */
export interface ControlContext {
  readonly registry: TenantRegistry;
  readonly version: string;
}

export type OperationMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type ProblemStatus = 400 | 404 | 409 | 422;

/** One call of the control API, as the routes, the OpenAPI document and the tests see it. */
export interface Operation {
  readonly id: string;
  readonly method: OperationMethod;
  /** With `{name}` for each parameter. */
  readonly path: string;
  readonly summary: string;
  readonly request: v.GenericSchema | null;
  readonly query: Queries | null;
  readonly status: 200 | 201 | 204;
  /** Null for 204 and for streams. */
  readonly response: v.GenericSchema | null;
  /** Of an answer without an end; its events are told in the summary. */
  readonly isEventStream: boolean;
  /** What it may refuse with, besides what every call may. */
  readonly problems: readonly ProblemStatus[];
  run(context: ControlContext, call: RawCall): Promise<Response>;
}

/** A query's schema: an object of parameters. */
export type Queries = v.GenericSchema & { readonly entries: Readonly<Record<string, v.GenericSchema>> };

/** A call before its parts are judged. */
export interface RawCall {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Null for an empty body. */
  readonly body: unknown;
  /** The id of the last event that the reader of a stream got before it was cut off. */
  readonly lastEventId: string | null;
}

/** A call whose body and query are what the operation asks for. */
export interface Call<Request extends v.GenericSchema, Query extends Queries> {
  readonly context: ControlContext;
  readonly parameter: (name: string) => string;
  readonly body: v.InferOutput<Request>;
  readonly query: v.InferOutput<Query>;
  readonly lastEventId: string | null;
}

interface Definition<Request extends v.GenericSchema, Query extends Queries> {
  readonly id: string;
  readonly method: OperationMethod;
  readonly path: string;
  readonly summary: string;
  readonly request?: Request;
  readonly query?: Query;
  readonly problems?: readonly ProblemStatus[];
}

interface Answering<Result extends v.GenericSchema> {
  readonly status: 200 | 201;
  readonly response: Result;
}

type Awaitable<T> = T | Promise<T>;

/** An operation that answers with a document. */
export function operation<Request extends v.GenericSchema, Query extends Queries, Result extends v.GenericSchema>(
  definition: Definition<Request, Query> & Answering<Result>,
  handle: (call: Call<Request, Query>) => Awaitable<v.InferOutput<Result>>,
): Operation {
  const { status, response } = definition;
  return build(definition, status, response, async (call) => {
    const body = JSON.stringify(await handle(call));
    return new Response(body, { status, headers: { 'content-type': 'application/json', ...secureHeaders } });
  });
}

/** An operation that has nothing to say. */
export function silentOperation<Request extends v.GenericSchema, Query extends Queries>(
  definition: Definition<Request, Query>,
  handle: (call: Call<Request, Query>) => Awaitable<void>,
): Operation {
  return build(definition, 204, null, async (call) => {
    await handle(call);
    return new Response(null, { status: 204, headers: secureHeaders });
  });
}

/** An operation that answers with server-sent events for as long as its reader stays. */
export function eventStreamOperation<Request extends v.GenericSchema, Query extends Queries>(
  definition: Definition<Request, Query>,
  handle: (call: Call<Request, Query>) => ReadableStream<Uint8Array>,
): Operation {
  const answering = build(definition, 200, null, async (call) => {
    const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', ...secureHeaders };
    return new Response(handle(call), { headers });
  });
  return { ...answering, isEventStream: true };
}

/** The tenant that the address names. */
export function tenantOf(call: { context: ControlContext; parameter: (name: string) => string }): Tenant {
  const id = call.parameter('tenant');
  const tenant = call.context.registry.find(id);
  if (tenant === undefined) throw notFound('tenant', id);
  return tenant;
}

function build<Request extends v.GenericSchema, Query extends Queries>(
  definition: Definition<Request, Query>,
  status: Operation['status'],
  response: v.GenericSchema | null,
  answer: (call: Call<Request, Query>) => Promise<Response>,
): Operation {
  const { id, method, path, summary, request, query, problems = [] } = definition;
  const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  return {
    id,
    method,
    path,
    summary,
    request: request ?? (takesBody ? emptySchema : null),
    query: query ?? null,
    status,
    response,
    isEventStream: false,
    problems: [
      ...new Set<ProblemStatus>([
        ...(takesBody ? [400 as const] : []),
        ...(path.includes('{') ? [404 as const] : []),
        ...problems,
      ]),
    ],
    run: async (context, raw) => {
      if (takesBody && request === undefined) read(emptySchema, raw.body ?? {}, undefined);
      const parameter = (name: string): string => raw.parameters[name] ?? '';
      return answer({
        context,
        parameter,
        body: read(request, raw.body ?? {}, undefined),
        query: read(query, raw.query, 'the query'),
        lastEventId: raw.lastEventId,
      });
    },
  };
}

function read<Schema extends v.GenericSchema>(
  schema: Schema | undefined,
  value: unknown,
  root: string | undefined,
): v.InferOutput<Schema> {
  if (schema === undefined) return undefined;
  const result = parseStrictly(schema, value);
  if (result.kind === 'invalid') throw invalidRequest(result.problems, root);
  return result.value;
}
