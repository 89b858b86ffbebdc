import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { day, grantOf, minute, refreshOf, remembered, start } from '../testing/grant-records.js';
import { usedHeap } from '../testing/used-heap.js';
import { MemoryStore } from './memory-store.js';
import { isExpired } from './records.js';

let store = new MemoryStore();
beforeEach(() => {
  store = new MemoryStore();
});

async function knownRecords(keys: readonly string[]): Promise<string[]> {
  const known: string[] = [];
  for (const key of keys) if ((await store.refreshToken(key)) !== undefined) known.push(key);
  return known;
}

describe('memory', () => {
  it('keeps a bounded number of dead tokens, the newest, and every live one', async () => {
    const rotations = 25_000;
    await store.commit({
      grant: grantOf('g', { refreshTokens: ['r0'] }),
      expectedVersion: null,
      put: [refreshOf('g', 'r0')],
    });
    await store.commit({
      grant: grantOf('quiet', { refreshTokens: ['q'] }),
      expectedVersion: null,
      put: [refreshOf('quiet', 'q')],
    });
    for (let count = 1; count <= rotations; count += 1) {
      const [old, next] = [`r${String(count - 1)}`, `r${String(count)}`];
      await store.commit({
        grant: grantOf('g', { version: count + 1, refreshTokens: [next] }),
        expectedVersion: count,
        put: [{ ...refreshOf('g', old), death: 'rotated', diedAtMs: start }, refreshOf('g', next)],
      });
    }
    const keys = Array.from({ length: rotations + 1 }, (_, count) => `r${String(count)}`);
    const known = await knownRecords(keys);
    expect(known.length).toBeGreaterThan(5000);
    expect(known.length).toBeLessThan(21_000);
    expect([known[0], known.at(-1)]).toEqual([keys[keys.length - known.length], `r${String(rotations)}`]);
    expect(await knownRecords(['q'])).toEqual(['q']);
    expect((await store.grants()).map(({ id }) => id)).toEqual(['g', 'quiet']);
  });

  it('does not hold on to the keys of what it forgot before its time', async () => {
    let count = 0;
    const keyOf = (number: number): string => `r-${String(number).padStart(36, '0')}`;
    const rotate = async (rotations: number): Promise<void> => {
      for (const last = count + rotations; count < last; count += 1) {
        await store.commit({
          grant: grantOf('g', { version: count + 2, refreshTokens: [keyOf(count + 1)] }),
          expectedVersion: count + 1,
          put: [
            { ...refreshOf('g', keyOf(count)), death: 'rotated', diedAtMs: start },
            refreshOf('g', keyOf(count + 1)),
          ],
        });
      }
    };
    await store.commit({
      grant: grantOf('g', { refreshTokens: [keyOf(0)] }),
      expectedVersion: null,
      put: [refreshOf('g', keyOf(0))],
    });
    await rotate(60_000);
    const before = usedHeap();
    await rotate(120_000);
    expect(usedHeap() - before).toBeLessThan(5 * 1024 * 1024);
    expect(await knownRecords([keyOf(180_000)])).toHaveLength(1);
    await store.sweep(start + 30 * day + remembered + minute);
    expect(await store.grants()).toEqual([]);
  });
});

describe('isExpired', () => {
  it('is judged to the second: valid while now < issuedAt + lifetime', () => {
    const at = (milliseconds: number) => ({ issuedAtMs: start + milliseconds, lifetimeMs: 420_000 });
    fc.assert(
      fc.property(fc.nat(999), fc.nat(999), (issuedMs, nowMs) => {
        expect(isExpired(at(issuedMs), start + 419_000 + nowMs)).toBe(false);
        expect(isExpired(at(issuedMs), start + 420_000 + nowMs)).toBe(true);
      }),
    );
  });
});
