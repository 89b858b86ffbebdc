import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { parse } from 'yaml';
import { createHttpTransport } from '../../client/http-transport.js';
import { walkConsent } from '../../client/user-agent/consent-walk.js';
import { findChromium } from '../../client/user-agent/find-chromium.js';
import { createHttpUserAgent } from '../../client/user-agent/http-user-agent.js';
import { totpCode, totpStep } from '../../mock-server/tenants/totp.js';
import { packagePaths } from '../package-paths.js';
import { startStandIn, standInRedirectUri } from '../testing/stand-in.js';
import type { StandIn } from '../testing/stand-in.js';

const cli = join(packagePaths.root, 'cli/homologa.ts');
const tsx = import.meta.resolve('tsx');
const forbidsSkips = process.env['HOMOLOGA_FORBID_SKIP'] === '1';

let standIn: StandIn;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-modes-'));
  // Fast: the pace is measured elsewhere.
  standIn = await startStandIn({ tokenRequestsPerMinute: 1_000 });
});
afterAll(async () => {
  await standIn.close();
  await rm(folder, { recursive: true });
});

const resultsSchema = v.object({
  run: v.object({
    exitCode: v.number(),
    waitedMs: v.record(v.string(), v.number()),
    stopped: v.nullable(v.string()),
  }),
  checks: v.array(v.object({ id: v.string(), verdict: v.string(), reason: v.nullable(v.string()) })),
});

interface End {
  readonly code: number | null;
  readonly said: string;
  readonly results: v.InferOutput<typeof resultsSchema>;
}

const targetSchema = v.object({
  tls: v.object({ ca: v.string() }),
  user: v.object({ secondFactor: v.object({ totpSecret: v.string() }) }),
});

const known = { username: 'correntista', password: 'senha-de-teste' };

/** Runs `homologa run` at a target; with `atTerminal` in a pseudo-terminal, where `person` gets what it says. */
async function run(
  target: string,
  tags: string,
  {
    atTerminal = false,
    person,
  }: { atTerminal?: boolean; person?: (said: string, type: (line: string) => void) => void } = {},
): Promise<End> {
  const out = join(folder, `out-${String(Math.random()).slice(2)}`);
  const words = [process.execPath, '--import', tsx, cli, 'run', '--target', target, '--tags', tags, '--out', out];
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const child = atTerminal
    ? spawn('script', ['-qfec', quoted, '/dev/null'], { cwd: folder, stdio: 'pipe' })
    : spawn(words[0] ?? '', words.slice(1), { cwd: folder, stdio: 'pipe' });
  let said = '';
  const hear = (chunk: Buffer): void => {
    said += chunk.toString('utf8');
    person?.(said, (line) => child.stdin.write(`${line}\r`));
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const results = v.parse(resultsSchema, JSON.parse(await readFile(join(out, 'results.json'), 'utf8')));
  return { code, said, results };
}

interface Standing {
  readonly path: string;
  readonly ca: string;
  readonly appCode: () => string;
}

/** A target with what a person knows of it. */
async function standing(bank: 'bs2' | 'btg', differing: Readonly<Record<string, unknown>>): Promise<Standing> {
  const plain = v.parse(targetSchema, parse(await readFile(await standIn.targetFile(bank), 'utf8')));
  const { totpSecret } = plain.user.secondFactor;
  return {
    path: await standIn.targetFile(bank, { pace: 'off', ...differing }),
    ca: await readFile(plain.tls.ca, 'utf8'),
    appCode: () => totpCode(totpSecret, totpStep(Date.now())),
  };
}

/** Somebody who opens each address that is asked for, logs in, answers, and ends at the redirect URI. */
function personAtBrowser({ ca, appCode }: Standing, arrive: (back: string, type: (line: string) => void) => void) {
  const done = new Set<string>();
  return (said: string, type: (line: string) => void): void => {
    for (const [, decision = '', address = ''] of said.matchAll(
      /you are asked to (approve|refuse)[^]*?\n +(https:\S+)/g,
    )) {
      if (done.has(address)) continue;
      done.add(address);
      const userAgent = createHttpUserAgent({ fetch: createHttpTransport({ ca }) });
      void walkConsent(userAgent, address, {
        redirectUri: standInRedirectUri,
        ...known,
        secondFactor: { kind: 'app', code: async () => appCode() },
        decision: decision === 'approve' ? 'approve' : 'deny',
      }).then(({ redirectTo }) => arrive(redirectTo, type));
    }
  };
}

describe('a bank that nobody here controls', { timeout: 120_000 }, () => {
  it('is judged over HTTP, though its pages are a stranger’s', async () => {
    const target = await standIn.targetFile('bs2', { pace: 'off' });
    const { code, results } = await run(target, '@id:bs2-refresh or @id:bs2-denial or @id:bs2-wrong-password');
    expect(results.checks.map(({ id, verdict }) => `${id} ${verdict}`).sort()).toEqual([
      'bs2-denial passed',
      'bs2-refresh passed',
      'bs2-wrong-password skipped',
    ]);
    expect(code).toBe(0);
  });

  it('is not asked twice where it refuses the login, and the run ends with 2', async () => {
    const before = standIn.logins;
    const user = { username: 'correntista', password: 'outra-senha', secondFactor: { kind: 'sms', command: 'echo 1' } };
    const target = await standIn.targetFile('bs2', { pace: 'off', user });
    const { code, said, results } = await run(target, '@id:bs2-refresh or @id:bs2-denial or @id:bs2-balance');
    expect(code).toBe(2);
    expect(standIn.logins - before).toBe(1);
    expect(said).toContain('stopped: The bank did not accept user name and password.');
    expect(results.run.exitCode).toBe(2);
    expect(said + JSON.stringify(results)).not.toContain('outra-senha');
  });

  it('ends the run where the account is locked', async () => {
    const user = {
      username: 'bloqueado',
      password: 'senha-de-teste',
      secondFactor: { kind: 'sms', command: 'echo 1' },
    };
    const target = await standIn.targetFile('btg', { pace: 'off', user });
    const before = standIn.logins;
    const { code } = await run(target, '@id:btg-refresh or @id:btg-code-reuse');
    expect(code).toBe(2);
    expect(standIn.logins - before).toBe(1);
  });

  it('skips what needs a person where nobody is at a terminal', async () => {
    const target = await standIn.targetFile('btg', { pace: 'off', consent: 'person' });
    const { code, results } = await run(target, '@id:btg-refresh or @id:btg-unknown-client');
    const reasons = results.checks.map(({ id, verdict, reason }) => [id, verdict, reason]);
    expect(reasons).toContainEqual([
      'btg-refresh',
      'skipped',
      'consent: person needs a terminal, and nobody is at one',
    ]);
    expect(reasons.some(([, verdict]) => verdict === 'passed')).toBe(true);
    expect(code).toBe(0);
  });

  describe.skipIf(process.platform === 'win32')('with a person at a terminal', () => {
    it('hears the redirect by itself', async () => {
      const at = await standing('bs2', { consent: 'person' });
      const person = personAtBrowser(at, (back) => void fetch(back));
      const { code, said, results } = await run(at.path, '@id:bs2-refresh or @id:bs2-denial', {
        atTerminal: true,
        person,
      });
      expect(said).toContain('2 checks; you are asked for 2 consents at most.');
      expect(said).toMatch(/Consent 2 of at most 2/);
      expect(results.checks.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
      expect(results.run.waitedMs['person']).toBeGreaterThan(0);
      expect(code).toBe(0);
    });

    it('takes the address that is pasted where it cannot listen, and refuses another', async () => {
      const busy = createServer((_request, response) => response.writeHead(404).end());
      await new Promise<void>((resolve) => busy.listen(Number(new URL(standInRedirectUri).port), '127.0.0.1', resolve));
      try {
        const at = await standing('btg', { consent: 'person' });
        const person = personAtBrowser(at, (back, type) => {
          type('https://client.example/elsewhere?code=1');
          type(back);
        });
        const { code, said, results } = await run(at.path, '@id:btg-refresh', { atTerminal: true, person });
        expect(said).toContain(`That is not an address at ${standInRedirectUri}.`);
        expect(results.checks.map(({ verdict }) => verdict)).toEqual(['passed']);
        expect(code).toBe(0);
      } finally {
        busy.close();
        busy.closeAllConnections();
      }
    });

    it('types the second factor', async () => {
      const user = { ...known, secondFactor: { kind: 'app', prompt: true } };
      const at = await standing('bs2', { user });
      let asked = 0;
      const { code, said } = await run(at.path, '@id:bs2-refresh', {
        atTerminal: true,
        person: (heard, type) => {
          if (heard.split('Second factor of').length - 1 <= asked) return;
          asked += 1;
          type(at.appCode());
        },
      });
      expect(said).toContain('type the code that the bank’s app shows');
      expect(code).toBe(0);
    });
  });

  const hasChromium = findChromium(process.env) !== null;
  it.skipIf(!hasChromium && !forbidsSkips)('is judged through Chromium by the script for plain forms', async () => {
    const target = await standIn.targetFile('btg', { pace: 'off', consent: 'browser' });
    const { code, results } = await run(target, '@id:btg-refresh or @id:btg-denial-iss or @id:btg-wrong-password');
    expect(results.checks.map(({ verdict }) => verdict).sort()).toEqual(['passed', 'passed', 'skipped']);
    expect(code).toBe(0);
  });

  it.skipIf(!hasChromium && !forbidsSkips)('asks a script once that does not come through', async () => {
    const before = standIn.logins;
    const user = { username: 'correntista', password: 'outra-senha' };
    const target = await standIn.targetFile('bs2', { pace: 'off', consent: 'browser', user });
    const { code, said } = await run(target, '@id:bs2-refresh or @id:bs2-balance');
    expect(code).toBe(2);
    expect(standIn.logins - before).toBe(1);
    expect(said).not.toContain('outra-senha');
  });
});
