import { describe, expect, it } from 'vitest';
import type { Attempt } from './attempt.js';
import { judgeRefusedAlways, judgeRefusedOnce } from './refused-token.js';
import type { RefusedAlways, RefusedOnce } from './refused-token.js';

const answered = (status: number): Attempt => ({
  kind: 'answered',
  shown: { status, url: 'http://127.0.0.1:3000/balance', headers: new Headers(), body: '' },
  afterMs: 10,
});

describe('a token that the bank refused once', () => {
  const once = (more: Partial<RefusedOnce>) =>
    judgeRefusedOnce({ first: answered(200), isServedAtOnce: true, isServedNext: null, refreshes: 1, ...more });

  it('is renewed in the same call: nothing to be said', () => {
    expect(once({})).toBeNull();
  });

  it.each<[string, Partial<RefusedOnce>, RegExp]>([
    ['is renewed twice', { refreshes: 2 }, /^2 refreshes for one refused token$/],
    [
      'is renewed at the next call',
      { first: answered(503), isServedAtOnce: false, isServedNext: true },
      /got a page with status 503, and was served when they called again/,
    ],
    [
      'is not renewed, as applications do that refresh by the clock',
      { first: answered(502), isServedAtOnce: false, isServedNext: false, refreshes: 0 },
      /^no refresh; the customer got a page with status 502$/,
    ],
    [
      'is renewed, and the customer is turned away all the same',
      { first: answered(502), isServedAtOnce: false, isServedNext: false, refreshes: 1 },
      /^one refresh; the customer got a page with status 502$/,
    ],
  ])('%s: a warning', (_what, more, actual) => {
    expect(once(more)).toMatchObject({ finding: 'warning', actual: expect.stringMatching(actual) as string });
  });
});

describe('tokens that the bank refuses however new they are', () => {
  const always = (more: Partial<RefusedAlways>) =>
    judgeRefusedAlways({ call: answered(502), refreshes: 1, apiCalls: 2, ...more }).finding;

  it.each<[string, Partial<RefusedAlways>, string]>([
    ['one refresh and one more try', {}, 'recorded'],
    ['no refresh', { refreshes: 0, apiCalls: 1 }, 'recorded'],
    ['three refreshes are an end, too', { refreshes: 3, apiCalls: 4 }, 'info'],
    ['four are a loop', { refreshes: 4, apiCalls: 5 }, 'failed'],
    ['the same token nine times is one', { refreshes: 1, apiCalls: 9 }, 'failed'],
    ['a customer who gets no answer', { call: { kind: 'waiting', afterMs: 5_000 } }, 'failed'],
    ['a connection that breaks off', { call: { kind: 'broken-off', afterMs: 5 } }, 'failed'],
  ])('%s', (_what, more, finding) => {
    expect(always(more)).toBe(finding);
  });
});
