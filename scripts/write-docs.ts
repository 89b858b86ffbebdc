import { writeFile } from 'node:fs/promises';
import { bankDefaultsPage, bankDefaultsPath } from './bank-defaults-page.js';

await writeFile(new URL(`../${bankDefaultsPath}`, import.meta.url), bankDefaultsPage());
