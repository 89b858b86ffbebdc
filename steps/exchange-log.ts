import type { HttpTransport } from '../client/http-transport.js';
import { wireFactsOf } from '../client/wire-facts.js';
import type { Exchange } from '../reports/exchange.js';
import { jsonForm } from '../reports/json-form.js';
import type { Redactor } from '../reports/redaction/redactor.js';

/** One exchange in short: no query, no header, no body. */
export interface LoggedExchange {
  readonly method: string;
  readonly address: string;
  /** Null where no answer came. */
  readonly status: number | null;
}

/** The exchanges of one scenario, in the order in which they were answered. Nothing secret is kept. */
export interface ExchangeLog {
  readonly exchanges: readonly LoggedExchange[];
  /** All of them whole, redacted with what is known by now. */
  record(): readonly Exchange[];
  /** Whose exchanges the next ones are; null in a hook. */
  beginStep(text: string | null): void;
  /** A transport whose exchanges are noted here. */
  observe(this: void, transport: HttpTransport): HttpTransport;
}

/** Longer bodies are cut, after redaction. */
const longestBody = 8_192;
/** What is beyond is not even looked at. */
const longestRead = 262_144;

/** A log that keeps each exchange in short alone, for runs of which only the verdicts count. */
export function createBriefLog(signal: AbortSignal): ExchangeLog {
  const exchanges: LoggedExchange[] = [];
  return {
    exchanges,
    record: () => [],
    beginStep: () => undefined,
    observe: (transport) => async (request) => {
      const [address = ''] = request.url.split(/[?#]/);
      const note = (status: number | null): void => void exchanges.push({ method: request.method, address, status });
      try {
        signal.throwIfAborted();
        const response = await transport(request);
        note(response.status);
        return response;
      } catch (error) {
        note(null);
        throw error;
      }
    },
  };
}

/** An empty log; once `signal` is aborted, nothing is sent any more. `between` says who asks whom at an address. */
export function createExchangeLog(
  signal: AbortSignal,
  redactor: Redactor,
  between: (url: string) => Exchange['between'] = () => undefined,
): ExchangeLog {
  const noted: Exchange[] = [];
  let step: string | null = null;
  return {
    get exchanges() {
      return noted.map(({ request, response }) => {
        // A tag holds a # of its own.
        const [address = ''] = request.url.split(/\?|#(?![^«]*»)/);
        return { method: request.method, address, status: response?.status ?? null };
      });
    },
    record: () => noted.map((exchange) => hidden(exchange, redactor)),
    beginStep: (text) => {
      step = text;
    },
    observe: (transport) => async (request) => {
      const startedAtMs = Date.now();
      const began = performance.now();
      const asked = await readRequest(request, redactor);
      const note = (response: Exchange['response'], problem: string | null, tls: Exchange['tls'] = undefined): void => {
        const durationMs = Math.round((performance.now() - began) * 10) / 10;
        const parties = between(request.url);
        const known = {
          ...(parties === undefined ? {} : { between: parties }),
          ...(tls === undefined ? {} : { tls }),
        };
        noted.push({ step, ...known, startedAtMs, durationMs, request: asked, response, problem });
      };
      try {
        signal.throwIfAborted();
        const response = await transport(request);
        const copy = response.clone();
        // What breaks off is its reader's to judge.
        const text = await copy.text().catch(() => null);
        const headers = readHeaders(response.headers, redactor);
        const body = readBody(response.headers.get('content-type') ?? '', text, redactor);
        const { headerNames, tls = null } = wireFactsOf(response) ?? {};
        const order = headerNames === undefined ? {} : { headerNames: headerNames.map((name) => redactor.text(name)) };
        const answered = { status: response.status, headers, ...order, ...body, ...readForm(text, redactor) };
        note(answered, text === null ? 'the answer broke off' : null, tls ?? undefined);
        return response;
      } catch (error) {
        note(null, redactor.text(error instanceof Error ? error.message : String(error)));
        throw error;
      }
    },
  };
}

/** The log as text, one exchange a line. */
export function formatExchanges(exchanges: readonly LoggedExchange[]): string {
  return exchanges
    .map(({ method, address, status }) => `${method} ${address} → ${status === null ? 'no answer' : String(status)}`)
    .join('\n');
}

async function readRequest(request: Request, redactor: Redactor): Promise<Exchange['request']> {
  const text = request.body === null ? null : await request.clone().text();
  return {
    method: request.method,
    url: redactor.url(request.url),
    headers: readHeaders(request.headers, redactor),
    ...readBody(request.headers.get('content-type') ?? '', text, redactor),
  };
}

function readHeaders(headers: Headers, redactor: Redactor): [string, string][] {
  return [...headers].map(([name, value]) => [name, redactor.header(name, value)]);
}

function readBody(contentType: string, text: string | null, redactor: Redactor) {
  if (text === null || text === '') return { body: null, omitted: 0 };
  const safe = redactor.body(contentType, text.slice(0, longestRead));
  const omitted = Math.max(0, safe.length - longestBody) + Math.max(0, text.length - longestRead);
  return { body: safe.slice(0, longestBody), omitted };
}

/** Taken before anything is masked or cut; names of members are masked like any text. */
function readForm(text: string | null, redactor: Redactor): Pick<NonNullable<Exchange['response']>, 'json'> {
  if (text === null || text.length > longestRead) return {};
  const form = jsonForm(text);
  if (form === null) return {};
  const members = form.members.map(([path, type]): [string, string] => [redactor.text(path), type]);
  return { json: { ...form, members } };
}

/** What was no known secret when it was noted may be one by now. */
function hidden(exchange: Exchange, redactor: Redactor): Exchange {
  const { request, response, problem } = exchange;
  const headers = (pairs: Exchange['request']['headers']) =>
    pairs.map(([name, value]): [string, string] => [name, redactor.text(value)]);
  const body = (text: string | null) => (text === null ? null : redactor.text(text));
  return {
    ...exchange,
    request: {
      ...request,
      url: redactor.text(request.url),
      headers: headers(request.headers),
      body: body(request.body),
    },
    response: response === null ? null : hiddenAnswer(response, redactor),
    problem: body(problem),
  };
}

function hiddenAnswer(
  response: NonNullable<Exchange['response']>,
  redactor: Redactor,
): NonNullable<Exchange['response']> {
  const { headers, headerNames, body, json } = response;
  return {
    ...response,
    headers: headers.map(([name, value]) => [name, redactor.text(value)]),
    ...(headerNames === undefined ? {} : { headerNames: headerNames.map((name) => redactor.text(name)) }),
    body: body === null ? null : redactor.text(body),
    ...(json === undefined
      ? {}
      : { json: { ...json, members: json.members.map(([path, type]) => [redactor.text(path), type]) } }),
  };
}
