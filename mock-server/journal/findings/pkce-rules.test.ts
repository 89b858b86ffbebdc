import { expect, it } from 'vitest';
import { challenge, Partner, verifier } from './testing/partner.js';

const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };

it('pkce-plain is said of plain and of no method, and not of S256', async () => {
  const partner = await Partner.open();
  await partner.authorize('btg', { code_challenge_method: 'plain' });
  await partner.authorize('btg', { code_challenge_method: null });
  await partner.authorize('btg', { code_challenge_method: 'S512' });
  await partner.authorize('btg');
  await partner.authorize('bs2', { code_challenge: challenge, code_challenge_method: 'plain' });
  expect(await partner.severities('pkce-plain')).toEqual(['failed', 'failed', 'failed']);
});

it('pkce-missing is info, at BTG alone', async () => {
  const partner = await Partner.open();
  await partner.authorize('btg', { code_challenge: null, code_challenge_method: null });
  await partner.authorize('btg');
  await partner.authorize('bs2');
  expect(await partner.found('pkce-missing')).toMatchObject([{ severity: 'info', entry: 1 }]);
});

it('pkce-verifier-missing names the request with the challenge, and stays silent where there was none', async () => {
  const partner = await Partner.open();
  await partner.redeem('btg', await partner.code('btg', pkce));
  await partner.redeem('btg', await partner.code('btg', pkce), { code_verifier: verifier });
  await partner.redeem('btg', await partner.code('btg'));
  expect(await partner.found('pkce-verifier-missing')).toMatchObject([{ severity: 'failed', entry: 2 }]);
  expect(await partner.said('pkce-verifier-missing')).toContain('with request 1');
});

it('pkce-verifier-wrong tells another, a malformed and an unexpected one apart', async () => {
  const partner = await Partner.open();
  await partner.redeem('btg', await partner.code('btg', pkce), { code_verifier: `${verifier}x` });
  await partner.redeem('btg', await partner.code('btg', pkce), { code_verifier: 'curto' });
  await partner.redeem('btg', await partner.code('btg'), { code_verifier: verifier });
  expect((await partner.redeem('btg', await partner.code('btg', pkce), { code_verifier: verifier })).status).toBe(200);
  const findings = await partner.found('pkce-verifier-wrong');
  expect(findings.map(({ severity }) => severity)).toEqual(['failed', 'failed', 'failed']);
  expect(findings.map(({ message }) => message)).toEqual([
    expect.stringContaining('is not that of the code_challenge (request 1)'),
    expect.stringContaining('43 to 128'),
    expect.stringContaining('belongs to no code_challenge'),
  ]);
  expect(JSON.stringify(findings)).not.toContain(verifier);
});
