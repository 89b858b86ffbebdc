import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { behaviourSettings, knownEnds } from '../reports/diff/behaviour-settings.js';
import { packagePaths } from './package-paths.js';

const outcomesSchema = v.array(
  v.object({ id: v.string(), patch: v.record(v.string(), v.unknown()), honest: v.string(), patched: v.string() }),
);

let outcomes: v.InferOutput<typeof outcomesSchema> = [];
beforeAll(async () => {
  const script = join(packagePaths.root, 'steps/testing/run-known-ends.ts');
  const options = { cwd: packagePaths.root, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], options);
  outcomes = v.parse(outcomesSchema, JSON.parse(stdout));
}, 120_000);

describe('the settings that a diff names for a scenario', () => {
  it.each(knownEnds.map(({ scenario }) => ({ scenario })))('$scenario ends so with them, and not without', (end) => {
    const found = outcomes.filter(({ id }) => id.slice(4) === end.scenario);
    expect(found.length).toBeGreaterThan(0);
    for (const { id, patch, honest, patched } of found) {
      const bank = id.startsWith('bs2') ? 'bs2' : 'btg';
      expect(behaviourSettings({ id, bank }, patched), `${id} said: ${patched}`).toEqual({ [bank]: patch });
      expect(behaviourSettings({ id, bank }, honest), `${id} said: ${honest}`).toBeNull();
    }
  });
});
