import * as v from 'valibot';
import type { RecordedExchange } from '../../mock-server/journal/journal.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';

/** The tokens that an answer of the token endpoint held; absent members are null. */
export interface IssuedTokens {
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
}

/** One request to the bank with its answer, read as far as checks ask. Its values are secrets. */
export interface BankCall {
  /** Counts up from 0 in the order in which the bank answered. */
  readonly number: number;
  readonly bank: ScenarioBank;
  readonly endpoint: RecordedExchange['endpoint'];
  /** In epoch ms of this machine: when the bank had answered. */
  readonly answeredAtMs: number;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly rawBody: string;
  readonly query: URLSearchParams;
  /** The body as a form; empty where it is none. */
  readonly form: URLSearchParams;
  /** Of the `Authorization` header; undecoded percent escapes stay as they came. */
  readonly basic: { readonly id: string; readonly secret: string } | null;
  readonly bearer: string | null;
  readonly answer: { readonly status: number; readonly headers: Headers; readonly body: string };
  readonly tokens: IssuedTokens | null;
  readonly grantId: string | null;
  readonly clientId: string | null;
  readonly username: string | null;
  readonly outcome: string | null;
  readonly faults: readonly string[];
  readonly recorded: RecordedExchange;
}

const tokenAnswerSchema = v.looseObject({
  access_token: v.optional(v.string()),
  refresh_token: v.optional(v.string()),
  id_token: v.optional(v.string()),
});

/** Reads a recorded request. */
export function readBankCall(recorded: RecordedExchange, number: number, answeredAtMs: number): BankCall {
  const { method, requestHeaders, requestBody, answer, facts } = recorded;
  const url = new URL(recorded.url);
  const authorization = requestHeaders.get('authorization') ?? '';
  return {
    number,
    bank: recorded.bank,
    endpoint: recorded.endpoint,
    answeredAtMs,
    method,
    url,
    headers: new Headers([...requestHeaders]),
    rawBody: requestBody,
    query: url.searchParams,
    form: new URLSearchParams(looksLikeForm(requestBody) ? requestBody : ''),
    basic: readBasic(authorization),
    bearer: /^bearer +(.+)$/i.exec(authorization)?.[1] ?? null,
    answer: {
      status: answer.status,
      headers: new Headers(answer.headers.map(([name, value]): [string, string] => [name, value])),
      body: answer.body,
    },
    tokens: recorded.endpoint === 'token' ? readTokens(answer.body) : null,
    grantId: facts.grantId ?? null,
    clientId: facts.clientId ?? null,
    username: facts.username ?? null,
    outcome: facts.outcome ?? null,
    faults: recorded.faults,
    recorded,
  };
}

/** The grant that a token request asks for; null where it is none. */
export function grantTypeOf(call: BankCall): string | null {
  return call.endpoint === 'token' ? call.form.get('grant_type') : null;
}

/**
 * Whether the request came from a person's browser and not from the application's backend. Node's own `fetch` sends
 * `sec-fetch-mode`, too, but it never navigates.
 */
export function isFromBrowser({ headers }: BankCall): boolean {
  return headers.get('sec-fetch-mode') === 'navigate' || /Mozilla\//.test(headers.get('user-agent') ?? '');
}

function looksLikeForm(body: string): boolean {
  return body !== '' && !/^\s*[[{<]/.test(body);
}

function readBasic(authorization: string): BankCall['basic'] {
  const encoded = /^basic +(\S+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : { id: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}

function readTokens(body: string): IssuedTokens | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = v.safeParse(tokenAnswerSchema, json);
  if (!parsed.success) return null;
  const { access_token: accessToken, refresh_token: refreshToken, id_token: idToken } = parsed.output;
  if (accessToken === undefined && refreshToken === undefined && idToken === undefined) return null;
  return { accessToken: accessToken ?? null, refreshToken: refreshToken ?? null, idToken: idToken ?? null };
}
