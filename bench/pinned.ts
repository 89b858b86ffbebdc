import { spawnSync } from 'node:child_process';

const hasTaskset = spawnSync('taskset', ['--version']).error === undefined;

/** A command that is kept to one core, where the machine has `taskset`. */
export function pinned(core: number | null, command: string, args: readonly string[]): [string, readonly string[]] {
  return core === null || !hasTaskset ? [command, args] : ['taskset', ['-c', String(core), command, ...args]];
}
