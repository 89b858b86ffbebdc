import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generatedPages } from './generated-pages.js';

it.each([...generatedPages])('keeps %s in step with the sources (npm run docs writes it)', async (path, page) => {
  expect(await readFile(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(await page());
});
