import { expect, it } from 'vitest';
import { olderTokenSent } from './older-refresh-token.js';
import { madeCalls, madeRefresh } from './testing/made-call.js';

const redemption = {
  body: { grant_type: 'authorization_code', code: 'c' },
  answer: { access_token: 'access-R1', refresh_token: 'R1' },
};
const first = madeRefresh('R1', 'R2');

it.each([
  ['the one that was replaced', [first, madeRefresh('R1', null)], 2, 2],
  ['the one that was replaced, where the bank takes it all the same', [first, madeRefresh('R1', 'R3')], 2, 2],
  ['the newest', [first, madeRefresh('R2', 'R3'), madeRefresh('R3', 'R4')], 2, null],
  ['the newest, which the bank refuses', [first, madeRefresh('R2', null)], 2, null],
  [
    'the one that stays where no new one came',
    [madeRefresh('R1', 'R2', { answer: { access_token: 'a' } }), first],
    2,
    null,
  ],
  [
    'one at the same time as the refresh that replaced it',
    [{ ...first, answeredAt: 3_000 }, madeRefresh('R1', null)],
    2,
    null,
  ],
  ['what was sent before', [first, madeRefresh('R1', null)], 3, null],
])('%s', (_which, refreshes, from, expected) => {
  expect(olderTokenSent(madeCalls([redemption, ...refreshes]), from)?.number ?? null).toBe(expected);
});
