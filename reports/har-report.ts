import { checkKey } from './check.js';
import type { ExchangeRecord } from './evidence-records.js';
import type { RunEvidence } from './run-evidence.js';

type Pairs = ExchangeRecord['request']['headers'];

/** `requests.har`: every exchange, redacted, as HAR 1.2; a page is a check. */
export function harReport({ run, checks, exchanges, bodies }: RunEvidence): string {
  const began = Date.parse(run.startedAt);
  const at = (ms: number): string => new Date(began + ms).toISOString();
  const pages = checks
    .filter((check) => exchanges.has(checkKey(check)))
    .map(({ id: check, bank, scenario, atMs }) => ({ id: checkKey({ id: check, bank }), check, scenario, atMs }))
    .map(({ id, scenario, atMs }) => ({ id, title: `${id}: ${scenario}`, startedDateTime: at(atMs), pageTimings: {} }));
  const entries = pages.flatMap(({ id }) =>
    (exchanges.get(id) ?? []).map((exchange) => entry(exchange, at(exchange.atMs), bodies)),
  );
  const creator = { name: 'homologa', version: run.homologa };
  return `${JSON.stringify({ log: { version: '1.2', creator, pages, entries } })}\n`;
}

function entry(exchange: ExchangeRecord, startedDateTime: string, bodies: RunEvidence['bodies']) {
  const { check, durationMs, request, response, step, problem } = exchange;
  const sent = request.body === null ? null : (bodies.get(request.body) ?? '');
  const got = response?.body == null ? '' : (bodies.get(response.body) ?? '');
  const answer = {
    status: response?.status ?? 0,
    statusText: problem ?? '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: named(response?.headers ?? []),
    content: { size: got.length, mimeType: header(response?.headers ?? [], 'content-type'), text: got },
    redirectURL: header(response?.headers ?? [], 'location'),
    headersSize: -1,
    bodySize: -1,
    // As browsers say in theirs that an answer did not arrive as a whole.
    ...(problem === null ? {} : { _error: problem }),
  };
  const mimeType = header(request.headers, 'content-type');
  return {
    pageref: check,
    startedDateTime,
    time: durationMs,
    request: {
      method: request.method,
      url: request.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(request.headers),
      queryString: [],
      ...(sent === null ? {} : { postData: { mimeType, text: sent } }),
      headersSize: -1,
      bodySize: -1,
    },
    response: answer,
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    ...(step === null ? {} : { comment: step }),
  };
}

function named(pairs: Pairs) {
  return pairs.map(([name, value]) => ({ name, value }));
}

function header(pairs: Pairs, wanted: string): string {
  return pairs.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}
