import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from './package-installation.js';

/** A page of the documentation: where it stands, from the package's root, and its Markdown. */
export interface DocumentationPage {
  readonly path: string;
  readonly text: string;
}

/** Every page that people read: those at the root, in docs/ and beside the examples. Decisions tell of the past. */
export async function documentationPages(): Promise<readonly DocumentationPage[]> {
  const within = async (folder: string): Promise<string[]> =>
    (await readdir(join(checkout, folder), { recursive: true }))
      .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
      .map((path) => join(folder, path));
  const atRoot = (await readdir(checkout)).filter((path) => path.endsWith('.md'));
  const paths = [...atRoot, ...(await within('docs')), ...(await within('examples'))];
  const current = paths.filter((path) => !path.startsWith(join('docs', 'decisions')));
  return Promise.all(
    current.sort().map(async (path) => ({ path, text: await readFile(join(checkout, path), 'utf8') })),
  );
}

/** The fenced blocks of a page in one language; '' for those that name none. */
export function fencedBlocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\S*)[^\n]*\n([^]*?)^```$/gm)].flatMap(([, name, body]) =>
    name === language && body !== undefined ? [body] : [],
  );
}

/** What stands between backticks in a page, outside its fenced blocks. */
export function codeSpans(text: string): string[] {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`]+)`/g)].flatMap(([, code]) => code?.replaceAll(/\s+/g, ' ') ?? []);
}
