import type { Problem } from './api-types.js';

/** A refusal of the control API, in its own words. */
export class ApiProblem extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Calls the control API of the server that the page came from. What comes back is taken to be what the caller names:
 * page and API are of one build.
 *
 * @throws ApiProblem
 */
export async function callApi<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  const sends = method !== 'GET' && method !== 'DELETE';
  const response = await fetch(`/_mock${path}`, {
    method,
    ...(sends ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) } : {}),
  }).catch(() => {
    throw new ApiProblem(0, 'The mock does not answer. Is homologa serve still running?');
  });
  if (!response.ok) throw new ApiProblem(response.status, await problemText(response));
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function problemText(response: Response): Promise<string> {
  if (response.status === 401) {
    return 'This browser may not: open the dashboard by the link that homologa serve printed, which works once.';
  }
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  return problem?.detail ?? `The control API answered ${String(response.status)}.`;
}

/** The calls of one tenant. */
export class TenantApi {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  /** Where a path of the tenant is, for streams and downloads. */
  address(path: string): string {
    return `/_mock/tenants/${encodeURIComponent(this.id)}${path}`;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#call<Answer>('GET', path);
  }

  post<Answer>(path: string, body?: unknown): Promise<Answer> {
    return this.#call<Answer>('POST', path, body);
  }

  put<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#call<Answer>('PUT', path, body);
  }

  patch<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#call<Answer>('PATCH', path, body);
  }

  delete(path: string): Promise<void> {
    return this.#call<void>('DELETE', path);
  }

  #call<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
    return callApi<Answer>(method, `/tenants/${encodeURIComponent(this.id)}${path}`, body);
  }
}
