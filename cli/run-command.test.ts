import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { runHomologa, startHomologa, stopAll } from '../scripts/homologa-from-source.js';

const results = v.object({
  run: v.object({ exitCode: v.number(), incomplete: v.boolean(), faults: v.array(v.string()) }),
  checks: v.array(v.object({ id: v.string(), verdict: v.string() })),
});
/** What is made of the evidence. */
const reports = ['index.html', 'junit.xml', 'requests.har', 'results.json', 'summary.md'];

// Whole processes that load all steps.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-run-'));
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const readResults = async () => v.parse(results, JSON.parse(await read('results.json')));

describe('homologa run', () => {
  test('gives the mock a bug, fails in the scenario that notices, and says how to run it again', async () => {
    const run = ['run', '--mutant', 'btg.tokens-cacheable', '--tags', '@id:btg-token-answer-not-cached'];
    const end = await runHomologa([...run, '--out', folder]);
    expect(end).toMatchObject({ exitCode: 1, stderr: '' });
    expect(end.stdout).toMatch(/failed btg-token-answer-not-cached/);
    expect(end.stdout).toContain('run --mutant btg.tokens-cacheable --tags @id:btg-token-answer-not-cached\n');
    expect((await readdir(folder)).sort()).toEqual([...reports, 'evidence.ndjson', 'messages.ndjson'].sort());
  });

  test('comes to the same in several processes, in one order and one stream of messages', async () => {
    const [alone, shared] = [join(folder, 'alone'), join(folder, 'shared')];
    const selection = ['run', '--bank', 'btg', '--tags', '@kind:edge or @id:btg-bearer'];
    const ends = await Promise.all([
      runHomologa([...selection, '--out', alone]),
      runHomologa([...selection, '--parallel', '3', '--out', shared]),
    ]);
    expect(ends.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      Array.from({ length: 2 }, () => ({ exitCode: 0, stderr: '' })),
    );
    const checks = await Promise.all(
      [alone, shared].map(async (path) => {
        const found: unknown = JSON.parse(await readFile(join(path, 'results.json'), 'utf8'));
        return v.parse(results, found).checks;
      }),
    );
    expect(checks[0]?.length).toBeGreaterThan(20);
    expect(checks[1]).toEqual(checks[0]);
    // Each process has its own secrets, and says which are whose.
    const evidence = await readFile(join(shared, 'evidence.ndjson'), 'utf8');
    for (const tag of [/«code#\d/, /«code#w2-\d/, /«code#w3-\d/]) expect(evidence).toMatch(tag);
  });

  test.each([
    { name: 'in this process', parallel: '1' },
    { name: 'in several processes', parallel: '2' },
  ])('stopped by SIGINT $name, reports what ran, and says that it is not all', async ({ parallel }) => {
    const run = startHomologa(['run', '--parallel', parallel, '--out', folder]);
    await run.said(/\.{20}/);
    run.signal('SIGINT');
    const end = await run.ended;
    expect(end).toMatchObject({ exitCode: 130, signal: null, stderr: '' });
    const { run: ran, checks } = await readResults();
    expect(ran).toEqual({ exitCode: 130, incomplete: true, faults: [] });
    expect(checks.length).toBeGreaterThanOrEqual(20);
    expect(checks.length).toBeLessThan(300);
    expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['passed']));
    for (const name of reports) expect(await read(name)).not.toBe('');
    for (const name of ['index.html', 'summary.md']) expect(await read(name)).toMatch(/incomplete|interrupted/i);
    expect(end.stdout).toMatch(/interrupted|incomplete/i);
  });

  test.each([
    [['--tags', '@kind:edge and'], /Expected a tag expression.*ERR_TAG_EXPRESSION/s],
    [['--tags', '@id:nobody'], /nothing would be judged.*ERR_NOTHING_SELECTED/s],
    [['--mutant', 'bs2.refresh-not-rotatd'], /no mutant "bs2\.refresh-not-rotatd".*bs2\.refresh-not-rotated/s],
    [['--expected', '/nowhere/list.yaml'], /\/nowhere\/list\.yaml.*cannot be read/s],
    [['--target', 'nowhere'], /nowhere/],
    [['--parallel', 'two'], /Expected a number of processes/],
  ])('with %j exits 2, judges nothing and leaves no report', async (flags, message) => {
    const end = await runHomologa(['run', '--parallel', '2', ...flags, '--out', join(folder, 'out')]);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(message);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('homologa report', () => {
  test('makes every report again of the evidence, byte for byte', async () => {
    const run = ['run', '--mutant', 'bs2.refresh-not-rotated', '--bank', 'bs2', '--tags', '@kind:positive'];
    const list = join(folder, 'expected.yaml');
    await writeFile(list, '- {check: bs2-refresh, reason: the bank said so}\n- {check: bs2-consent, reason: stale}\n');
    const out = join(folder, 'out');
    expect(await runHomologa([...run, '--expected', list, '--out', out])).toMatchObject({ exitCode: 1 });
    const readAll = () => Promise.all(reports.map(async (name) => [name, await readFile(join(out, name), 'utf8')]));
    const before = await readAll();
    await Promise.all(reports.map((name) => rm(join(out, name))));
    const end = await runHomologa(['report', out]);
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readAll()).toEqual(before);
  });

  test('reports what a run that was killed had written, as incomplete', async () => {
    const run = startHomologa(['run', '--bank', 'btg', '--out', folder]);
    await run.said(/\.{20}/);
    run.signal('SIGKILL');
    await run.ended;
    expect(await runHomologa(['report', folder])).toMatchObject({ exitCode: 0, stderr: '' });
    const { run: ran, checks } = await readResults();
    expect(ran).toMatchObject({ exitCode: 130, incomplete: true });
    expect(checks.length).toBeGreaterThan(5);
  });

  test('exits 2 for a folder without evidence, or with evidence that cannot be read', async () => {
    expect(await runHomologa(['report', folder])).toMatchObject({ exitCode: 2, stdout: '' });
    await writeFile(join(folder, 'evidence.ndjson'), '{"schema":1}\n');
    const end = await runHomologa(['report', folder]);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/evidence\.ndjson, line 1.*ERR_EVIDENCE/s);
  });
});
