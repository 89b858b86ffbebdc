import { readFile, readdir } from 'node:fs/promises';
import { get } from 'node:http';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { pinned } from './pinned.js';

/** A server that is measured, while it runs. */
export interface Running {
  /** What it said of itself in its first line. */
  readonly said: unknown;
  /** From the start of its process to the end of its first answer. */
  readonly startMs: number;
  /** Resident memory, in MB. */
  residentMb(): Promise<number>;
  /** Processor time of all its threads until now, in ms: what a machine that is busy with other things does not change. */
  processorMs(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a server that tells where it is in a line of JSON; `addressOf` finds what to ask first in it. */
export async function startSubject(
  args: readonly string[],
  addressOf: (said: unknown) => string,
  core: number | null,
): Promise<Running> {
  const startedAt = performance.now();
  const child = spawn(...pinnedNode(core, args), { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: unknown = JSON.parse(await firstLine(child));
  await firstAnswer(addressOf(said));
  const startMs = performance.now() - startedAt;
  return {
    said,
    startMs,
    residentMb: async () => {
      // taskset becomes the command that it starts, so the process is the server's.
      const status = await readFile(`/proc/${String(child.pid)}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    processorMs: async () => processorMs(child.pid),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** In nanoseconds where the system keeps them for each thread, else in ticks of a hundredth of a second. */
async function processorMs(pid: number | undefined): Promise<number> {
  const folder = `/proc/${String(pid)}`;
  try {
    const threads = await readdir(`${folder}/task`);
    const told = await Promise.all(threads.map((thread) => readFile(`${folder}/task/${thread}/schedstat`, 'utf8')));
    return told.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6;
  } catch {
    const stat = await readFile(`${folder}/stat`, 'utf8');
    // After the name in brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
}

function pinnedNode(core: number | null, args: readonly string[]): [string, string[]] {
  const [command, all] = pinned(core, process.execPath, args);
  return [command, [...all]];
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('close', (code) => reject(new Error(`A server ended with ${String(code)} before it listened.`)));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const line = text.split('\n').find((each) => each.startsWith('{') && each.endsWith('}'));
      if (line !== undefined) resolve(line);
    });
  });
}

function firstAnswer(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => answer.resume().once('end', resolve)).once('error', reject);
  });
}
