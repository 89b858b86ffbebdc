import { beforeEach, describe, expect, it } from 'vitest';
import { seedUsers } from './fixtures.js';
import { SeededRandomSource } from './random-source.js';
import { SecondFactors } from './second-factor.js';
import type { SecondFactorOutcome } from './second-factor.js';
import { totpCode, totpStep } from './totp.js';
import type { User, UserBehaviour } from './user.js';
import { VirtualClock } from './virtual-clock.js';

const minute = 60_000;
const refuseReplay = { acceptReplay: false };
const base = seedUsers()[0];
if (base === undefined) throw new Error('There are no seeded users.');
const normal: User = base;
const withBehaviour = (behaviour: UserBehaviour): User => ({ ...normal, behaviour });

let clock = new VirtualClock();
let factors = new SecondFactors(clock, new SeededRandomSource('sms'));
beforeEach(() => {
  clock = new VirtualClock();
  clock.freeze();
  // A fixed time, since two tokens of a user are alike once in a million steps.
  clock.set(Date.UTC(2200, 0, 1));
  factors = new SecondFactors(clock, new SeededRandomSource('sms'));
});
const app = (typed: string, rules = refuseReplay, user = normal): SecondFactorOutcome =>
  factors.judge(user, 'app', typed, 'session', rules);
const sms = (typed: string, session = 'session', rules = refuseReplay): SecondFactorOutcome =>
  factors.judge(normal, 'sms', typed, session, rules);
const codeAt = (offset: number): string => totpCode(normal.totpSecret, totpStep(clock.now()) + offset);
const send = (session = 'session'): string => {
  factors.sendSms(normal, session, 5 * minute);
  return factors.lastSms(normal.username)?.code ?? 'no code';
};
const differentFrom = (code: string): string => (code === '000000' ? '000001' : '000000');

describe('app tokens', () => {
  it.each([
    [0, 'accepted'],
    [1, 'accepted'],
    [-1, 'accepted'],
    [2, 'wrong'],
    [-2, 'expired'],
    [-20, 'expired'],
    [-21, 'wrong'],
  ])('a token of %i steps away', (offset, outcome) => {
    expect(app(codeAt(offset))).toBe(outcome);
  });

  it('is not accepted twice, not even in the next step', () => {
    const code = codeAt(0);
    expect([app(code), app(code)]).toEqual(['accepted', 'spent']);
    clock.advance(30_000);
    expect(app(code)).toBe('spent');
    clock.advance(30_000);
    expect(app(code)).toBe('expired');
  });

  it('is accepted again where replays are', () => {
    const code = codeAt(0);
    expect([app(code), app(code, { acceptReplay: true })]).toEqual(['accepted', 'accepted']);
  });

  it('spends a token for its user only', () => {
    const other: User = { ...normal, username: 'someone-else' };
    expect([app(codeAt(0)), app(codeAt(0), refuseReplay, other)]).toEqual(['accepted', 'accepted']);
  });

  it('offers tokens that work until the window is used up, and again in the next step', () => {
    for (let use = 0; use < 3; use += 1) expect(app(factors.appCode(normal) ?? 'none')).toBe('accepted');
    expect(factors.appCode(normal)).toBe(null);
    clock.advance(30_000);
    expect(app(factors.appCode(normal) ?? 'none')).toBe('accepted');
  });

  it.each(['', '12345', '1234567', 'abcdef', '０００００１'])('refuses %j', (typed) => {
    expect(app(typed)).toBe('wrong');
  });
});

describe('SMS tokens', () => {
  it('is accepted once, in the session that it was sent for', () => {
    const code = send();
    expect(code).toMatch(/^\d{6}$/);
    expect([sms(differentFrom(code)), sms(code), sms(code)]).toEqual(['wrong', 'accepted', 'spent']);
  });

  it('is accepted again where replays are, in another session too', () => {
    const code = send();
    expect(sms(code)).toBe('accepted');
    expect(sms(code, 'session', { acceptReplay: true })).toBe('accepted');
    send('another');
    expect(sms(code, 'another', { acceptReplay: true })).toBe('accepted');
    expect(sms(code, 'another')).toBe('spent');
  });

  it.each([
    [5 * minute - 1000, 'accepted'],
    [5 * minute, 'expired'],
    [5 * minute + 1000, 'expired'],
  ])('after %i ms', (age, outcome) => {
    const code = send();
    clock.advance(age);
    expect(sms(code)).toBe(outcome);
  });

  it('is void once a newer one was sent', () => {
    const [first, second] = [send(), send()];
    expect([sms(first), sms(second)]).toEqual(['expired', 'accepted']);
  });

  it('works in two sessions at a time, each with its own', () => {
    const [first, second] = [send('one'), send('two')];
    expect([sms(second, 'one'), sms(first, 'one'), sms(second, 'two')]).toEqual(['expired', 'accepted', 'accepted']);
  });

  it('remembers the newest ten', () => {
    const codes = Array.from({ length: 12 }, () => send());
    expect(factors.messages(normal.username).map(({ code }) => code)).toEqual(codes.reverse().slice(0, 10));
    expect(factors.messages('nobody')).toEqual([]);
  });

  it('knows no token that was never sent', () => {
    expect(sms('')).toBe('wrong');
    expect(sms('000000')).toBe('wrong');
  });
});

describe('magic users', () => {
  it('finds every token of codigo-errado wrong, and every right one of codigo-expirado expired, as often as it is typed', () => {
    const code = codeAt(0);
    expect(app(code, refuseReplay, withBehaviour('second-factor-wrong'))).toBe('wrong');
    const expired = withBehaviour('second-factor-expired');
    expect([app(code, refuseReplay, expired), app(code, refuseReplay, expired)]).toEqual(['expired', 'expired']);
    expect(app(differentFrom(code), refuseReplay, expired)).toBe('wrong');
  });
});
