import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { checkout, compiler, run } from './package-installation.js';

/**
 * Writes the declarations of the entry points into `outdir`, and of what these name: tsc declares every module that an
 * entry imports, most of which nobody outside can see.
 *
 * @param entries their `.d.ts`, relative to `outdir`
 */
export async function writeDeclarations(outdir: string, entries: readonly string[]): Promise<void> {
  await run(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', outdir], checkout);
  const reached = new Set<string>();
  for (const entry of entries) await reach(join(outdir, entry), reached);
  for (const path of await readdir(outdir, { recursive: true })) {
    const file = join(outdir, path);
    if (file.endsWith('.d.ts') && !reached.has(file)) await rm(file);
  }
}

async function reach(file: string, reached: Set<string>): Promise<void> {
  if (reached.has(file)) return;
  reached.add(file);
  const { importedFiles } = ts.preProcessFile(await readFile(file, 'utf8'));
  for (const { fileName } of importedFiles) {
    if (fileName.startsWith('.')) await reach(resolve(dirname(file), fileName.replace(/\.js$/, '.d.ts')), reached);
  }
}
