/** A partner in two processes, PORT and OTHER_PORT, that share customers and tokens by a folder. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveInstance } from './instance.js';

const { INSTANCE, STORE, PORT = '4170', OTHER_PORT = '4172' } = process.env;

if (INSTANCE !== undefined) {
  serveInstance(Number(INSTANCE), STORE).then(() => process.send('listening'));
  process.on('disconnect', () => process.exit());
} else {
  const folder = STORE ?? mkdtempSync(join(tmpdir(), 'two-instances-'));
  process.on('exit', () => STORE ?? rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit());
  // The first instance is what others ask whether the application is ready: it comes last.
  const other = fork(new URL(import.meta.url), { env: { ...process.env, STORE: folder, INSTANCE: OTHER_PORT } });
  other.once('exit', () => process.exit(1));
  other.once('message', () => void serveInstance(Number(PORT), folder));
}
