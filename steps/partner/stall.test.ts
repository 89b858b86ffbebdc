import { describe, expect, it } from 'vitest';
import type { Attempt } from './attempt.js';
import { judgeOthers, judgeStallEnd, stallMs } from './stall.js';

const after = (afterMs: number): Attempt => ({
  kind: 'answered',
  shown: { status: 503, url: 'http://127.0.0.1:3000/callback', headers: new Headers(), body: '' },
  afterMs,
});

describe('the end of a stall', () => {
  it.each<[string, Attempt, number, string, RegExp]>([
    ['a time-out', after(10_000), 0, 'recorded', /gave up after 10 s/],
    ['a time-out of 30 s', after(30_100), 0, 'recorded', /gave up after 30 s/],
    ['an answer beforehand', after(12), 0, 'recorded', /answered at once/],
    ['no time-out', after(stallMs + 20), 0, 'warning', /waited for as long as the bank did/],
    ['a connection that breaks off', { kind: 'broken-off', afterMs: 30_000 }, 0, 'warning', /broke off after 30 s/],
    ['no answer ever', { kind: 'waiting', afterMs: 47_000 }, 0, 'failed', /no answer within 47 s/],
    ['a code once more', after(4_000), 1, 'failed', /sent once more$/],
    ['a code again and again', after(4_000), 3, 'failed', /sent 3 more times$/],
  ])('%s', (_what, answer, resent, finding, actual) => {
    expect(judgeStallEnd({ answer, resent })).toMatchObject({
      finding,
      actual: expect.stringMatching(actual) as string,
    });
  });
});

describe('others meanwhile', () => {
  it.each<[string, Attempt, boolean, string | null]>([
    ['are served', after(30), true, null],
    ['are served late', after(9_000), true, 'warning'],
    ['are turned away', after(30), false, 'failed'],
    ['get no answer', { kind: 'waiting', afterMs: stallMs }, false, 'failed'],
  ])('%s', (_what, other, isServed, finding) => {
    const told = 'a page with status 503';
    expect(judgeOthers({ attempt: other, isServed, told }, 5_000)?.finding ?? null).toBe(finding);
  });
});
