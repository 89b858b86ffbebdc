import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join, relative, resolve } from 'node:path';
import { HomologaError } from '../foundation/homologa-error.js';
import { packagePaths } from './package-paths.js';
import { environmentOf } from './target-environment.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';

/** A target that was found by what the command line calls it. */
export interface FoundTarget {
  readonly name: string;
  /** Absolute path of its file; null for the mock. */
  readonly path: string | null;
  /** The one bank that it is; null where it is both. */
  readonly bank: ScenarioBank | null;
  /** Where it is, for reports: the origin of the bank, or the mock. */
  readonly environment: string;
}

/** Thrown for a target that is nowhere; `cause` is `{ target, looked }`. */
export class UnknownTargetError extends HomologaError {
  constructor(target: string, folder: string, looked: readonly string[]) {
    const places = looked.map((path) => relative(folder, path)).join(', ');
    const shipped = readdirSync(packagePaths.targets).map((name) => basename(name, extname(name)));
    super(
      'ERR_UNKNOWN_TARGET',
      `Expected "mock", a target file or its name, got "${target}": there is no ${places} here. ` +
        `homologa has ${shipped.join(' and ')}.`,
      { cause: { target, looked } },
    );
  }
}

/**
 * Finds a target: `mock`, a path, or a name that is a YAML file here, in `targets/`, or one that ships. A file is read at once, so that
 * what is wrong with it is said before anything runs.
 *
 * @throws UnknownTargetError (`ERR_UNKNOWN_TARGET`), TargetFileError (`ERR_TARGET_FILE`)
 */
export async function findTarget(target: string, folder: string): Promise<FoundTarget> {
  if (target === 'mock') return { name: 'mock', path: null, bank: null, environment: 'mock in this process' };
  const path = locateTarget(target, folder);
  const { readTargetFile } = await import('./target-file.js');
  const { name, bank, baseUrl } = await readTargetFile(path, await environmentOf(folder, process.env));
  return { name: name ?? basename(path, extname(path)), path, bank, environment: new URL(baseUrl).origin };
}

/** The absolute path of a target's file. @throws UnknownTargetError (`ERR_UNKNOWN_TARGET`) */
export function locateTarget(target: string, folder: string): string {
  const names = extname(target) === '' ? [`${target}.yaml`, `${target}.yml`] : [];
  const own = [target, ...names, ...names.map((name) => `targets/${name}`)].map((path) => resolve(folder, path));
  const places = [...own, ...names.map((name) => join(packagePaths.targets, name))];
  const path = places.find((place) => existsSync(place));
  if (path === undefined) throw new UnknownTargetError(target, folder, own);
  return path;
}

/** How a command typed in a folder names a target's file: as short as it is understood. */
export function nameForCommands(path: string, folder: string): string {
  const name = basename(path, extname(path));
  try {
    if (locateTarget(name, folder) === path) return name;
  } catch {
    // Not by its name alone.
  }
  const fromHere = relative(folder, path);
  return fromHere.startsWith('..') ? path : fromHere;
}
