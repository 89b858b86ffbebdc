import { readFile, writeFile } from 'node:fs/promises';
import { benchPicture } from './bench-picture.js';
import type { BenchRecord } from './bench-record.js';
import { benchMarkdown } from './bench-table.js';

const begins = '<!-- bench.md begins: `npm run bench -- --write-docs` writes it -->';
const ends = '<!-- bench.md ends -->';

/** Brings a run into `docs/performance.md`, between its two comments, and its picture beside it. */
export async function writeBenchDocs(record: BenchRecord): Promise<void> {
  const page = new URL('../docs/performance.md', import.meta.url);
  await writeFile(page, withBench(await readFile(page, 'utf8'), benchMarkdown(record)));
  await writeFile(new URL('../docs/bench.svg', import.meta.url), benchPicture(record));
}

/** The page with this in place of what stands between the comments. @throws Error where they are not there */
export function withBench(page: string, markdown: string): string {
  const [from, to] = [page.indexOf(begins), page.indexOf(ends)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md must have ${begins} and then ${ends}.`);
  return `${page.slice(0, from + begins.length)}\n\n${markdown.trimEnd()}\n\n${page.slice(to)}`;
}
