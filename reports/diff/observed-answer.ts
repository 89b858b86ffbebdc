import type { ExchangeRecord } from '../evidence-records.js';
import { membersOf, whitespaceClass } from '../json-form.js';
import type { JsonForm } from '../json-form.js';
import type { ScenarioBank } from '../scenario-tags.js';
import { normalText } from './normal-text.js';

/** Which of a bank's endpoints answered, as the mock's `wire` rules call them; `redirect` is the way back to the client. */
export const endpointKinds = ['authorize', 'pages', 'redirect', 'token', 'revoke', 'api', 'metadata'] as const;
export type EndpointKind = (typeof endpointKinds)[number];

export type BodyKind = 'none' | 'html' | 'json' | 'text';

/** An answer of a bank, reduced to what two runs have in common. */
export interface ObservedAnswer {
  readonly bank: ScenarioBank;
  readonly check: string;
  readonly step: string;
  readonly endpoint: EndpointKind;
  readonly method: string;
  /** Without origin, tenant and ids. */
  readonly path: string;
  readonly grantType: string | null;
  /** Null where no answer came. */
  readonly status: number | null;
  /** The `error` member of a JSON body. */
  readonly error: string | null;
  /** By name in lower case; those that belong to the connection are left out. */
  readonly headers: ReadonlyMap<string, string>;
  readonly kind: BodyKind;
  /** As recorded, masked; null where it is none or was cut off. */
  readonly body: string | null;
  /** Of a JSON body. */
  readonly json: { readonly value: unknown; readonly form: JsonForm; readonly isRecorded: boolean } | null;
  /** Of a redirect back to the client. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** Headers of the connection or of the moment, and the length, which follows from the body. */
const passing = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'date',
  'age',
  'trailer',
  'upgrade',
  'alt-svc',
]);

/** Where a run found the bank's endpoints: paths of requests that could only be meant for them. */
export interface EndpointPaths {
  readonly authorize: ReadonlySet<string>;
  readonly token: ReadonlySet<string>;
  readonly revoke: ReadonlySet<string>;
}

/** Learns the endpoints of a run from its well-formed requests, so that malformed ones are known too. */
export function learnPaths(exchanges: Iterable<ExchangeRecord>, bodies: ReadonlyMap<string, string>): EndpointPaths {
  const paths = { authorize: new Set<string>(), token: new Set<string>(), revoke: new Set<string>() };
  for (const { request } of exchanges) {
    const path = pathOf(request.url);
    const body = formOf(request.body === null ? '' : (bodies.get(request.body) ?? ''));
    if (new URL(plain(request.url)).searchParams.has('response_type')) paths.authorize.add(path);
    else if (request.method === 'POST' && body.has('grant_type')) paths.token.add(path);
    else if (request.method === 'POST' && body.has('token') && !body.has('csrf')) paths.revoke.add(path);
  }
  return paths;
}

/** Reads an exchange; a redirect that leads back to the client is told apart by `redirectUris`. */
export function observe(
  record: ExchangeRecord,
  bodies: ReadonlyMap<string, string>,
  { bank, paths, step }: { readonly bank: ScenarioBank; readonly paths: EndpointPaths; readonly step: string },
): ObservedAnswer {
  const { request, response } = record;
  const path = pathOf(request.url);
  const form = formOf(request.body === null ? '' : (bodies.get(request.body) ?? ''));
  const text = response?.body == null ? null : (bodies.get(response.body) ?? null);
  const kind = bodyKind(text);
  const json = kind !== 'json' || response === null ? null : readJson(text ?? '', response.json);
  return {
    bank,
    check: record.check,
    step,
    endpoint: endpointOf(path, request.headers, paths),
    method: request.method,
    path,
    grantType: form.get('grant_type'),
    status: response?.status ?? null,
    error: errorOf(json?.value),
    headers: new Map(
      (response?.headers ?? []).flatMap(([name, value]): [string, string][] =>
        passing.has(name.toLowerCase()) ? [] : [[name.toLowerCase(), value]],
      ),
    ),
    kind,
    body: response?.omitted === 0 ? text : null,
    json,
    parameters: new Map(),
    startsAtMs: record.atMs,
    endsAtMs: record.atMs + record.durationMs,
  };
}

/** The redirect back to the client that an answer is, as an observation of its own; null for all others. */
export function redirectOf(answer: ObservedAnswer, redirectUris: ReadonlySet<string>): ObservedAnswer | null {
  const location = answer.headers.get('location');
  if (location === undefined || !URL.canParse(plain(location))) return null;
  const url = new URL(plain(location));
  if (!redirectUris.has(`${url.origin}${url.pathname}`)) return null;
  const parameters = new Map([...url.searchParams].map(([name, value]) => [name, normalText(value)]));
  return { ...answer, endpoint: 'redirect', parameters };
}

/** The redirect URIs that a run's authorization requests named. */
export function redirectUrisOf(exchanges: Iterable<ExchangeRecord>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { request } of exchanges) {
    const uri = new URL(plain(request.url)).searchParams.get('redirect_uri');
    if (uri === null || !URL.canParse(uri)) continue;
    const { origin, pathname } = new URL(uri);
    found.add(`${origin}${pathname}`);
  }
  return found;
}

function endpointOf(path: string, headers: readonly [string, string][], paths: EndpointPaths): EndpointKind {
  if (paths.token.has(path)) return 'token';
  if (paths.revoke.has(path)) return 'revoke';
  if (paths.authorize.has(path)) return 'authorize';
  if (/\.well-known\/|\/jwks/.test(path)) return 'metadata';
  const sent = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const isPerson = sent.get('accept')?.includes('text/html') === true;
  return isPerson ? 'pages' : 'api';
}

/** A tag holds the fragment's mark. */
function plain(url: string): string {
  return url.replaceAll(/«([^»#]*)(?:#[^»]*)?»/g, '‹$1›');
}

function pathOf(url: string): string {
  const { pathname } = new URL(plain(url));
  const path = pathname.replace(/^\/t\/[^/]+/, '').replace(/^\/(?:bs2|btg)(?=\/)/, '');
  return decodeURI(path).replaceAll(/‹[^›]*›|\d{5,}/g, '{}');
}

function formOf(body: string): URLSearchParams {
  return new URLSearchParams(plain(body));
}

function bodyKind(text: string | null): BodyKind {
  const start = text?.trimStart().slice(0, 1) ?? '';
  if (start === '') return 'none';
  if (start === '<') return 'html';
  return start === '{' || start === '[' ? 'json' : 'text';
}

/** The form as it was recorded; of streams that do not say it, from the masked body. */
function readJson(text: string, recorded: JsonForm | undefined): ObservedAnswer['json'] {
  try {
    const value: unknown = JSON.parse(text);
    const form = recorded ?? { whitespace: whitespaceClass(text), members: membersOf(value) };
    return { value, form, isRecorded: recorded !== undefined };
  } catch {
    return recorded === undefined ? null : { value: undefined, form: recorded, isRecorded: true };
  }
}

function errorOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('error' in value)) return null;
  return typeof value.error === 'string' ? value.error : null;
}
