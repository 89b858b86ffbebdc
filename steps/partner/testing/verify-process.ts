import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { packagePaths } from '../../package-paths.js';

const application = fileURLToPath(new URL('small-application.mjs', import.meta.url));
const resultsSchema = v.object({
  run: v.object({ exitCode: v.number(), incomplete: v.boolean() }),
  checks: v.array(v.object({ id: v.string(), verdict: v.string(), reason: v.nullable(v.string()) })),
});

/** How a run of `homologa verify` on the small application ended. */
export interface VerifyEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Null where none was written. */
  readonly results: v.InferOutput<typeof resultsSchema> | null;
  readonly port: number;
}

export interface VerifyOptions {
  readonly mode?: string;
  readonly only?: readonly string[];
  /** Lines over those of the file; `ORIGIN` is the application's. */
  readonly more?: string;
  /** Sends SIGINT when the first check is done. */
  readonly interrupt?: boolean;
}

/** A verify file for the small application in a folder of its own, at BS2 and on a free port. */
export async function writeVerifyFile(
  mode: string,
  more = '',
): Promise<{ readonly folder: string; readonly file: string; readonly port: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-verify-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${String(port)}`;
  const file = join(folder, 'homologa.yaml');
  await writeFile(
    file,
    `bank: bs2
application:
  command: '"${process.execPath}" "${application}"'
  ready: ${origin}/health
  env:
    PORT: '${String(port)}'
    MODE: '${mode}'
    AUTHORIZE: \${bank.authorizationEndpoint}
    TOKEN: \${bank.tokenEndpoint}
    API: \${bank.balanceEndpoint}
    CLIENT_ID: \${client.id}
    CLIENT_SECRET: \${client.secret}
    SCOPE: \${client.scope}
    REDIRECT_URI: ${origin}/callback
redirectUri: ${origin}/callback
connect: ${origin}/connect
callApi: ${origin}/balance
${more.replaceAll('ORIGIN', origin)}
`,
  );
  return { folder, file, port };
}

/** Runs `homologa verify` from the sources on the small application, at BS2 and on a free port. */
export async function verifySmallApplication({
  mode = '',
  only = [],
  more = '',
  interrupt = false,
}: VerifyOptions): Promise<VerifyEnd> {
  const { folder, file, port } = await writeVerifyFile(mode, more);
  const out = join(folder, 'out');
  const flags = [...only.flatMap((check) => ['--only', check]), '--out', out];
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/homologa.ts', 'verify', file, ...flags], {
    cwd: packagePaths.root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = { stdout: '', stderr: '' };
  let interrupted = false;
  child.stdout.on('data', (chunk: Buffer) => {
    end.stdout += chunk.toString('utf8');
    // The first progress mark: a check is done and others are to come.
    if (interrupt && !interrupted) child.kill('SIGINT');
    interrupted = true;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    end.stderr += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const text = await readFile(join(out, 'results.json'), 'utf8').catch(() => null);
  await rm(folder, { recursive: true, force: true });
  return { code, ...end, port, results: text === null ? null : v.parse(resultsSchema, JSON.parse(text)) };
}

/** Whether anything listens there. */
export async function isListening(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${String(port)}/health`).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
