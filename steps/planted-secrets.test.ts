import { Buffer } from 'node:buffer';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagePaths } from './package-paths.js';

const files = [
  'evidence.ndjson',
  'index.html',
  'junit.xml',
  'messages.ndjson',
  'requests.har',
  'results.json',
  'summary.md',
];
const secrets = fc.sample(
  fc.string({ minLength: 10, maxLength: 40, unit: 'grapheme-ascii' }).filter((text) => /[A-Za-z0-9]{4}/.test(text)),
  12,
);
let folder = '';
let output = '';
const contents = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-planted-'));
  const script = join(packagePaths.root, 'steps/testing/run-planted-secrets.ts');
  const parameters = ['--import', 'tsx', script, folder, JSON.stringify(secrets)];
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: packagePaths.root });
  output = stdout;
  for (const name of await readdir(folder)) contents.set(name, await readFile(join(folder, name), 'utf8'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A secret as it stands within base64, whatever is before it. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(`${'x'.repeat(before)}${secret}`)
      .toString('base64')
      .replaceAll('=', '');
    return encoded.slice(before === 0 ? 0 : before + 1, -2);
  });
}

describe('the output folder of a run at a bank that repeats secrets', () => {
  it('has every report, of a run that failed over it', () => {
    expect([...contents.keys()].sort()).toEqual(files);
    expect(contents.get('evidence.ndjson')).toContain('«planted#1»');
    expect(output).toContain('"exitCode":3');
  });

  it.each(files)('has none of them in %s', (name) => {
    const content = contents.get(name) ?? '';
    for (const secret of secrets) {
      const json = JSON.stringify(secret).slice(1, -1);
      for (const written of [secret, json, encodeURIComponent(secret), ...base64Forms(secret)]) {
        expect(content.includes(written), `${name} holds ${written}`).toBe(false);
      }
    }
  });

  it('says none of them in its results', () => {
    expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
  });
});
