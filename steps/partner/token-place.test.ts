import { expect, it } from 'vitest';
import { madeCalls } from './testing/made-call.js';
import type { MadeCall } from './testing/made-call.js';
import { placeOfToken } from './token-place.js';

const token = 'a+token/of=40.characters_that-is-long-e1';
const api = 'http://127.0.0.1:4010/bs2/saldo';
const placeIn = (call: MadeCall) => {
  const [made] = madeCalls([{ endpoint: 'api', url: api, ...call }]);
  return made === undefined ? null : placeOfToken(made, token);
};

it.each<[string, MadeCall, boolean, readonly string[]]>([
  ['as Bearer', { bearer: token }, true, []],
  ['in the query', { url: `${api}?access_token=${encodeURIComponent(token)}` }, false, ['the query']],
  ['as Bearer and in the query', { bearer: token, url: `${api}?t=${token}` }, true, ['the query']],
  ['in the path', { url: `${api}/${encodeURIComponent(token)}` }, false, ['the path']],
  ['in the body', { method: 'POST', body: { access_token: token } }, false, ['the body']],
  ['in another header', { headers: { 'x-access-token': token } }, false, ['the header x-access-token']],
  [
    'with another scheme',
    { headers: { authorization: `Token ${token}` } },
    false,
    ['the Authorization header, not as Bearer'],
  ],
])('a token %s', (_where, call, isBearer, elsewhere) => {
  expect(placeIn(call)).toEqual({ isBearer, elsewhere });
});

it('nothing is said of a request with another token', () => {
  expect(placeIn({ bearer: 'another-token' })).toBeNull();
});
