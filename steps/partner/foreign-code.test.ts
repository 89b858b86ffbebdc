import { describe, expect, it } from 'vitest';
import { BankTraffic } from './bank-traffic.js';
import { codeUse } from './code-use.js';
import { judgeForeignCode } from './foreign-code.js';
import { exchangeOf } from './testing/recorded-request.js';
import type { RecordedRequest } from './testing/recorded-request.js';

const code = 'codigo-sintetico';
const tokens = (accessToken: string): RecordedRequest => ({
  answerBody: JSON.stringify({ access_token: accessToken, refresh_token: `r-${accessToken}` }),
  facts: { grantId: 'g1' },
});
const redemption = (rest: RecordedRequest): RecordedRequest => ({
  endpoint: 'token',
  method: 'POST',
  body: `grant_type=authorization_code&code=${code}`,
  ...rest,
});
const refresh: RecordedRequest = {
  endpoint: 'token',
  method: 'POST',
  body: 'grant_type=refresh_token&refresh_token=r-a1',
  ...tokens('a2'),
};
const api = (accessToken: string): RecordedRequest => ({
  endpoint: 'api',
  headers: { authorization: `Bearer ${accessToken}` },
});
const useAfter = (...requests: RecordedRequest[]) => {
  const traffic = new BankTraffic();
  for (const request of requests) traffic.record(exchangeOf(request));
  return codeUse(traffic, code);
};

const neverSent = useAfter(api('a9'));
const refused = useAfter(redemption({ status: 400, answerBody: '{"error":"invalid_grant"}' }));
const redeemed = useAfter(redemption(tokens('a1')), api('a9'));
const used = useAfter(redemption(tokens('a1')), refresh, api('a2'));

describe('what became of a code', () => {
  it('is read from the token requests with it, and from the API calls with any token of its grant', () => {
    expect([neverSent, refused, redeemed, used].map(({ kind }) => kind)).toEqual([
      'never-sent',
      'refused',
      'redeemed',
      'used',
    ]);
  });
});

describe('a code that another session asked for', () => {
  const judged = (use: typeof used, separation: 'sessions' | 'one-user' | 'none', hasNonce = false) =>
    judgeForeignCode(use, { separation, hasNonce })?.finding ?? null;

  it('is not sent, or the bank refuses it, or the nonce keeps its tokens from being used', () => {
    expect(judged(neverSent, 'sessions')).toBeNull();
    expect(judged(refused, 'sessions')).toBe('recorded');
    expect(judged(redeemed, 'sessions', true)).toBe('recorded');
  });

  it('is a failure where its tokens are used', () => {
    expect(judged(used, 'sessions')).toBe('failed');
    expect(judged(used, 'sessions', true)).toBe('failed');
  });

  it('is a warning where nobody was served, and where people cannot be told apart', () => {
    expect(judged(redeemed, 'sessions')).toBe('warning');
    expect(judged(used, 'one-user')).toBe('warning');
    expect(judged(used, 'none')).toBe('warning');
  });

  it('says what of the file would let it be judged', () => {
    expect(judgeForeignCode(used, { separation: 'one-user', hasNonce: false })).toMatchObject({
      actual: expect.stringMatching(/as one user.*\$\{customer\} in its login, or customers/) as string,
    });
  });
});
