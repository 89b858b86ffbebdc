import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { generatedPages } from './generated-pages.js';

// The library's page has the compiler read all sources.
it.each([...generatedPages])(
  'keeps %s in step with the sources (npm run docs writes it)',
  async (path, page) => {
    expect(await readFile(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(await page());
  },
  120_000,
);
