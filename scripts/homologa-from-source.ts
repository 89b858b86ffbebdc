import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startProcess } from './homologa-process.js';
import type { ProcessEnd, RunningProcess } from './homologa-process.js';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const entry = fileURLToPath(new URL('../cli/homologa.ts', import.meta.url));
const builtEntry = fileURLToPath(new URL('../dist/cli/homologa.js', import.meta.url));
// By its address: it is not found by its name from other folders.
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const running = new Set<RunningProcess>();

/** How the command line is started. */
export interface HomologaStart {
  readonly env?: NodeJS.ProcessEnv;
  /** From `dist/`, which `npm run build` makes: it takes a third of the time to load. Default: from the sources. */
  readonly built?: boolean;
  /** Default: the checkout. */
  readonly cwd?: string;
}

/** Starts the command line. A control token or a debug switch of this process does not reach it. */
export function startHomologa(
  args: readonly string[],
  { env = {}, built = false, cwd = checkout }: HomologaStart = {},
): RunningProcess {
  const { HOMOLOGA_CONTROL_TOKEN: _token, HOMOLOGA_DEBUG: _debug, DEBUG: _wide, ...inherited } = process.env;
  const child = startProcess(process.execPath, [...(built ? [builtEntry] : ['--import', tsx, entry]), ...args], {
    cwd,
    env: { ...inherited, ...env },
  });
  running.add(child);
  void child.ended.finally(() => running.delete(child));
  return child;
}

/** Runs the command line to its end. */
export function runHomologa(args: readonly string[], options: HomologaStart = {}): Promise<ProcessEnd> {
  return startHomologa(args, options).ended;
}

/** Ends what a test left running. */
export async function stopAll(): Promise<void> {
  const left = [...running];
  for (const child of left) child.signal('SIGKILL');
  await Promise.all(left.map(({ ended }) => ended));
}
