import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryQueue } from './expiry-queue.js';

const minute = 60_000;

describe('ExpiryQueue', () => {
  it('gives back a key when the minute in which it fell due is over, and only once', () => {
    const queue = new ExpiryQueue();
    queue.add('a', 90_000);
    expect(queue.takeDue(90_000, 9)).toEqual([]);
    expect(queue.takeDue(2 * minute - 1, 9)).toEqual([]);
    expect(queue.takeDue(2 * minute, 9)).toEqual(['a']);
    expect(queue.takeDue(10 * minute, 9)).toEqual([]);
  });

  it('agrees with a list that is searched', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), at: fc.nat(60 * minute) }),
      fc.record({ kind: fc.constant('take' as const), at: fc.nat(60 * minute) }),
      fc.record({ kind: fc.constant('clear' as const), at: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new ExpiryQueue();
        let naive: { key: string; at: number }[] = [];
        for (const [index, { kind, at }] of steps.entries()) {
          if (kind === 'add') {
            queue.add(String(index), at);
            naive.push({ key: String(index), at });
          } else if (kind === 'clear') {
            queue.clear();
            naive = [];
          } else {
            const isDue = (due: number): boolean => Math.floor(due / minute) < Math.floor(at / minute);
            const due = naive.filter((entry) => isDue(entry.at));
            naive = naive.filter((entry) => !isDue(entry.at));
            const taken = queue.takeDue(at, Infinity);
            expect([...taken].sort()).toEqual(due.map(({ key }) => key).sort());
            const minutes = taken.map((key) =>
              Math.floor((due.find((entry) => entry.key === key)?.at ?? NaN) / minute),
            );
            expect(minutes).toEqual([...minutes].sort((first, second) => first - second));
          }
        }
      }),
    );
  });

  it('lets go of keys that are known no more, moved, or came twice, and of no other', () => {
    const queue = new ExpiryQueue();
    for (const key of ['stays', 'stays', 'gone', 'moved']) queue.add(key, minute);
    queue.add('moved', 5 * minute);
    expect(queue.size).toBe(5);
    do queue.prune((key) => ({ stays: minute, moved: 5 * minute + 1 })[key], 1);
    while (queue.isPruning);
    expect(queue.size).toBe(2);
    expect([queue.takeDue(3 * minute, 9), queue.takeDue(9 * minute, 9), queue.size]).toEqual([['stays'], ['moved'], 0]);
  });

  it('hands over no more at once than it is asked for, and the rest afterwards', () => {
    const queue = new ExpiryQueue();
    const keys = Array.from({ length: 25 }, (_, index) => `key-${String(index)}`);
    for (const [index, key] of keys.entries()) queue.add(key, index < 5 ? 0 : minute);
    const parts = [1, 2, 3, 4].map(() => queue.takeDue(9 * minute, 10));
    expect(parts.map(({ length }) => length)).toEqual([10, 10, 5, 0]);
    expect(parts.flat().sort()).toEqual([...keys].sort());
    expect(new Set(parts[0]?.slice(0, 5))).toEqual(new Set(keys.slice(0, 5)));
    expect(queue.size).toBe(0);
  });

  it('loses no key and counts right, whatever happens while it is pruned', () => {
    const step = fc.record({
      kind: fc.constantFrom('add' as const, 'forget' as const, 'take' as const, 'prune' as const),
      key: fc.nat(15).map(String),
      at: fc.nat(5 * minute),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const queue = new ExpiryQueue();
        const due = new Map<string, number>();
        for (const { kind, key, at } of steps) {
          if (kind === 'add') {
            queue.add(key, at);
            due.set(key, at);
          } else if (kind === 'forget') due.delete(key);
          else if (kind === 'prune') queue.prune((known) => due.get(known), 3);
          else
            for (const taken of queue.takeDue(at, 2)) if ((due.get(taken) ?? 0) < at - (at % minute)) due.delete(taken);
          expect(queue.size).toBeGreaterThanOrEqual(due.size);
        }
        const rest = queue.takeDue(9 * minute, Infinity);
        expect(new Set(rest)).toEqual(new Set([...rest, ...due.keys()]));
        expect(queue.size).toBe(0);
      }),
    );
  });
});
