import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellCommands } from './command-lines.js';
import { documentationPages, fencedBlocks } from './documentation.js';
import { startProcess } from './homologa-process.js';
import { compareOutput } from './output-comparison.js';
import { onFreePorts } from './partner-run.js';
import { run } from './package-installation.js';
import type { Site } from './package-installation.js';

/**
 * Does what docs/quick-start.md says with the package's example: all checks of the application as it is, then the bug that
 * the page describes. Both must come to what is shown there.
 */
export async function checkQuickStart({ folder, entry }: Site): Promise<string> {
  const page = (await documentationPages()).find(({ path }) => path.endsWith('quick-start.md'))?.text ?? '';
  const commands = fencedBlocks(page, 'sh').join('');
  const [, example, copy] = /^cp -r (\S+) (\S+)$/m.exec(commands) ?? [];
  const [, file, check] = /^npx homologa verify (\S+) --only (\S+)$/m.exec(commands) ?? [];
  const [, whole] = /^npx homologa verify (\S+)$/m.exec(commands) ?? [];
  const [, bug, line] = /write `([^`]+)` above\s+`([^`]+)`/.exec(page) ?? [];
  const outputs = fencedBlocks(page, 'text');
  const count = outputs.find((block) => block.includes(' checks (application') && !block.startsWith('failed '));
  const failure = outputs.find((block) => block.startsWith('failed '));
  if (example === undefined || copy === undefined || file === undefined || check === undefined)
    throw new Error('docs/quick-start.md no longer copies and verifies an example.');
  if (whole !== file || count === undefined)
    throw new Error('docs/quick-start.md no longer shows what all checks come to.');
  if (bug === undefined || line === undefined || failure === undefined)
    throw new Error('docs/quick-start.md no longer breaks it.');

  const [, preparation = ''] = /^(npm init .*)$/m.exec(commands) ?? [];
  for (const [npm = '', ...args] of shellCommands(preparation)) await run(npm, args, folder);
  await cp(join(folder, example), join(folder, copy), { recursive: true });
  const verifyFile = join(folder, file);
  await writeFile(verifyFile, await onFreePorts(await readFile(verifyFile, 'utf8'), join(folder, copy)));
  const verify = async (args: readonly string[], exitCode: number, shown: string): Promise<void> => {
    const end = await startProcess(process.execPath, [entry, 'verify', file, ...args], { cwd: folder }).ended;
    const difference = compareOutput(shown, end.stdout);
    if (end.exitCode === exitCode && difference === null) return;
    const line = difference === null ? '' : `, at ${difference.shown}`;
    throw new Error(`What docs/quick-start.md shows is not what verify says${line}:\n${end.stdout}${end.stderr}`);
  };

  await verify([], 0, count);
  const application = join(folder, copy, 'app.js');
  const source = await readFile(application, 'utf8');
  if (source.split(line).length !== 2) throw new Error(`The example has no line, or several, with ${line}.`);
  await writeFile(application, source.replace(line, `${bug}\n  ${line}`));
  await verify(['--only', check], 1, failure);
  return `the quick start's example passes all checks, and fails ${check} as the page says with its bug`;
}
