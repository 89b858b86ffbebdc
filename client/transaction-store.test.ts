import { describe, expect, it } from 'vitest';
import type { AuthorizationTransaction } from './authorization-request.js';
import { createTransactionStore } from './transaction-store.js';

const transaction = (state: string, createdAt = 0): AuthorizationTransaction => ({
  bank: 'bs2',
  clientId: 'synthetic-client',
  issuer: null,
  state,
  nonce: null,
  codeVerifier: null,
  redirectUri: 'http://localhost:3000/callback',
  scope: 'saldo',
  createdAt,
});
const unknown = expect.objectContaining({ code: 'ERR_TRANSACTION_UNKNOWN' }) as Error;

describe('createTransactionStore', () => {
  it('gives a transaction once', () => {
    const store = createTransactionStore({ clock: () => 0 });
    store.put('session', transaction('a'));
    expect(store.take('session', 'a').state).toBe('a');
    expect(() => store.take('session', 'a')).toThrowError(unknown);
  });

  it('keeps sessions apart, and a foreign session spends nothing', () => {
    const store = createTransactionStore({ clock: () => 0 });
    store.put('victim', transaction('a'));
    expect(() => store.take('attacker', 'a')).toThrowError(unknown);
    expect(() => store.take('victim', null)).toThrowError(unknown);
    expect(store.take('victim', 'a').state).toBe('a');
  });

  it('lets several tabs of one session finish in any order', () => {
    const store = createTransactionStore({ clock: () => 0 });
    store.put('session', transaction('a'));
    store.put('session', transaction('b'));
    expect([store.take('session', 'b').state, store.take('session', 'a').state]).toEqual(['b', 'a']);
  });

  it.each([
    [899_999, true],
    [900_000, false],
  ])('after %i ms a transaction is alive: %s', (now, alive) => {
    let time = 0;
    const store = createTransactionStore({ clock: () => time });
    store.put('session', transaction('a'));
    time = now;
    if (alive) expect(store.take('session', 'a').state).toBe('a');
    else expect(() => store.take('session', 'a')).toThrowError(unknown);
  });

  it('makes room by dropping the oldest', () => {
    const store = createTransactionStore({ clock: () => 0, capacity: 2 });
    for (const state of ['a', 'b', 'c']) store.put('session', transaction(state));
    expect(() => store.take('session', 'a')).toThrowError(unknown);
    expect(store.take('session', 'c').state).toBe('c');
  });
});
