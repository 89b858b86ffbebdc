import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { bankDefaultsPage, bankDefaultsPath } from './bank-defaults-page.js';

it('keeps the page of the banks’ defaults in step with the profiles (npm run docs writes it)', async () => {
  expect(await readFile(new URL(`../${bankDefaultsPath}`, import.meta.url), 'utf8')).toBe(bankDefaultsPage());
});
