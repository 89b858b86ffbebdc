import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where homologa's own package is, and which version it is. */
export interface OwnPackage {
  /** The folder of its package.json. */
  readonly folder: string;
  readonly version: string;
}

/**
 * Looks upwards for the package's name, never a number of folders up: a build joins files and moves them, and whoever
 * bundles homologa into a program has a package.json of their own above it. Where there is none of homologa's, the
 * version is `0.0.0`.
 */
export function findOwnPackage(from: string): OwnPackage {
  for (let folder = from; ; folder = dirname(folder)) {
    const version = versionAt(join(folder, 'package.json'));
    if (version !== null) return { folder, version };
    if (folder === dirname(folder)) return { folder: from, version: '0.0.0' };
  }
}

/** The package that this file belongs to. */
export const ownPackage: OwnPackage = findOwnPackage(dirname(fileURLToPath(import.meta.url)));

function versionAt(path: string): string | null {
  if (!existsSync(path)) return null;
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof manifest !== 'object' || manifest === null) return null;
  if (!('name' in manifest) || manifest.name !== 'homologa') return null;
  return 'version' in manifest && typeof manifest.version === 'string' ? manifest.version : null;
}
