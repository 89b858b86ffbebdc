import { expect, it } from 'vitest';
import type { Attempt } from './attempt.js';
import { judgeCompany } from './company-change.js';

const got = (status: number): Attempt => ({
  kind: 'answered',
  shown: { status, url: 'http://127.0.0.1:3000/', headers: new Headers(), body: '' },
  afterMs: 1,
});
const call = (status: number) => ({ answer: { status, headers: new Headers(), body: '' } });

it.each([
  ['at the callback', got(400), got(409), [], 'recorded'],
  ['at the first call', got(200), got(403), [call(403)], 'recorded'],
  ['not at all', got(200), got(200), [call(403)], 'warning'],
  ['not at all, without asking the bank', got(200), got(200), [], 'warning'],
  ['not, since the company of the consent is asked for', got(200), got(200), [call(200)], 'info'],
  ['by a crash', { kind: 'broken-off', afterMs: 1 } as const, got(200), [], 'failed'],
])('noticed %s', (_when, callback, first, apiCalls, finding) => {
  expect(judgeCompany({ callback, call: first, apiCalls })?.finding).toBe(finding);
});
