import { expect, it } from 'vitest';
import { RunEnd } from './run-end.js';

it('comes when every check has been made and the longest watch is over', async () => {
  const end = new RunEnd();
  let isOver = false;
  const say = (): void => {
    isOver = true;
  };
  const over = Promise.all([end.watch(1_000).then(say), end.watch(1)]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  end.played();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isOver).toBe(false);
  await over;
  expect(isOver).toBe(true);
});

it('does not come while checks are made, however long ago the watches ended', async () => {
  const end = new RunEnd();
  let isOver = false;
  const over = end.watch(0).then(() => {
    isOver = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isOver).toBe(false);
  end.played();
  await over;
});
