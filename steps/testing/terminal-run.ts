import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { packagePaths } from '../package-paths.js';

const resultsSchema = v.object({
  run: v.object({
    exitCode: v.number(),
    durationMs: v.nullable(v.number()),
    waitedMs: v.record(v.string(), v.number()),
    stopped: v.nullable(v.string()),
  }),
  checks: v.array(v.object({ id: v.string(), verdict: v.string(), reason: v.nullable(v.string()) })),
});

/** How a run of `homologa run` ended. */
export interface TerminalRunEnd {
  readonly code: number | null;
  /** Both of its outputs. */
  readonly said: string;
  readonly results: v.InferOutput<typeof resultsSchema>;
}

/** Somebody who reads all that was said so far, and may type lines. */
export type PersonAtTerminal = (said: string, type: (line: string) => void) => void;

/** A run of `homologa run` in a process of its own. */
export interface TerminalRun {
  readonly target: string;
  /** Null for all scenarios. */
  readonly tags: string | null;
  /** Where the reports go; also the working folder. */
  readonly folder: string;
  /** Given, the process has a pseudo-terminal, and this person sits at it. */
  readonly person?: PersonAtTerminal;
}

/** Runs `homologa run` to its end. The pseudo-terminal is that of `script` (util-linux). */
export async function runAtTerminal({ target, tags, folder, person }: TerminalRun): Promise<TerminalRunEnd> {
  const cli = join(packagePaths.root, 'cli/homologa.ts');
  const flags = ['run', '--target', target, ...(tags === null ? [] : ['--tags', tags]), '--out', folder];
  const words = ['--import', import.meta.resolve('tsx'), cli, ...flags];
  const quoted = [process.execPath, ...words].map((word) => `'${word}'`).join(' ');
  const child =
    person === undefined
      ? spawn(process.execPath, words, { cwd: folder, stdio: 'pipe' })
      : spawn('script', ['-qfec', quoted, '/dev/null'], { cwd: folder, stdio: 'pipe' });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said += chunk.toString('utf8');
    person?.(said, (line) => child.stdin.write(`${line}\r`));
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const results = v.parse(resultsSchema, JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')));
  return { code, said, results };
}
