import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagePaths } from '../steps/package-paths.js';

const cli = join(packagePaths.root, 'cli/homologa.ts');
const tsx = import.meta.resolve('tsx');

/** Runs `homologa plan` in a folder of its own with a `.env`. */
async function plan(dotenv: string, ...flags: readonly string[]): Promise<{ code: number; stdout: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-plan-'));
  await writeFile(join(folder, '.env'), dotenv);
  const known = Object.entries(process.env).filter(([name]) => !name.startsWith('HOMOLOGA_'));
  const options = { cwd: folder, env: Object.fromEntries(known) };
  const end = await new Promise<{ code: number; stdout: string }>((resolve) => {
    const child = execFile(process.execPath, ['--import', tsx, cli, 'plan', ...flags], options, (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, stdout }),
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
    const dotenv = ['CLIENT_ID', 'CLIENT_SECRET', 'REDIRECT_URI', 'SCOPE'].map((name) => `HOMOLOGA_BS2_${name}=x`);
    const flags = ['--target', 'bs2-sandbox', '--tags', '@id:bs2-code-reuse', '--all'];
    const { code, stdout } = await plan(dotenv.join('\n'), ...flags);
    expect(stdout).toMatch(/\n1 check will run at bs2-sandbox\n {4}bs2-code-reuse: /);
    expect(stdout).not.toContain('missing');
    expect(code).toBe(0);
  });
});
