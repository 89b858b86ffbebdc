import { writeFile } from 'node:fs/promises';
import { generatedPages } from './generated-pages.js';

for (const { path, text } of generatedPages()) await writeFile(new URL(`../${path}`, import.meta.url), text);
