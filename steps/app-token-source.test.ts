import { expect, it } from 'vitest';
import { createAppTokenSource } from './app-token-source.js';

const secret = 'ORSXG5DFFVRW64TSMVXHI2LTORQS2LJN';

function source(repeats: boolean) {
  let nowMs = 1_000_000;
  const waits: number[] = [];
  const wait = async (durationMs: number): Promise<void> => {
    waits.push(durationMs);
    nowMs += durationMs;
  };
  return { waits, app: createAppTokenSource({ secret, repeats, wait, now: () => nowMs }) };
}

it('gives no code twice, also to those who ask at once, and waits for the next', async () => {
  const { waits, app } = source(false);
  const codes = [await app.code(), ...(await Promise.all([app.code(), app.code()])), await app.code()];
  expect(new Set(codes).size).toBe(4);
  expect(waits.every((durationMs) => durationMs > 0 && durationMs <= 30_050)).toBe(true);
});

it('repeats them where the bank is known to take them again', async () => {
  const { waits, app } = source(true);
  expect(await app.code()).toBe(await app.code());
  expect(waits).toEqual([]);
});
