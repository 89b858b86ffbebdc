import type { Exchange } from '../../reports/exchange.js';
import type { Redactor } from '../../reports/redaction/redactor.js';
import { isFromBrowser } from './bank-call.js';
import type { BankCall } from './bank-call.js';

const longestBody = 8_192;

/** What reached the bank, for the reports: redacted, without what the log of a customer's user agent has already. */
export function applicationExchanges(calls: readonly BankCall[], redactor: Redactor): readonly Exchange[] {
  return calls
    .filter(({ headers }) => headers.get('user-agent') !== 'homologa')
    .map((call) => exchangeOf(call, redactor));
}

function exchangeOf(call: BankCall, redactor: Redactor): Exchange {
  const { recorded, answeredAtMs, url, method, headers, rawBody, answer } = call;
  const durationMs = Math.max(0, recorded.answeredAtMs - recorded.receivedAtMs);
  const pairs = (all: Headers): [string, string][] =>
    [...all].map(([name, value]) => [name, redactor.header(name, value)]);
  const bodyOf = (type: string | null, text: string): { body: string | null; omitted: number } => {
    if (text === '') return { body: null, omitted: 0 };
    const safe = redactor.body(type ?? '', text);
    return { body: safe.slice(0, longestBody), omitted: Math.max(0, safe.length - longestBody) };
  };
  const asked = {
    method,
    url: redactor.url(url.href),
    headers: pairs(headers),
    ...bodyOf(headers.get('content-type'), rawBody),
  };
  const answered = {
    status: answer.status,
    headers: pairs(answer.headers),
    ...bodyOf(answer.headers.get('content-type'), answer.body),
  };
  // A connection that was reset before any answer has no status.
  const response = answer.status === 0 ? null : answered;
  return {
    step: null,
    between: isFromBrowser(call) ? 'user-bank' : 'application-bank',
    startedAtMs: answeredAtMs - durationMs,
    durationMs,
    request: asked,
    response,
    problem: response === null ? 'the connection was reset' : recorded.answerArrived ? null : 'the answer broke off',
  };
}
