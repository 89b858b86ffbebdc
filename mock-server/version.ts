import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';

/** The version of this package, from its package.json: beside the sources, or one folder up from the built files. */
export const version: string = readVersion();

function readVersion(): string {
  const require = createRequire(import.meta.url);
  for (const path of ['../package.json', '../../package.json']) {
    if (!existsSync(new URL(path, import.meta.url))) continue;
    const manifest: unknown = require(path);
    if (
      typeof manifest === 'object' &&
      manifest !== null &&
      'version' in manifest &&
      typeof manifest.version === 'string'
    ) {
      return manifest.version;
    }
  }
  return '0.0.0';
}
