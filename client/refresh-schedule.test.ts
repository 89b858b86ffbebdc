import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessTokenUsableUntil, keepAliveDueAt, restAfterFailureMs } from './refresh-schedule.js';

const dayMs = 86_400_000;

describe('accessTokenUsableUntil', () => {
  it.each([
    [300, 270_000],
    [420, 378_000],
    [86_400, 86_340_000],
    [0, 0],
  ])('a token of %i s is used for %i ms', (expiresInSeconds, usableMs) => {
    expect(accessTokenUsableUntil({ expiresInSeconds, accessTokenExpiresAt: expiresInSeconds * 1000 })).toBe(usableMs);
  });

  it('a token without expiry is used until a 401', () => {
    expect(accessTokenUsableUntil({ expiresInSeconds: null, accessTokenExpiresAt: null })).toBe(Infinity);
  });
});

describe('keepAliveDueAt', () => {
  const record = { refreshTokenIssuedAt: 0, tokens: { requestedAt: 0 }, failure: null };

  it.each([10, 30])('falls due well before day %i, for any key', (days) => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const due = keepAliveDueAt(key, record, days * dayMs) / dayMs;
        expect(due).toBeGreaterThanOrEqual(days * 0.5);
        expect(due).toBeLessThanOrEqual(days * 0.6);
      }),
    );
  });

  it('spreads customers of the same day', () => {
    const dues = Array.from({ length: 50 }, (_, index) =>
      keepAliveDueAt(`customer-${String(index)}`, record, 30 * dayMs),
    );
    expect(Math.max(...dues) - Math.min(...dues)).toBeGreaterThan(2 * dayMs);
  });

  it('does not come back at once where the token does not rotate, or a failure rests', () => {
    const refreshed = { ...record, tokens: { requestedAt: 7 * dayMs } };
    expect(keepAliveDueAt('a', refreshed, 10 * dayMs)).toBe(8 * dayMs);
    const failure = { code: 'x', answerLost: false, attempts: 1, notBefore: 9 * dayMs };
    expect(keepAliveDueAt('a', { ...record, failure }, 10 * dayMs)).toBe(9 * dayMs);
  });
});

describe('restAfterFailureMs', () => {
  it.each([
    [1, 5_000],
    [2, 10_000],
    [7, 300_000],
    [1000, 300_000],
  ])('after %i failures %i ms', (attempts, ms) => {
    expect(restAfterFailureMs(attempts)).toBe(ms);
  });
});
