import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../client/user-agent/find-chromium.js';
import { personAtBrowser, standInUser } from '../testing/person-at-browser.js';
import { startStandIn } from '../testing/stand-in.js';
import type { StandIn } from '../testing/stand-in.js';
import { runAtTerminal } from '../testing/terminal-run.js';
import type { PersonAtTerminal, TerminalRunEnd } from '../testing/terminal-run.js';

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

const known = { username: 'correntista', password: 'senha-de-teste' };

async function run(target: string, tags: string, person?: PersonAtTerminal): Promise<TerminalRunEnd> {
  const out = await mkdtemp(join(folder, 'out-'));
  return runAtTerminal({ target, tags, folder: out, ...(person === undefined ? {} : { person }) });
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

  describe.skipIf(process.platform !== 'linux')('with a person at a terminal', () => {
    it('hears the redirect by itself', async () => {
      const target = await standIn.targetFile('bs2', { pace: 'off', consent: 'person' });
      const person = personAtBrowser(await standInUser(target), (back) => void fetch(back));
      const { code, said, results } = await run(
        target,
        '@id:bs2-refresh or @id:bs2-denial or @id:bs2-redirect-status',
        person,
      );
      expect(said).toContain('2 checks; you are asked for 2 consents, one more where');
      expect(said).toMatch(/Consent 2 of 2/);
      expect(results.checks.map(({ verdict }) => verdict).sort()).toEqual(['passed', 'passed', 'skipped']);
      expect(results.run.waitedMs['person']).toBeGreaterThan(0);
      expect(code).toBe(0);
    });

    it('takes the address that is pasted where it cannot listen, and refuses another', async () => {
      const busy = createServer((_request, response) => response.writeHead(404).end());
      await new Promise<void>((resolve) =>
        busy.listen(Number(new URL(standIn.redirectUri).port), '127.0.0.1', resolve),
      );
      try {
        const target = await standIn.targetFile('btg', { pace: 'off', consent: 'person' });
        const person = personAtBrowser(await standInUser(target), (back, type) => {
          type('https://client.example/elsewhere?code=1');
          type(`${standIn.redirectUri}?code=old&state=of-another-consent`);
          type(back);
        });
        const { code, said, results } = await run(target, '@id:btg-refresh', person);
        expect(said).toContain(`That is not an address at ${standIn.redirectUri}.`);
        expect(said).toContain('That has not the state of this consent: an older tab?');
        expect(results.checks.map(({ verdict }) => verdict)).toEqual(['passed']);
        expect(code).toBe(0);
      } finally {
        busy.close();
        busy.closeAllConnections();
      }
    });

    it('types the second factor', async () => {
      const user = { ...known, secondFactor: { kind: 'app', prompt: true } };
      const { appCode } = await standInUser(await standIn.targetFile('bs2'));
      const target = await standIn.targetFile('bs2', { pace: 'off', user });
      let asked = 0;
      const { code, said } = await run(target, '@id:bs2-refresh', (heard, type) => {
        if (heard.split('Second factor of').length - 1 <= asked) return;
        asked += 1;
        type(appCode());
      });
      expect(said).toContain('type the code that the bank’s app shows');
      expect(code).toBe(0);
    });
  });

  const hasChromium = findChromium(process.env) !== null;
  it.skipIf(!hasChromium && !forbidsSkips)('is judged through Chromium by the script for plain forms', async () => {
    const target = await standIn.targetFile('btg', { pace: 'off', consent: 'browser' });
    const { code, results } = await run(
      target,
      '@id:btg-redirect-status or @id:btg-denial-iss or @id:btg-wrong-password',
    );
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
