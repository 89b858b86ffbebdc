import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellCommands } from './command-lines.js';
import { documentationPages, fencedBlocks } from './documentation.js';
import { startProcess } from './homologa-process.js';
import { onFreePorts } from './partner-run.js';
import { run } from './package-installation.js';
import type { Site } from './package-installation.js';

/**
 * Does what docs/quick-start.md says with the package's example: one check of the application as it is, then the bug that
 * the page describes, whose failure must read as it is quoted there.
 */
export async function checkQuickStart({ folder, entry }: Site): Promise<string> {
  const page = (await documentationPages()).find(({ path }) => path.endsWith('quick-start.md'))?.text ?? '';
  const commands = fencedBlocks(page, 'sh').join('');
  const [, example, copy] = /^cp -r (\S+) (\S+)$/m.exec(commands) ?? [];
  const [, file, check] = /^npx homologa verify (\S+) --only (\S+)$/m.exec(commands) ?? [];
  const [, bug, line] = /write `([^`]+)` above\s+`([^`]+)`/.exec(page) ?? [];
  const quoted = fencedBlocks(page, '').find((block) => block.startsWith('failed '));
  if (example === undefined || copy === undefined || file === undefined || check === undefined)
    throw new Error('docs/quick-start.md no longer copies and verifies an example.');
  if (bug === undefined || line === undefined || quoted === undefined)
    throw new Error('docs/quick-start.md no longer breaks it.');

  const [, preparation = ''] = /^(npm init .*)$/m.exec(commands) ?? [];
  for (const [npm = '', ...args] of shellCommands(preparation)) await run(npm, args, folder);
  await cp(join(folder, example), join(folder, copy), { recursive: true });
  const verifyFile = join(folder, file);
  await writeFile(verifyFile, await onFreePorts(await readFile(verifyFile, 'utf8'), join(folder, copy)));
  const verify = () => startProcess(process.execPath, [entry, 'verify', file, '--only', check], { cwd: folder }).ended;

  const right = await verify();
  if (right.exitCode !== 0) throw new Error(`The example of the quick start does not pass ${check}:\n${right.stdout}`);
  const application = join(folder, copy, 'app.js');
  const source = await readFile(application, 'utf8');
  if (source.split(line).length !== 2) throw new Error(`The example has no line, or several, with ${line}.`);
  await writeFile(application, source.replace(line, `${bug}\n  ${line}`));
  const wrong = await verify();
  const timeless = (text: string): string => text.replaceAll(/in [\d.]+ s/g, 'in … s').trim();
  if (wrong.exitCode !== 1 || !timeless(wrong.stdout).includes(timeless(quoted)))
    throw new Error(`What docs/quick-start.md quotes is not what verify says:\n${wrong.stdout}${wrong.stderr}`);
  return `the quick start's example passes ${check}, and fails it as the page says with its bug`;
}
