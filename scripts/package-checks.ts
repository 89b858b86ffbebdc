import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { startProcess } from './homologa-process.js';
import { checkout, compiler, run } from './package-installation.js';
import type { Site } from './package-installation.js';

/** What the dashboard may cost to download. */
const mostDashboardBytes = 150_000;

/** The command says its version; also as a file that is executed, where the system knows shebangs. */
export async function checkVersion({ folder, entry, version }: Site): Promise<string> {
  const answers = [await run(process.execPath, [entry, '--version'], folder)];
  if (process.platform !== 'win32') answers.push(await run(entry, ['--version'], folder));
  const wrong = answers.find((answer) => answer.trim() !== version);
  if (wrong !== undefined) throw new Error(`homologa --version said ${wrong.trim()}, not ${version}.`);
  return `homologa --version says ${version}`;
}

const listening = v.object({ event: v.literal('listening'), control: v.string(), url: v.string() });

/** `serve --json` answers its first request, and ends cleanly. */
export async function checkServe({ folder, entry }: Site): Promise<string> {
  const startedAt = performance.now();
  const mock = startProcess(process.execPath, [entry, 'serve', '--port', '0', '--json'], { cwd: folder });
  try {
    const { control, url } = v.parse(listening, JSON.parse(await mock.said(/\n/)));
    const saidAt = performance.now();
    const answer = await fetch(`${control}/health`);
    const answeredAt = performance.now();
    if (!answer.ok) throw new Error(`GET /_mock/health answered ${String(answer.status)}.`);
    const dashboardBytes = await downloadDashboard(url);
    mock.signal('SIGTERM');
    const { exitCode } = await mock.ended;
    if (exitCode !== 0 && process.platform !== 'win32') throw new Error(`serve ended with ${String(exitCode)}.`);
    const ms = (until: number): string => (until - startedAt).toFixed(0);
    return `serve --json said its line after ${ms(saidAt)} ms, answered its first request after ${ms(answeredAt)} ms, dashboard ${String(Math.round(dashboardBytes / 1000))} kB`;
  } finally {
    mock.signal('SIGKILL');
  }
}

/** What the page at `/` and its files take, uncompressed. @throws Error where one is missing, or all are too much */
async function downloadDashboard(url: string): Promise<number> {
  let bytes = 0;
  for (const path of ['/', '/dashboard/dashboard.js', '/dashboard/dashboard.css']) {
    const answer = await fetch(`${url}${path}`);
    if (!answer.ok) throw new Error(`GET ${path} answered ${String(answer.status)}: ${await answer.text()}`);
    bytes += (await answer.arrayBuffer()).byteLength;
  }
  if (bytes > mostDashboardBytes) throw new Error(`The dashboard takes ${String(bytes)} bytes to download.`);
  return bytes;
}

const program = `
import * as mockServer from 'homologa/mock-server';
import * as client from 'homologa/client';

const { connectTenant, HomologaError, startMockServer } = mockServer;
const mock = await startMockServer();
const tenant = await mock.createTenant();
const same = await connectTenant(tenant.control);
await same.clock.freeze();
const { mode } = await tenant.clock.show();
await mock.close();
if (same.id !== tenant.id || mode !== 'frozen') throw new Error('connectTenant reached another tenant');

if (client.HomologaError !== HomologaError) throw new Error('each entry point has a HomologaError of its own');
const exported = [...Object.entries(mockServer), ...Object.entries(client)];
const errors = exported.filter(([, value]) => typeof value === 'function' && value.prototype instanceof HomologaError);
if (errors.length < 10) throw new Error('only ' + errors.length + ' of the exported errors are HomologaErrors');
const renamed = errors.filter(([name, value]) => value.name !== name);
if (renamed.length > 0) throw new Error('the build renamed ' + renamed.map(([name]) => name).join(', '));
const refused = await startMockServer({ publicUrl: 'nowhere' }).catch((error) => error);
if (!(refused instanceof client.HomologaError)) throw new Error('what the mock throws is no HomologaError of the client');
`;

/** Both entry points can be imported by name, work, and throw errors of one base class. */
export async function checkEntryPoints({ folder }: Site): Promise<string> {
  await writeFile(join(folder, 'program.mjs'), program);
  await run(process.execPath, ['program.mjs'], folder);
  return "'homologa/mock-server' and 'homologa/client' can be imported, work and share one HomologaError";
}

const typedProgram = `
import { connectTenant, HomologaError, startMockServer } from 'homologa/mock-server';
import type { NewTenant, TenantHandle } from 'homologa/mock-server';
import { createTokenManager, HomologaError as Same } from 'homologa/client';

const request: NewTenant = { settings: { bs2: { accessTokenLifetime: 'PT5M' } } };
const handle: TenantHandle = await (await startMockServer()).createTenant(request);
const error: Same = new HomologaError('ERR_EXAMPLE', 'an example');
// @ts-expect-error there is no such setting
const wrong: NewTenant = { settings: { bs2: { accessTokenLife: 'PT5M' } } };
// @ts-expect-error a duration is a text
const worse: NewTenant = { settings: { bs2: { accessTokenLifetime: 300 } } };
export const used = [connectTenant, createTokenManager, handle, error, wrong, worse];
`;

/** The declarations are whole and say what the entry points take; every one that is reached is checked. */
export async function checkDeclarations({ folder }: Site): Promise<string> {
  await writeFile(join(folder, 'program.mts'), typedProgram);
  const options = '--noEmit --strict --module nodenext --target es2022 --skipLibCheck false --types node --typeRoots';
  const typeRoots = join(checkout, 'node_modules', '@types');
  await run(process.execPath, [compiler, ...options.split(' '), typeRoots, 'program.mts'], folder);
  return 'the declarations of both entry points compile with strict checks of libraries';
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
  await run(process.execPath, [entry, ...args, '--parallel', '2'], folder);
  await rm(out, { recursive: true });
  return 'homologa run --target mock --bank bs2 --tags @kind:positive passed, and so it did with --parallel 2';
}
