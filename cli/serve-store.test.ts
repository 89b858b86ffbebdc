import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { runHomologa, startHomologa, stopAll } from '../scripts/homologa-from-source.js';
import type { RunningProcess } from '../scripts/homologa-process.js';

const listening = v.looseObject({
  tenants: v.looseObject({ default: v.looseObject({ control: v.string() }) }),
});

let folder: string;
let store: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-cli-store-'));
  store = join(folder, 'state');
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

async function serve(): Promise<{ mock: RunningProcess; clock: string }> {
  const mock = startHomologa(['serve', '--port', '0', '--json', '--store', store]);
  const { tenants } = v.parse(listening, JSON.parse(await mock.said(/\n/)));
  return { mock, clock: `${tenants.default.control}/clock` };
}

async function advance(clock: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${clock}/advance`, { method: 'POST', headers, body: '{"by":"PT1H"}' });
  return { status: answer.status, text: await answer.text() };
}

/** How large a file the process may write: what a full disk does to it, at will. */
async function limitFiles({ pid }: RunningProcess, bytes: string): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}

describe('homologa serve --store', () => {
  test('goes on after SIGTERM from where it was, and says where the state is', async () => {
    const first = await serve();
    const headers = { 'content-type': 'application/json' };
    await fetch(`${first.clock}/set`, { method: 'POST', headers, body: '{"to":"2090-01-01T00:00:00Z"}' });
    first.mock.signal('SIGTERM');
    expect(await first.mock.ended).toMatchObject({ exitCode: 0, stderr: '' });
    const second = await serve();
    expect(await (await fetch(second.clock)).json()).toMatchObject({ now: expect.stringMatching(/^2090/) as unknown });
    second.mock.signal('SIGTERM');
    await second.mock.ended;
    const third = startHomologa(['serve', '--port', '0', '--store', store]);
    expect(await third.said(/Ctrl\+C.*\n/)).toContain(`its state stays in ${store}.`);
  });

  test('is refused to a second process, which names the path', async () => {
    const { clock } = await serve();
    const second = await runHomologa(['serve', '--port', '0', '--store', store]);
    expect(second).toMatchObject({ exitCode: 2, stdout: '' });
    expect(second.stderr).toMatch(/state is in use by another mock server.*ERR_STORE_IN_USE/);
    expect((await fetch(clock)).status).toBe(200);
  });

  test('is refused where the path is no state, which is left as it is', async () => {
    await writeFile(join(folder, 'notes.txt'), 'text');
    const end = await runHomologa(['serve', '--port', '0', '--store', folder]);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/^homologa: .*no state of homologa.*ERR_STORE_UNUSABLE/);
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  test.skipIf(process.platform !== 'linux')(
    'says that it cannot write, goes on when it can, and its state is whole',
    async () => {
      const { mock, clock } = await serve();
      await limitFiles(mock, '30000');
      let refused = await advance(clock);
      for (let calls = 1; refused.status === 200 && calls < 500; calls += 1) refused = await advance(clock);
      expect(refused).toMatchObject({
        status: 500,
        text: expect.stringMatching(/Cannot write to .*ERR_STORE_WRITE/) as unknown,
      });
      await limitFiles(mock, 'unlimited');
      for (let calls = 0; calls < 20; calls += 1) expect(await advance(clock)).toMatchObject({ status: 200 });
      const { now } = v.parse(v.object({ now: v.string() }), JSON.parse((await advance(clock)).text));
      mock.signal('SIGTERM');
      const { exitCode, stderr } = await mock.ended;
      expect([exitCode, stderr.match(/Cannot write/g)]).toEqual([0, ['Cannot write']]);
      const second = await serve();
      const answer = v.parse(v.object({ now: v.string() }), await (await fetch(second.clock)).json());
      expect(Date.parse(answer.now)).toBeGreaterThanOrEqual(Date.parse(now));
    },
  );
});
