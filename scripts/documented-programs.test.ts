import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, expect, it } from 'vitest';
import { documentationPages, fencedBlocks } from './documentation.js';
import { libraryEntries } from './library-page.js';
import { checkout } from './package-installation.js';

/** What a reader has, and a page therefore takes for granted. */
const granted: Readonly<Record<string, string>> = {
  'README.md': 'declare const urlThatYourApplicationBuilt: string;',
  'LEIAME.md': 'declare const urlThatYourApplicationBuilt: string;',
  'docs/client.md': `
    declare const session: { id: string }, customerId: string;
    declare const request: { url: string; query: { state: string } }, response: { redirect(to: string): void };
    declare const process: { env: Record<'BTG_CLIENT_ID' | 'BTG_CLIENT_SECRET', string> };`,
  'docs/go-live.md': `
    import type { TenantHandle } from 'homologa/mock-server';
    declare const tenant: TenantHandle;`,
};

let problems: readonly string[] = [];
let checked: readonly string[] = [];

beforeAll(async () => {
  const sources = new Map<string, string>();
  for (const { path, text } of await documentationPages()) {
    const blocks = fencedBlocks(text, 'ts');
    // The library's page is made of declarations that tsc has seen already.
    if (blocks.length === 0 || path === 'docs/library.md') continue;
    sources.set(
      join(checkout, `${path.replaceAll(/[/.]/g, '-')}.ts`),
      `${granted[path] ?? ''}\n${blocks.join('\n')}\nexport {};`,
    );
  }
  const config = ts.readConfigFile(join(checkout, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, checkout);
  const paths = Object.fromEntries(
    Object.entries(libraryEntries).map(([name, entry]) => [name, [join(checkout, entry)]]),
  );
  const onDisk = ts.createCompilerHost({ ...options, paths });
  const host: ts.CompilerHost = {
    ...onDisk,
    fileExists: (path) => sources.has(path) || onDisk.fileExists(path),
    readFile: (path) => sources.get(path) ?? onDisk.readFile(path),
    getSourceFile: (path, ...rest) => {
      const source = sources.get(path);
      const [languageVersion] = rest;
      return source === undefined
        ? onDisk.getSourceFile(path, ...rest)
        : ts.createSourceFile(path, source, languageVersion);
    },
  };
  const program = ts.createProgram([...sources.keys()], { ...options, paths }, host);
  checked = [...sources.keys()];
  problems = checked.flatMap((path) => {
    const diagnostics = [
      ...program.getSyntacticDiagnostics(program.getSourceFile(path)),
      ...program.getSemanticDiagnostics(program.getSourceFile(path)),
    ];
    return diagnostics.map(({ messageText, start, file }) => {
      const line = file?.text.slice(0, start).split('\n').at(-1) ?? '';
      return `${path.slice(checkout.length)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')} (behind "${line}")`;
    });
  });
}, 120_000);

it('the TypeScript of the pages fits the library', () => {
  expect(problems).toEqual([]);
  expect(checked.length).toBeGreaterThanOrEqual(4);
});
