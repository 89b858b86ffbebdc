import { expect, it } from 'vitest';
import { judgeRecovery } from './recovery.js';
import type { Recovery } from './recovery.js';

it.each<[string, Recovery | null, string | null, (string | null)?]>([
  ['served at once', { kind: 'served', afterMs: 2_000 }, null],
  ['served after a rest', { kind: 'served', afterMs: 31_000 }, 'info'],
  [
    'asked for another consent',
    { kind: 'consented', wasAsked: true, last: 'a page with status 409' },
    'warning',
    'failed',
  ],
  ['served only after another consent', { kind: 'consented', wasAsked: false, last: 'no answer' }, 'warning'],
  ['locked out', { kind: 'others-only', wasAsked: false, last: 'a page with status 500' }, 'failed'],
  ['served as little as anybody', { kind: 'not', last: 'a page with status 500' }, 'failed'],
  ['still waiting', null, 'failed'],
])('a customer who is %s', (_how, recovery, afterTokens, afterApi = afterTokens) => {
  expect(judgeRecovery(recovery, 'token endpoint')?.finding ?? null).toBe(afterTokens);
  expect(judgeRecovery(recovery, 'API')?.finding ?? null).toBe(afterApi);
});
