import { bankOf } from './banks/bank-of-exchange.js';
import type { Bank } from './banks/bank.js';
import type { Answer, Endpoint, Exchange } from './banks/exchange.js';
import { readRedirectSubject } from './banks/fault-subject.js';
import type { RouteMatch } from './banks/route-table.js';
import type { FaultPoint } from './faults/fault.js';
import { throughFaults } from './faults/fault-seam.js';
import type { Delivery } from './faults/fault-seam.js';
import { httpDate } from './http-date.js';
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
  const sweeping = tenant.store.sweep(receivedAtMs);
  if (sweeping !== undefined) await sweeping;
  const { endpoint, delivery } = await deliver(bankOf(exchange), request);
  const { answer, transport, faults } = delivery;
  const answeredAtMs = tenant.clock.now();
  const dated: Answer = { ...answer, headers: [...answer.headers, ['date', httpDate(answeredAtMs)]] };
  const recorded: RecordedExchange = {
    bank: exchange.bank,
    endpoint,
    receivedAtMs,
    answeredAtMs,
    method: exchange.method,
    url: request.url,
    requestHeaders: exchange.headers,
    requestBody: exchange.body,
    answer: dated,
    facts: exchange.facts,
    faults,
    arrivedAfter,
    answerArrived: transport === 'complete',
    environment: tenant.settings.environment,
    isPlayed: false,
  };
  tenant.journal.record(recorded);
  // What the answer says must be true for a server that is killed now and started again.
  const unsaved = tenant.settled();
  if (unsaved !== undefined) await unsaved;
  return { delivery: { answer: dated, transport, faults }, recorded };
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
  const match = matchRoute(bank, exchange);
  if (match.kind === 'none') {
    return { endpoint: 'unknown', delivery: whole(bank.finish(bank.notFound(exchange), 'unknown', exchange)) };
  }
  if (match.kind === 'other-method') {
    const refusal = bank.methodNotAllowed(exchange, match.allowed);
    return { endpoint: match.endpoint, delivery: whole(bank.finish(refusal, match.endpoint, exchange)) };
  }
  const { endpoint } = match.route;
  if (request.bodyTooLarge) {
    const refusal = bank.badRequest(exchange, 413, 'The request is too large');
    return { endpoint, delivery: whole(bank.finish(refusal, endpoint, exchange)) };
  }
  const point = pointOfEndpoint[endpoint];
  const first =
    point === undefined
      ? whole(await work(exchange, match))
      : await throughFaults(
          exchange,
          `${bank.id}.${point}`,
          () => bank.faultSubject(exchange, endpoint),
          (asked) => work(asked, match),
        );
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

function whole(answer: Answer): Delivery {
  return { answer, transport: 'complete', faults: [] };
}

async function work(asked: Exchange, { route, parameters }: RouteMatch & { readonly kind: 'route' }): Promise<Answer> {
  const bank = bankOf(asked);
  const answer = bank.gate(asked, route.endpoint) ?? (await route.handle(asked, parameters));
  return bank.finish(answer, route.endpoint, asked);
}
