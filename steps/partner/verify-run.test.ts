import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isListening, verifySmallApplication, writeVerifyFile } from './testing/verify-process.js';
import { runVerify } from './run-verify.js';
import { readVerifyFile } from './verify-file.js';

const only = ['partner.callback.state-altered'];

describe('homologa verify', { timeout: 60_000 }, () => {
  it('judges an application that fits its file, and leaves nothing running', async () => {
    const { code, results, port, stdout } = await verifySmallApplication({ only, mode: 'has-a-child' });
    expect(results?.checks).toMatchObject([{ id: 'partner.callback.state-altered', verdict: 'passed' }]);
    expect(code).toBe(0);
    expect(stdout).toContain('1 check (application, bs2)');
    expect(await isListening(port)).toBe(false);
  });

  it('lets nothing pass for an application that does not get through the control', async () => {
    const { code, results } = await verifySmallApplication({ only, mode: 'callback-does-nothing' });
    expect(code).toBe(1);
    expect(results?.checks.map(({ verdict }) => verdict)).toEqual(['not-testable']);
    expect(results?.checks[0]?.reason).toContain('did not redeem it');
  });

  it.each([
    ['callback-exits', /the callback got no answer: the connection broke off; the application ended \(exit code 1\)/],
    ['callback-hangs-up', /the callback got no answer: the connection broke off\.?$/],
  ])('judges one that breaks off behind its connect, and lets nothing pass: %s', async (mode, reason) => {
    const { code, results } = await verifySmallApplication({ only: ['partner.code.redirect-uri'], mode });
    expect(code).toBe(1);
    expect(results?.checks).toMatchObject([
      { verdict: 'not-testable', reason: expect.stringMatching(reason) as string },
    ]);
  });

  it.each([
    ['partner.id-token', /partner\.id-token is for btg alone/],
    ['partner.callback.mix-up', /partner\.callback\.mix-up is for clients of both banks/],
  ])('does not end well where nothing is left to check: %s', async (asked, message) => {
    const { code, stderr, results } = await verifySmallApplication({ only: [asked] });
    expect(stderr).toMatch(message);
    expect({ code, results }).toEqual({ code: 2, results: null });
  });

  it('reports what was judged when it is interrupted, and leaves nothing running', async () => {
    const { code, results, port } = await verifySmallApplication({ interrupt: true });
    expect(results?.run).toEqual({ exitCode: 130, incomplete: true });
    expect(code).toBe(130);
    expect(await isListening(port)).toBe(false);
  });

  it('is not disturbed by another run beside it', async () => {
    const runs = await Promise.all([verifySmallApplication({ only }), verifySmallApplication({ only })]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  });

  describe('with customers who log in', () => {
    const checks = ['partner.callback.attacker-session', 'partner.callback.no-session', 'partner.api.two-customers'];
    const verdictsOf = async (mode: string, more: string) => {
      const { code, results } = await verifySmallApplication({ only: checks, mode, more });
      return { code, ...Object.fromEntries((results?.checks ?? []).map(({ id, verdict }) => [id, verdict])) };
    };
    const asNew = 'login: ORIGIN/login?user=${customer}';
    const inTurn = `${asNew}\ncustomers: [ana, bia]`;

    it.each([asNew, inTurn])('judges whose answer of the bank it takes: %s', async (more) => {
      const { code, ...verdicts } = await verdictsOf('login-global-pending', more);
      expect(verdicts).toEqual({
        'partner.callback.attacker-session': 'failed',
        'partner.callback.no-session': 'failed',
        'partner.api.two-customers': 'passed',
      });
      expect(code).toBe(1);
    });

    it.each([asNew, inTurn])('and lets the one that is right pass: %s', async (more) => {
      const { code, ...verdicts } = await verdictsOf('login', more);
      expect(Object.values(verdicts)).toEqual(['passed', 'passed', 'passed']);
      expect(code).toBe(0);
    });

    it('only warns where all of them are one', async () => {
      expect(await verdictsOf('login-global-pending', 'login: ORIGIN/login?user=ana')).toEqual({
        code: 0,
        'partner.callback.attacker-session': 'warning',
        'partner.callback.no-session': 'warning',
        'partner.api.two-customers': 'not-applicable',
      });
    });
  });

  it('ends with 2 where nothing could be judged', async () => {
    const { code, stderr, results } = await verifySmallApplication({ only, mode: 'other-client' });
    expect(stderr).toMatch(/uses other credentials than the file/);
    expect({ code, results }).toEqual({ code: 2, results: null });
  });
});

describe('an application that does not fit its file', { timeout: 20_000 }, () => {
  it.each([
    ['exits', 'ERR_APPLICATION_START', /ended before it was ready \(exit code 7\)[^]*cannot find its configuration/],
    ['answers-500', 'ERR_PARTNER_SETUP', /connect sent no request to the bank \(it was answered 500\)/],
    ['needs-a-script', 'ERR_PARTNER_SETUP', /connect sent no request to the bank[^]*use userAgent: browser/],
    [
      'own-login',
      'ERR_PARTNER_SETUP',
      /it ended at http:\/\/127\.0\.0\.1:\d+\/sign-in[^]*asks for a password[^]*as login/,
    ],
    [
      'hangs-up',
      'ERR_PARTNER_SETUP',
      /^bs2: connect sent no request to the bank \(http:\/\/127\.0\.0\.1:\d+ gave the customer no page/,
    ],
    ['real-bank', 'ERR_PARTNER_SETUP', /leads to api\.bs2\.com, a bank in production, where nothing was sent/],
    ['wrong-path', 'ERR_PARTNER_SETUP', /asks the bank for \/bs2\/api-banking\/auth\/oauth\/v2\/autorizar/],
    ['other-client', 'ERR_PARTNER_SETUP', /uses other credentials than the file/],
    ['other-secret', 'ERR_PARTNER_SETUP', /uses other credentials than the file’s at the token endpoint/],
    ['other-redirect-uri', 'ERR_PARTNER_SETUP', /asks for the redirect URI http:\/\/127\.0\.0\.1:9\/elsewhere/],
    ['callback-is-a-page', 'ERR_PARTNER_SETUP', /the callback answered with a page[^]*use userAgent: browser/],
  ])('is told why nothing was judged: %s', async (mode, code, message) => {
    const { folder, file, port } = await writeVerifyFile(mode);
    const facts = {
      only: [],
      strict: false,
      folder: null,
      commit: null,
      command: 'homologa verify',
      expectedFailures: null,
    };
    const run = runVerify({ file: await readVerifyFile(file, {}), ...facts, controlPatienceMs: 300 });
    await expect(run).rejects.toThrowError(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
    await expect(run).rejects.not.toThrow(/decade00|c0ffee/);
    expect(await isListening(port)).toBe(false);
    await rm(folder, { recursive: true });
  });
});
