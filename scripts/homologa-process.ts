import { spawn } from 'node:child_process';

/** How a process ended, and all that it said. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is running. */
export interface RunningProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Resolves once stdout holds what `pattern` describes; rejects when the process ends before. */
  said(pattern: RegExp): Promise<string>;
  /** The same of stderr. */
  complained(pattern: RegExp): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended and its output is read. */
  readonly ended: Promise<ProcessEnd>;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a command, without a shell. */
export function startProcess(command: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, ...output }));
  });
  const until = (name: 'stdout' | 'stderr', pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(output[name])) return;
        listeners.delete(look);
        resolve(output[name]);
      };
      listeners.add(look);
      look();
      ended.then(({ exitCode, stderr }) => {
        reject(new Error(`${command} ended with ${String(exitCode)} before it said ${String(pattern)}: ${stderr}`));
      }, reject);
    });
  return {
    pid: child.pid,
    ended,
    signal: (signal) => void child.kill(signal),
    said: (pattern) => until('stdout', pattern),
    complained: (pattern) => until('stderr', pattern),
  };
}
