import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagePaths } from '../steps/package-paths.js';

const cli = join(packagePaths.root, 'cli/homologa.ts');
const tsx = import.meta.resolve('tsx');

/** Runs `homologa plan` in a folder of its own with a `.env`. */
async function plan(
  dotenv: string,
  ...flags: readonly string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-plan-'));
  await writeFile(join(folder, '.env'), dotenv);
  const known = Object.entries(process.env).filter(([name]) => !name.startsWith('HOMOLOGA_'));
  const options = { cwd: folder, env: Object.fromEntries(known) };
  const end = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const args = ['--import', tsx, cli, 'plan', ...flags];
    const child = execFile(process.execPath, args, options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
  await rm(folder, { recursive: true });
  return end;
}

describe('homologa plan', { timeout: 60_000 }, () => {
  it('says which variables a sandbox lacks, and what would run there', async () => {
    const { code, stdout } = await plan('HOMOLOGA_BTG_CLIENT_ID=an-id\n', '--target', 'btg-sandbox');
    expect(stdout).toMatch(/^btg-sandbox: btg at https:\/\/id\.sandbox\.btgpactual\.com, consent: person\n/);
    expect(stdout).toMatch(/HOMOLOGA_BTG_CLIENT_SECRET\n {2}HOMOLOGA_BTG_REDIRECT_URI\n {2}HOMOLOGA_BTG_SCOPE\n/);
    expect(stdout).not.toContain('HOMOLOGA_BTG_CLIENT_ID');
    expect(stdout).toMatch(/\n[1-9]\d* checks will run at btg-sandbox\n[1-9]\d* will not:\n/);
    expect(stdout).toContain('btg-sandbox lacks clock');
    expect(code).toBe(2);
  });

  it('lists what would run where nothing is missing', async () => {
    const dotenv = ['CLIENT_ID', 'CLIENT_SECRET', 'REDIRECT_URI', 'SCOPE'].map(
      (name) => `HOMOLOGA_BS2_${name}=https://x.example`,
    );
    const flags = ['--target', 'bs2-sandbox', '--tags', '@id:bs2-code-reuse', '--all'];
    const { code, stdout } = await plan(dotenv.join('\n'), ...flags);
    expect(stdout).toMatch(/\n1 check will run at bs2-sandbox\n {4}bs2-code-reuse: /);
    expect(stdout).not.toContain('missing');
    expect(code).toBe(0);
  });

  const complete = [
    'HOMOLOGA_BS2_CLIENT_ID=x',
    'HOMOLOGA_BS2_CLIENT_SECRET=x',
    'HOMOLOGA_BS2_SCOPE=x',
    'HOMOLOGA_BS2_REDIRECT_URI=http://127.0.0.1:8765/callback',
  ];

  it('counts user name and password as missing where homologa would log in', async () => {
    const dotenv = [...complete, 'HOMOLOGA_BS2_CONSENT=http'].join('\n');
    const { code, stdout } = await plan(dotenv, '--target', 'bs2-sandbox');
    expect(stdout).toContain('\n  HOMOLOGA_BS2_PASSWORD\n  HOMOLOGA_BS2_USERNAME\n');
    expect(code).toBe(2);
  });

  it.each([
    ['a host in production', 'HOMOLOGA_BS2_BASE_URL=https://api.bs2.com', 'api.bs2.com is a bank in production'],
    ['no address', 'HOMOLOGA_BS2_REDIRECT_URI=callback', 'client.redirectUri: expected the whole address'],
    [
      'a login script that is not there',
      'HOMOLOGA_BS2_CONSENT=browser\nHOMOLOGA_BS2_LOGIN_SCRIPT=./my.mjs\nHOMOLOGA_BS2_USERNAME=u\nHOMOLOGA_BS2_PASSWORD=p',
      'my.mjs is not there',
    ],
  ])('says what would keep a run from beginning: %s', async (_what, lines, said) => {
    const { code, stderr } = await plan([...complete, lines].join('\n'), '--target', 'bs2-sandbox');
    expect(stderr).toContain(said);
    expect(code).toBe(2);
  });

  it('refuses the other bank, of which nothing would be judged', async () => {
    const { code, stderr } = await plan(complete.join('\n'), '--target', 'bs2-sandbox', '--bank', 'btg');
    expect(stderr).toContain('--bank btg: bs2-sandbox is bs2');
    expect(code).toBe(2);
  });
});
