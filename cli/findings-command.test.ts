import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Partner } from '../mock-server/journal/findings/testing/partner.js';
import { runHomologa } from '../scripts/homologa-from-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-findings-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function save(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('homologa findings', () => {
  test('ends with 1 and says what is wrong, what to do and which requirement it is', async () => {
    const partner = await Partner.open();
    const code = await partner.code('bs2');
    await partner.redeem('bs2', code);
    await partner.redeem('bs2', code);
    const path = await save('wrong.har', await partner.tenant.journal.har());
    const { exitCode, stdout, stderr } = await runHomologa(['findings', path, '--bank', 'bs2']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(
      /^failed {2}request 3 {2}code-sent-again\n {8}The authorization code was sent a second time/,
    );
    expect(stdout).toContain('Never repeat a code exchange');
    expect(stdout).toContain('RFC6749-4.1.2-b');
    expect(stdout).toMatch(/\n3 requests to BS2: 1 failed, 0 warning, 0 info\.\n$/);
    const json = await runHomologa(['findings', path, '--bank', 'bs2', '--json']);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      bank: 'bs2',
      requests: 3,
      items: [{ id: 'code-sent-again', severity: 'failed', entry: 3 }],
    });
  });

  test('ends with 0 for right traffic', async () => {
    const partner = await Partner.open();
    await partner.call('btg', (await partner.connect('btg')).accessToken);
    const path = await save('right.har', await partner.tenant.journal.har());
    const { exitCode, stdout } = await runHomologa(['findings', path, '--bank', 'btg']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/3 requests to BTG: 0 failed, 0 warning, 1 info\.\n$/);
    const other = await runHomologa(['findings', path, '--bank', 'bs2']);
    expect(other).toMatchObject({ exitCode: 2, stdout: '' });
    expect(other.stderr).toMatch(/None of the 3 entries .* 3 look like BTG’s, try --bank btg/);
  });

  test.each([
    ['{"log":{"entries":[{}]}}', /Cannot read entry 1: expected .* at log\.entries\[0\]\.startedDateTime, got nothing/],
    ['<html>', /not JSON/],
    ['{"log":{"entries":[]}}', /None of the 0 entries/],
  ])('ends with 2 for %s', async (content, message) => {
    const end = await runHomologa(['findings', await save('unreadable.har', content), '--bank', 'bs2']);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(message);
  });

  test.each([
    [['none.har', '--bank', 'bs2'], /Cannot read none\.har/],
    [['none.har'], /--bank/],
    [['none.har', '--bank', 'outro'], /bs2, btg/],
  ])('refuses %j', async (args, message) => {
    const end = await runHomologa(['findings', ...args]);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(message);
  });
});
