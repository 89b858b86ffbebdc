import { bankOf } from './banks/bank-of-exchange.js';
import type { Bank } from './banks/bank.js';
import type { Answer, Endpoint, Exchange } from './banks/exchange.js';
import { readRedirectSubject } from './banks/fault-subject.js';
import type { RouteMatch } from './banks/route-table.js';
import type { FaultPoint } from './faults/fault.js';
import { throughFaults } from './faults/fault-seam.js';
import type { Delivery } from './faults/fault-seam.js';
import type { RecordedExchange } from './journal/journal.js';

/** A request to a bank, with its body still to be judged for size. */
export interface BankRequest {
  readonly exchange: Exchange;
  readonly url: string;
  /** Set when the body was larger than any form can be, and was not read. */
  readonly bodyTooLarge: boolean;
}

const pointOfEndpoint: Readonly<Partial<Record<Endpoint, 'authorize' | 'token' | 'api'>>> = {
  authorize: 'authorize',
  token: 'token',
  revoke: 'token',
  api: 'api',
};

/** A request's way: fault seam, route, rule, renderer, fault seam, journal. No step looks back. */
export async function answerBankRequest(
  request: BankRequest,
): Promise<{ readonly delivery: Delivery; readonly recorded: RecordedExchange }> {
  const { exchange } = request;
  const { tenant } = exchange;
  const receivedAtMs = tenant.clock.now();
  const arrivedAfter = tenant.journal.newestId;
  await tenant.store.sweep(receivedAtMs);
  const { endpoint, delivery } = await deliver(bankOf(exchange), request);
  const dated: Answer = {
    ...delivery.answer,
    headers: [...delivery.answer.headers, ['date', new Date(tenant.clock.now()).toUTCString()]],
  };
  const recorded: RecordedExchange = {
    bank: exchange.bank,
    endpoint,
    receivedAtMs,
    answeredAtMs: tenant.clock.now(),
    method: exchange.method,
    url: request.url,
    requestHeaders: exchange.headers,
    requestBody: exchange.body,
    answer: dated,
    facts: exchange.facts,
    faults: delivery.faults,
    arrivedAfter,
    answerArrived: delivery.transport === 'complete',
    environment: tenant.settings.environment,
    isPlayed: false,
  };
  tenant.journal.record(recorded);
  // What the answer says must be true for a server that is killed now and started again.
  const unsaved = tenant.settled();
  if (unsaved !== undefined) await unsaved;
  return { delivery: { ...delivery, answer: dated }, recorded };
}

/** A route of the bank, where the host that was named has it: BTG's tokens and resources are at different hosts. */
function matchRoute({ routes }: Bank, { method, path, ownHost }: Exchange): RouteMatch {
  const match = routes.match(method, path);
  if (match.kind === 'none' || ownHost === undefined || ownHost.serves === 'both') return match;
  const { endpoint } = match.kind === 'route' ? match.route : match;
  return (endpoint === 'api') === (ownHost.serves === 'resources') ? match : { kind: 'none' };
}

async function deliver(bank: Bank, request: BankRequest): Promise<{ endpoint: Endpoint; delivery: Delivery }> {
  const { exchange } = request;
  const whole = (answer: Answer): Delivery => ({ answer, transport: 'complete', faults: [] });
  const match = matchRoute(bank, exchange);
  const finished = (answer: Answer, endpoint: Endpoint): Answer => bank.finish(answer, endpoint, exchange);
  if (match.kind === 'none') {
    return { endpoint: 'unknown', delivery: whole(finished(bank.notFound(exchange), 'unknown')) };
  }
  if (match.kind === 'other-method') {
    const answer = finished(bank.methodNotAllowed(exchange, match.allowed), match.endpoint);
    return { endpoint: match.endpoint, delivery: whole(answer) };
  }
  const { route, parameters } = match;
  const { endpoint } = route;
  if (request.bodyTooLarge) {
    const answer = finished(bank.badRequest(exchange, 413, 'The request is too large'), endpoint);
    return { endpoint, delivery: whole(answer) };
  }
  const work = async (asked: Exchange): Promise<Answer> => {
    const answering = bankOf(asked);
    const answer = answering.gate(asked, endpoint) ?? (await route.handle(asked, parameters));
    return answering.finish(answer, endpoint, asked);
  };
  const point = pointOfEndpoint[endpoint];
  const first =
    point === undefined
      ? whole(await work(exchange))
      : await throughFaults(exchange, `${bank.id}.${point}`, () => bank.faultSubject(exchange, endpoint), work);
  if (first.answer.toPartner !== true || first.transport !== 'complete') return { endpoint, delivery: first };
  const redirectPoint: FaultPoint = `${bank.id}.redirect`;
  const second = await throughFaults(
    exchange,
    redirectPoint,
    () => readRedirectSubject(exchange, first.answer),
    async () => first.answer,
  );
  return { endpoint, delivery: { ...second, faults: [...first.faults, ...second.faults] } };
}
