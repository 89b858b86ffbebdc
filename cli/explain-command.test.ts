import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMockServer } from '../mock-server/index.js';
import type { MockServer } from '../mock-server/index.js';
import { Partner } from '../mock-server/journal/findings/testing/partner.js';
import { runHomologa } from '../scripts/homologa-from-source.js';

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterAll(() => mock.close());

const explain = (...args: string[]): ReturnType<typeof runHomologa> =>
  runHomologa(['explain', ...args, '--url', mock.url]);

/** The command with something at its standard input, where a shell's history does not see it. */
async function explainPiped(input: string, ...args: string[]): Promise<string> {
  const entry = fileURLToPath(new URL('homologa.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry, 'explain', '-', ...args, '--url', mock.url], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  child.stdin.end(input);
  await new Promise((resolve) => child.once('close', resolve));
  return text;
}

describe('homologa explain', () => {
  test('prints a timeline, and nothing of the value', async () => {
    const partner = await Partner.at(mock);
    const { refreshToken } = await partner.connect('bs2');
    await partner.pass('PT3M');
    await partner.refresh('bs2', refreshToken);
    const { stdout, exitCode, stderr } = await explain(refreshToken, '--tenant', partner.tenant.id);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      /^A refresh token of BS2, given to l7\w+ for correntista; it is refused now: it was exchanged/,
    );
    expect(stdout).toMatch(/\n {2}given to +l7\w+ \(Aplicação de Teste\), user correntista, company 30306294000145\n/);
    expect(stdout).toMatch(/\n {2}\S+Z {2}request 2 +Given in exchange for an authorization code\.\n/);
    expect(stdout).toMatch(/\n {2}\S+Z {2}request 3 +Exchanged for new tokens \(200\)\.\n/);
    expect(stdout).toContain('What to do: Use the newest refresh token');
    expect(stdout).not.toContain(refreshToken);
  });

  test('takes the value from the standard input, and prints JSON', async () => {
    const partner = await Partner.at(mock);
    const { accessToken } = await partner.connect('btg');
    const text = await explainPiped(`Bearer ${accessToken}\n`, '--json', '--tenant', partner.tenant.id);
    expect(JSON.parse(text)).toMatchObject({
      kind: 'access-token',
      bank: 'btg',
      good: true,
      jwt: { signature: 'right' },
    });
    const readable = await explainPiped(`${accessToken}\n`, '--tenant', partner.tenant.id);
    expect(readable).toMatch(/\n {2}claims +\{"sub":"«person»"/);
    expect(readable).not.toContain(accessToken.split('.')[2]);
  });

  test('tells a redirect by its parts, and what may be of a value that nobody gave', async () => {
    const partner = await Partner.at(mock);
    const authorizationUrl = partner.authorizationUrl('bs2');
    const { redirectTo } = await partner.tenant.consents.create({ authorizationUrl, decision: 'approve' });
    const told = await explain(redirectTo, '--tenant', partner.tenant.id);
    expect(told.stdout).toMatch(/\n {2}code +An authorization code of BS2/);
    const unknown = await explain('valor-de-teste');
    expect(unknown).toMatchObject({ exitCode: 0 });
    expect(unknown.stdout).toMatch(/never gave this value[\s\S]*\nIt may be that:\n {2}- /);
  });

  test.each([
    [[], /missing required argument/],
    [['x', '--tenant', 'ninguem'], /There is no tenant \\?"ninguem/],
    [['x'.repeat(20_001)], /1 to 20000 characters/],
  ])('refuses %j', async (args, message) => {
    const end = await explain(...args);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(message);
  });

  test('refuses an empty standard input', async () => {
    expect(await explainPiped('\n')).toBe('');
  });
});
