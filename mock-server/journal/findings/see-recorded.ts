import type { RecordedExchange } from '../journal.js';
import { seeExchange } from './seen-exchange.js';
import type { SeenExchange } from './seen-exchange.js';

/** An entry of the journal as the rules see it, secrets included. */
export function seeRecorded(entry: number, exchange: RecordedExchange): SeenExchange {
  const { answer, facts, requestHeaders, answerArrived } = exchange;
  return seeExchange({
    entry,
    bank: exchange.bank,
    endpoint: exchange.endpoint,
    receivedAtMs: exchange.receivedAtMs,
    answeredAtMs: exchange.answeredAtMs,
    arrivedAfter: exchange.arrivedAfter,
    environment: exchange.environment,
    method: exchange.method,
    url: exchange.url,
    header: (name) => requestHeaders.get(name),
    body: exchange.requestBody,
    status: answer.status,
    answerHeader: (wanted) => answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null,
    answerBody: answer.body,
    answerArrived,
    isFaulted: exchange.faults.length > 0,
    outcome: facts.outcome ?? null,
    clientId: facts.clientId ?? null,
    grantId: facts.grantId ?? null,
  });
}
