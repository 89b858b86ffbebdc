import type { Bank } from '../banks/bank.js';
import type { Answer } from '../banks/exchange.js';
import { countTokenRequest } from '../banks/token-endpoint.js';
import type { RateLimit } from '../oauth/sliding-window.js';
import { oauthError } from '../banks/btg/oauth-answers.js';
import { answer } from '../banks/exchange.js';
import { withoutHeaders } from './answer-changes.js';
import { withTokens } from './bank-patches.js';
import { bs2Mutant, btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

function withRateLimit<B extends Bank>(
  bank: B,
  change: (limit: RateLimit, nowMs: number, grantType: string | undefined) => RateLimit | null,
): B {
  return withTokens(bank, (honest) => ({
    rateLimit: (exchange, client, grantType) => {
      const limit = honest.rateLimit(exchange, client, grantType);
      return limit === null ? null : change(limit, exchange.tenant.clock.now(), grantType);
    },
  }));
}

function withOverLimit<B extends Bank>(bank: B, change: (answer: Answer) => Answer): B {
  return withTokens(bank, (honest) => ({
    renderOverLimit: (exchange, client, retryAfterMs) => change(honest.renderOverLimit(exchange, client, retryAfterMs)),
  }));
}

const minuteMs = 60_000;

/** Limits that are absent, others than documented, or counted wrongly. They show only where the limit is on. */
export const rateLimitMutants: readonly Mutant[] = [
  bs2Mutant({
    name: 'rate-limit-absent',
    description: 'Token requests are not limited.',
    breaks: ['BS2-limit-a', 'BS2-limit-c'],
    patch: (bank) => withRateLimit(bank, () => null),
  }),
  bs2Mutant({
    name: 'rate-limit-lower',
    description: 'The tenth token request of a minute is refused.',
    breaks: ['BS2-limit-a'],
    patch: (bank) => withRateLimit(bank, (limit) => ({ ...limit, requests: limit.requests - 1 })),
  }),
  bs2Mutant({
    name: 'rate-limit-spares-refreshes',
    description: 'Refreshes do not count against the limit.',
    breaks: ['BS2-limit-a', 'BS2-limit-c'],
    patch: (bank) => withRateLimit(bank, (limit, _nowMs, grantType) => (grantType === 'refresh_token' ? null : limit)),
  }),
  bs2Mutant({
    name: 'rate-limit-resets-early',
    description: 'A request counts for 30 seconds and not for 60.',
    breaks: ['BS2-limit-c'],
    patch: (bank) => withRateLimit(bank, (limit) => ({ ...limit, windowMs: limit.windowMs / 2 })),
  }),
  bs2Mutant({
    name: 'rate-limit-by-the-clock',
    description: 'The count starts anew with each minute of the clock.',
    breaks: ['BS2-limit-c'],
    patch: (bank) => withRateLimit(bank, (limit, nowMs) => ({ ...limit, windowMs: (nowMs % minuteMs) + 1 })),
  }),
  bs2Mutant({
    name: 'rate-limit-shared',
    description: 'The requests of all clients count together.',
    breaks: ['BS2-limit-e'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        rateLimit: (exchange, client, grantType) => {
          const limit = honest.rateLimit(exchange, client, grantType);
          const others = exchange.tenant.clients.list().filter((other) => other.bank === 'bs2' && other !== client);
          if (limit !== null) for (const other of others) countTokenRequest(exchange, other, limit);
          return limit;
        },
      })),
  }),
  bs2Mutant({
    name: 'rate-limit-prolonged',
    description: 'Requests over the limit count too, and prolong it.',
    breaks: ['BS2-limit-f'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        renderOverLimit: (exchange, client, retryAfterMs) => {
          countTokenRequest(exchange, client, { requests: 1_000_000, windowMs: minuteMs });
          return honest.renderOverLimit(exchange, client, retryAfterMs);
        },
      })),
  }),
  bs2Mutant({
    name: 'rate-limit-counts-strangers',
    description: 'Requests with a wrong secret count against the client.',
    breaks: ['BS2-limit-d'],
    patch: (bank) =>
      withTokens(bank, (honest) => ({
        renderRefusal: (exchange, refusal) => {
          const client =
            refusal.error !== 'invalid_client' || refusal.clientId === null
              ? undefined
              : exchange.tenant.clients.find('bs2', refusal.clientId);
          const limit = client === undefined ? null : honest.rateLimit(exchange, client, undefined);
          if (client !== undefined && limit !== null) countTokenRequest(exchange, client, limit);
          return honest.renderRefusal(exchange, refusal);
        },
      })),
  }),
  bs2Mutant({
    name: 'rate-limit-without-retry-after',
    description: 'The answer over the limit does not say when to come again.',
    breaks: ['BS2-limit-b'],
    patch: (bank) => withOverLimit(bank, (refusal) => withoutHeaders(refusal, 'retry-after')),
  }),
  bs2Mutant({
    name: 'rate-limit-with-body',
    description: 'The answer over the limit has a body.',
    breaks: ['BS2-limit-b'],
    patch: (bank) => withOverLimit(bank, (refusal) => ({ ...refusal, body: 'Too many requests' })),
  }),
  bs2Mutant({
    name: 'api-limited',
    description: 'The API answers ten calls a minute and refuses the eleventh.',
    breaks: ['BS2-tokens-f'],
    patch: (bank) => ({
      ...bank,
      gate: (exchange, endpoint) => {
        const { rates, clock } = exchange.tenant;
        const isOver =
          endpoint === 'api' &&
          rates.count('bs2 api', { requests: 10, windowMs: minuteMs }, clock.now()).kind === 'over';
        return isOver ? answer(429, [], '') : bank.gate(exchange, endpoint);
      },
    }),
  }),
  btgMutant({
    name: 'quota-absent',
    description: 'Where refreshes have a quota, it is not kept.',
    breaks: ['BTG-refresh-g'],
    patch: (bank) => withRateLimit(bank, () => null),
  }),
  btgMutant({
    name: 'quota-misnamed',
    description: 'A refresh over the quota gets 400 invalid_grant, as if its token were dead.',
    breaks: ['BTG-refresh-g'],
    patch: (bank) =>
      withOverLimit(bank, () => oauthError(400, 'invalid_grant', 'The quota of the refresh flow is used up')),
  }),
];
