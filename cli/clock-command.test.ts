import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startMockServer } from '../mock-server/index.js';
import type { MockServer } from '../mock-server/index.js';
import { runHomologa } from '../scripts/homologa-from-source.js';

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterEach(() => mock.defaultTenant.clock.reset());
afterAll(() => mock.close());

const clock = (...args: string[]): ReturnType<typeof runHomologa> => runHomologa(['clock', ...args, '--url', mock.url]);

describe('homologa clock', () => {
  test('freezes, sets, advances and shows', async () => {
    await mock.defaultTenant.clock.freeze();
    const set = await clock('set', '2060-12-01T00:00:00Z');
    expect(set).toMatchObject({ exitCode: 0, stdout: '2060-12-01T00:00:00.000Z frozen\n', stderr: '' });
    expect((await clock('advance', 'P30D')).stdout).toBe('2060-12-31T00:00:00.000Z frozen\n');
    const shown: unknown = JSON.parse((await clock('show', '--json')).stdout);
    expect(shown).toEqual({ now: '2060-12-31T00:00:00.000Z', mode: 'frozen' });
    expect((await clock('resume')).stdout).toMatch(/^2060-12-31T\S+Z running\n$/);
    expect((await clock('reset')).stdout).not.toMatch(/^2060/);
  });

  test('moves another tenant by a control token', async () => {
    const guarded = await startMockServer({ controlToken: 'token-of-a-test' });
    try {
      await guarded.createTenant({ id: 'other' });
      const args = ['clock', 'freeze', '--tenant', 'other', '--url', guarded.url];
      const refused = await runHomologa(args);
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toContain('HOMOLOGA_CONTROL_TOKEN');
      const moved = await runHomologa(args, { env: { HOMOLOGA_CONTROL_TOKEN: 'token-of-a-test' } });
      expect(moved.stdout).toMatch(/Z frozen\n$/);
    } finally {
      await guarded.close();
    }
  });

  test.each([
    [['set', '2001-01-01T00:00:00Z'], /back/i],
    [['set', 'tomorrow'], /RFC 3339.*tomorrow/],
    [['set'], /clock set wants an instant/],
    [['advance'], /clock advance wants a duration/],
    [['advance', 'P1M'], /P1M.*years and months/],
    [['freeze', 'P1D'], /clock freeze takes no value/],
    [['show', '--tenant', 'nobody'], /nobody/],
    [['stop'], /'stop' is invalid.*show, advance/],
  ])('refuses %j', async (args, message) => {
    const end = await clock(...args);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(message);
  });

  test('says how to start a mock where there is none', async () => {
    const gone = await startMockServer();
    await gone.close();
    const end = await runHomologa(['clock', 'show', '--url', gone.url]);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/No control API answers at .*homologa serve/);
  });
});
