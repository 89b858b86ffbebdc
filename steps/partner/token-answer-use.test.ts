import { expect, it } from 'vitest';
import { BankTraffic } from './bank-traffic.js';
import { madeCalls } from './testing/made-call.js';
import type { MadeCall } from './testing/made-call.js';
import { callsWithoutToken, tokenPartIn } from './token-answer-use.js';

it('a token is read from a broken answer as somebody careless would', () => {
  expect(tokenPartIn('{"access_token":"inteiro","token_t')).toBe('inteiro');
  expect(tokenPartIn('{\r\n  "access_token" : "meio-tok')).toBe('meio-tok');
  expect(tokenPartIn('<html></html>')).toBeNull();
  expect(tokenPartIn('')).toBeNull();
});

function traffic(calls: readonly MadeCall[]): BankTraffic {
  const seen = new BankTraffic();
  for (const { recorded } of madeCalls(calls)) seen.record(recorded);
  return seen;
}

it('calls with what the bank never gave, with nothing, and with what was fished from a broken answer are told', () => {
  const seen = traffic([
    { answer: { access_token: 'dado-inteiro', refresh_token: 'r' } },
    { endpoint: 'api', bearer: 'dado-inteiro' },
    { endpoint: 'api', bearer: 'undefined' },
    { endpoint: 'api' },
    { endpoint: 'api', bearer: 'pescado' },
    { endpoint: 'authorize' },
  ]);
  expect(callsWithoutToken(seen.calls, seen, ['pescado']).map(({ number }) => number)).toEqual([2, 3, 4]);
});
