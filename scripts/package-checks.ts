import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { startProcess } from './homologa-process.js';
import { run } from './package-installation.js';
import type { Site } from './package-installation.js';

/** The command says its version; also as a file that is executed, where the system knows shebangs. */
export async function checkVersion({ folder, entry, version }: Site): Promise<string> {
  const answers = [await run(process.execPath, [entry, '--version'], folder)];
  if (process.platform !== 'win32') answers.push(await run(entry, ['--version'], folder));
  const wrong = answers.find((answer) => answer.trim() !== version);
  if (wrong !== undefined) throw new Error(`homologa --version said ${wrong.trim()}, not ${version}.`);
  return `homologa --version says ${version}`;
}

const listening = v.object({ event: v.literal('listening'), control: v.string() });

/** `serve --json` answers its first request, and ends cleanly. */
export async function checkServe({ folder, entry }: Site): Promise<string> {
  const startedAt = performance.now();
  const mock = startProcess(process.execPath, [entry, 'serve', '--port', '0', '--json'], { cwd: folder });
  try {
    const { control } = v.parse(listening, JSON.parse(await mock.said(/\n/)));
    const saidAt = performance.now();
    const answer = await fetch(`${control}/health`);
    const answeredAt = performance.now();
    if (!answer.ok) throw new Error(`GET /_mock/health answered ${String(answer.status)}.`);
    mock.signal('SIGTERM');
    const { exitCode } = await mock.ended;
    if (exitCode !== 0 && process.platform !== 'win32') throw new Error(`serve ended with ${String(exitCode)}.`);
    const ms = (until: number): string => (until - startedAt).toFixed(0);
    return `serve --json said its line after ${ms(saidAt)} ms, answered its first request after ${ms(answeredAt)} ms`;
  } finally {
    mock.signal('SIGKILL');
  }
}

const program = `
import { connectTenant, startMockServer } from 'homologa/mock-server';
import * as client from 'homologa/client';

const mock = await startMockServer();
const tenant = await mock.createTenant();
const same = await connectTenant(tenant.control);
await same.clock.freeze();
const { mode } = await tenant.clock.show();
await mock.close();
if (same.id !== tenant.id || mode !== 'frozen') throw new Error('connectTenant reached another tenant');
if (Object.keys(client).length === 0) throw new Error('homologa/client exports nothing');
`;

/** Both entry points can be imported by name, and work. */
export async function checkEntryPoints({ folder }: Site): Promise<string> {
  await writeFile(join(folder, 'program.mjs'), program);
  await run(process.execPath, ['program.mjs'], folder);
  return "'homologa/mock-server' and 'homologa/client' can be imported and work";
}

/** The scenarios that ship with the package run from any folder. */
export async function checkRun({ folder, entry }: Site): Promise<string> {
  const features = await readdir(join(entry, '..', '..', '..', 'features', 'bs2')).catch(() => []);
  if (!features.some((name) => name.endsWith('.feature')))
    return 'skipped homologa run: the package has no features yet';
  const out = join(folder, 'out');
  const args = ['run', '--target', 'mock', '--bank', 'bs2', '--tags', '@kind:positive', '--out', out];
  await run(process.execPath, [entry, ...args], folder);
  const written = await readdir(out);
  if (!written.includes('results.json'))
    throw new Error(`homologa run wrote no results.json, only ${written.join(', ')}.`);
  await rm(out, { recursive: true });
  return 'homologa run --target mock --bank bs2 --tags @kind:positive passed';
}
