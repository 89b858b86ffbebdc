import { writeFile } from 'node:fs/promises';
import { generatedPages } from './generated-pages.js';

/** `npm run docs`. */
for (const [path, page] of generatedPages) await writeFile(new URL(`../${path}`, import.meta.url), await page());
