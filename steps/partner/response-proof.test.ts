import { expect, it } from 'vitest';
import { repetitionOf } from './request-samples.js';
import { proofOf } from './response-proof.js';
import { recordedCall } from './testing/recorded-request.js';

const request = (query: string, bank: 'bs2' | 'btg' = 'btg') => recordedCall({ query, bank });

it('a challenge by S256 or a nonce binds the response to its session', () => {
  const pkce = request('code_challenge=c1&code_challenge_method=S256');
  expect(proofOf(pkce, [pkce, request('code_challenge=c2&code_challenge_method=S256'), null])).toBe('PKCE');
  expect(proofOf(request('nonce=n1'), [request('nonce=n2')])).toBe('nonce');
  expect(proofOf(request('code_challenge=c1&code_challenge_method=S256&nonce=n1'), [pkce])).toBe('nonce');
});

it('one that other sessions have, too, binds nothing, nor does plain, nor anything at BS2', () => {
  const pkce = 'code_challenge=c1&code_challenge_method=S256';
  expect(proofOf(request(pkce), [request(pkce)])).toBeNull();
  expect(proofOf(request('code_challenge=c1&code_challenge_method=plain'), [])).toBeNull();
  expect(proofOf(request(`${pkce}&nonce=n1`, 'bs2'), [])).toBeNull();
  expect(proofOf(request('state=s1'), [])).toBeNull();
});

it('a nonce binds nothing where the application ignores id_tokens', () => {
  expect(proofOf(request('nonce=n1'), [], 'ignored')).toBeNull();
  expect(proofOf(request('nonce=n1'), [], 'used')).toBe('nonce');
});

it('tells whose value comes again', () => {
  const of = (...values: [string, number][]) => repetitionOf(values.map(([value, customer]) => ({ value, customer })));
  expect(of(['a', 0], ['b', 1], ['c', 1])).toBe('none');
  expect(of(['a', 0], ['b', 1], ['b', 1])).toBe('same-customer');
  expect(of(['a', 0], ['b', 1], ['b', 1], ['a', 2])).toBe('another-customer');
});
