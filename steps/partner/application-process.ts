import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { HomologaError } from '../../foundation/homologa-error.js';

/** How an application is started. */
export interface ApplicationStart {
  /** Given to a shell. */
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Thrown when the application cannot be started or does not become ready; `cause` is `{ command }` or `{ ready }`. */
export class ApplicationStartError extends HomologaError {
  constructor(message: string, cause: Readonly<Record<string, string>>) {
    super('ERR_APPLICATION_START', message, { cause });
  }
}

const mostOutput = 8_000_000;
const graceMs = 3_000;

/** The application under test as a process of its own, with all processes that it starts. */
export class ApplicationProcess {
  readonly #child: ChildProcess;
  #output = '';
  #ended: string | null = null;
  readonly #end: Promise<void>;

  constructor({ command, cwd, env }: ApplicationStart) {
    // A group of its own: what a shell or npm starts in between would outlive a signal to the shell alone.
    this.#child = spawn(command, {
      shell: true,
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const collect = (chunk: Buffer): void => {
      this.#output = `${this.#output}${chunk.toString('utf8')}`.slice(-mostOutput);
    };
    this.#child.stdout?.on('data', collect);
    this.#child.stderr?.on('data', collect);
    this.#end = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#ended = error.message;
        resolve();
      });
      this.#child.once('exit', (code, signal) => {
        this.#ended = signal === null ? `exit code ${String(code)}` : `signal ${signal}`;
        resolve();
      });
    });
    running.add(this);
  }

  /** What it wrote to its output and error output, the last eight megabytes of it; may hold secrets. */
  get output(): string {
    return this.#output;
  }

  /** How it ended; null while it runs. */
  get ended(): string | null {
    return this.#ended;
  }

  /** Resolves when it has ended. */
  get end(): Promise<void> {
    return this.#end;
  }

  /** Ends it and all that it started: first kindly, after three seconds by force. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([this.#end, patience]);
    clearTimeout(timer);
    // Also where the first process is gone: what it started may live on.
    this.kill();
    await this.#end;
    running.delete(this);
  }

  /** Ends it at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

const running = new Set<ApplicationProcess>();
// Whatever ends this process must not leave the application behind.
process.on('exit', () => {
  for (const application of running) application.kill();
});

/**
 * Nobody may answer where the application is going to: it would be judged in its place, with the bank of an earlier run.
 *
 * @throws ApplicationStartError (`ERR_APPLICATION_START`)
 */
export async function refuseStranger(url: string): Promise<void> {
  const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2_000) }).catch(() => null);
  if (answer === null) return;
  await answer.body?.cancel();
  throw new ApplicationStartError(
    `Something answers at ${url} before the application was started. Stop what runs there, give the application another port, or leave out application.command if that is it.`,
    { ready: url },
  );
}

/**
 * Waits until the application answers `ready` with a 2xx, or anything at all at `fallback` where the file names no
 * `ready`.
 *
 * @throws ApplicationStartError (`ERR_APPLICATION_START`)
 */
export async function untilReady(
  application: ApplicationProcess | null,
  {
    ready,
    fallback,
    timeoutMs,
  }: { readonly ready: string | null; readonly fallback: string; readonly timeoutMs: number },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const url = ready ?? new URL(fallback).origin;
  let last = 'no answer';
  while (performance.now() < deadline) {
    if (application?.ended != null) {
      throw new ApplicationStartError(`The application ended before it was ready (${application.ended}).`, {
        ready: url,
      });
    }
    try {
      const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2_000) });
      await answer.body?.cancel();
      if (ready === null || answer.ok) return;
      last = `status ${String(answer.status)}`;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      last = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const wanted = ready === null ? 'any answer' : 'a 2xx';
  throw new ApplicationStartError(
    `Expected ${wanted} from ${url} within ${String(timeoutMs / 1000)} s, got ${last}. Is application.${ready === null ? 'ready missing, or connect' : 'ready'} right?`,
    { ready: url },
  );
}
