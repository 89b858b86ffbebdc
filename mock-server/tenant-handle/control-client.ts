import * as v from 'valibot';
import { problemSchema } from '../control/problem.js';
import { ControlApiError } from './control-api-error.js';

/** Sends a request to a control API: `fetch`, or a way that needs no socket. */
export type ControlCall = (request: Request) => Promise<Response>;

/** The methods of the control API. */
export type ControlMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Speaks with the control API of one tenant, or of the server; every answer is parsed. */
export class ControlClient {
  readonly #call: ControlCall;
  readonly #base: string;
  readonly #token: string | null;

  /** `base` is the tenant's own address, `…/_mock/tenants/{id}`, or the server's, `…/_mock`. */
  constructor(call: ControlCall, base: string, token: string | null = null) {
    this.#call = call;
    this.#base = base;
    this.#token = token;
  }

  /** Calls a path below the base, and parses the answer. @throws ControlApiError */
  async ask<Schema extends v.GenericSchema>(
    schema: Schema,
    method: ControlMethod,
    path: string,
    body?: unknown,
  ): Promise<v.InferOutput<Schema>> {
    const response = await this.#send(method, path, body);
    const result = v.safeParse(schema, parseJson(await response.text()));
    if (result.success) return result.output;
    const where = result.issues.map((issue) => v.getDotPath(issue) ?? '').join(', ');
    const detail = `The control API at ${this.#base} answered ${method} ${path} with something else than expected (${where}).`;
    throw new ControlApiError('ERR_CONTROL_ANSWER', response.status, detail);
  }

  /** Opens a path whose answer has no end. @throws ControlApiError */
  async open(path: string, signal: AbortSignal | undefined): Promise<ReadableStream<Uint8Array>> {
    const { body, status } = await this.#send('GET', path, undefined, 'text/event-stream', signal);
    if (body !== null) return body;
    throw new ControlApiError('ERR_CONTROL_ANSWER', status, `The control API at ${this.#base} sent no stream.`);
  }

  /** Calls a path whose answer says nothing. @throws ControlApiError */
  async tell(method: ControlMethod, path: string, body?: unknown): Promise<void> {
    await this.#send(method, path, body);
  }

  async #send(
    method: ControlMethod,
    path: string,
    body: unknown,
    accept = 'application/json',
    signal?: AbortSignal,
  ): Promise<Response> {
    const writes = method === 'POST' || method === 'PUT' || method === 'PATCH';
    const headers: Record<string, string> = {
      accept,
      ...(writes ? { 'content-type': 'application/json' } : {}),
      ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
    };
    const url = `${this.#base}${path}`;
    const request = new Request(url, {
      method,
      headers,
      ...(writes ? { body: JSON.stringify(body ?? {}) } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
    const response = await this.#call(request).catch((error: unknown) => {
      throw unreachable(this.#base, error);
    });
    if (response.ok) return response;
    throw await refusalOf(response, `${method} ${url}`);
  }
}

function unreachable(base: string, error: unknown): ControlApiError {
  const reason =
    error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
  const detail = `No control API answers at ${base}: ${reason || 'the connection failed'}. Is homologa serve running there?`;
  return new ControlApiError('ERR_CONTROL_UNREACHABLE', null, detail, error instanceof Error ? error : undefined);
}

async function refusalOf(response: Response, what: string): Promise<ControlApiError> {
  const result = v.safeParse(problemSchema, parseJson(await response.text()));
  if (!result.success) {
    return new ControlApiError(
      'ERR_CONTROL_ANSWER',
      response.status,
      `${what} was answered with status ${String(response.status)}, and not by a control API.`,
    );
  }
  const { code, status, detail, errors, shown } = result.output;
  return new ControlApiError(
    code,
    status,
    detail,
    errors === undefined && shown === undefined ? undefined : { errors, shown },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
