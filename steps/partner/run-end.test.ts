import { expect, it } from 'vitest';
import { RunEnd } from './run-end.js';

it('comes when every check has been made and the longest watch is over', async () => {
  const end = new RunEnd();
  let isOver = false;
  const began = performance.now();
  const over = Promise.all([end.watch(60), end.watch(10)]).then(() => {
    isOver = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(isOver).toBe(false);
  void end.watch(60);
  end.played();
  await over;
  expect(performance.now() - began).toBeGreaterThanOrEqual(130);
});
