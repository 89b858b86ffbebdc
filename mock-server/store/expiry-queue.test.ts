import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryQueue } from './expiry-queue.js';

const minute = 60_000;

describe('ExpiryQueue', () => {
  it('gives back a key when the minute in which it fell due is over, and only once', () => {
    const queue = new ExpiryQueue();
    queue.add('a', 90_000);
    expect(queue.takeDue(90_000)).toEqual([]);
    expect(queue.takeDue(2 * minute - 1)).toEqual([]);
    expect(queue.takeDue(2 * minute)).toEqual(['a']);
    expect(queue.takeDue(10 * minute)).toEqual([]);
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
            const taken = queue.takeDue(at);
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
    queue.prune((key) => ({ stays: minute, moved: 5 * minute + 1 })[key]);
    expect(queue.size).toBe(2);
    expect([queue.takeDue(3 * minute), queue.takeDue(9 * minute), queue.size]).toEqual([['stays'], ['moved'], 0]);
  });
});
