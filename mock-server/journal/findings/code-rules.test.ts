import { describe, expect, it } from 'vitest';
import { Partner } from './testing/partner.js';

const banks = ['bs2', 'btg'] as const;

describe.each(banks)('code-sent-again at %s', (bank) => {
  it('is failed, and names the first', async () => {
    const partner = await Partner.open();
    const code = await partner.code(bank);
    await partner.redeem(bank, code);
    await partner.pass('PT40S');
    await partner.redeem(bank, code);
    expect(await partner.found('code-sent-again')).toMatchObject([{ severity: 'failed', entry: 3 }]);
    expect(await partner.said('code-sent-again')).toContain('first by request 2, 40 s ago');
    expect(JSON.stringify(await partner.tenant.findings.list())).not.toContain(code);
  });

  it('is failed after a lost answer, and a warning after an error that left the code alone', async () => {
    const partner = await Partner.open();
    const lost = await partner.code(bank);
    await partner.tenant.faults.create({ at: `${bank}.token`, effect: { drop: 'after' } });
    await partner.redeem(bank, lost);
    await partner.redeem(bank, lost);
    const spared = await partner.code(bank);
    await partner.tenant.faults.create({ at: `${bank}.token`, effect: { status: 503 } });
    await partner.redeem(bank, spared);
    expect((await partner.redeem(bank, spared)).status).toBe(200);
    expect(await partner.severities('code-sent-again')).toEqual(['failed', 'warning']);
  });

  it('is not said after the bank refused the client or the request, nor of another code', async () => {
    const partner = await Partner.open();
    const code = await partner.code(bank);
    await partner.redeem(bank, code, {}, { headers: { authorization: null } });
    await partner.redeem(bank, code, { redirect_uri: null });
    expect((await partner.redeem(bank, code)).status).toBe(200);
    await partner.connect(bank);
    expect(await partner.found('code-sent-again')).toEqual([]);
  });

  it('is info where the journal has forgotten the first', async () => {
    const partner = await Partner.open();
    const code = await partner.code(bank);
    await partner.redeem(bank, code);
    await partner.tenant.journal.clear();
    await partner.redeem(bank, code);
    expect(await partner.severities('code-sent-again')).toEqual(['info']);
    expect(await partner.accused()).toEqual([]);
  });
});

it('code-expired is info, and not said of a code in time', async () => {
  const partner = await Partner.open();
  const code = await partner.code('bs2');
  await partner.pass('PT11M');
  await partner.redeem('bs2', code);
  await partner.connect('bs2');
  expect(await partner.found('code-expired')).toMatchObject([{ severity: 'info', entry: 2 }]);
  expect(await partner.said('code-expired')).toContain('11 min after request 1 gave it');
});

describe.each(banks)('redirect-uri-differs at %s', (bank) => {
  it('is failed for another one and for none', async () => {
    const partner = await Partner.open();
    await partner.redeem(bank, await partner.code(bank), { redirect_uri: 'http://127.0.0.1:3000/callback' });
    await partner.redeem(bank, await partner.code(bank), { redirect_uri: null });
    expect(await partner.severities('redirect-uri-differs')).toEqual(['failed', 'failed']);
    expect((await partner.found('redirect-uri-differs'))[0]?.message).toContain('of request 1');
  });

  it('is failed on the bank’s word where the journal has forgotten the request, and not for the same', async () => {
    const partner = await Partner.open();
    const code = await partner.code(bank);
    await partner.tenant.journal.clear();
    await partner.redeem(bank, code, { redirect_uri: 'http://127.0.0.1:3000/callback' });
    expect(await partner.severities('redirect-uri-differs')).toEqual(['failed']);
    const fresh = await Partner.open();
    await fresh.redeem(bank, await fresh.code(bank));
    expect(await fresh.accused()).toEqual([]);
  });
});

describe('code-or-token-of-other-client', () => {
  it('is said of codes, refresh tokens and revocations', async () => {
    const partner = await Partner.open();
    const other = await partner.tenant.clients.create({
      bank: 'btg',
      redirectUris: ['http://localhost:3000/callback'],
      scope: partner.client('btg').scope,
    });
    const headers = { authorization: `Basic ${Buffer.from(`${other.id}:${other.secret ?? ''}`).toString('base64')}` };
    const { refreshToken } = await partner.connect('btg');
    await partner.redeem('btg', await partner.code('btg'), {}, { headers });
    await partner.refresh('btg', refreshToken, {}, { headers });
    expect(await partner.severities('code-or-token-of-other-client')).toEqual(['failed', 'failed']);
    expect(await partner.said('code-or-token-of-other-client')).toMatch(
      /^The token is another client’s, given by request 2/,
    );
    expect((await partner.refresh('btg', refreshToken)).status).toBe(200);
    expect(await partner.found('code-or-token-of-other-client')).toHaveLength(2);
  });
});

describe('sent-to-other-bank', () => {
  it('is said of codes, refresh tokens and calls', async () => {
    const partner = await Partner.open();
    await partner.redeem('btg', await partner.code('bs2'));
    const { accessToken, refreshToken } = await partner.connect('btg');
    await partner.refresh('bs2', refreshToken);
    await partner.call('bs2', accessToken);
    expect(await partner.severities('sent-to-other-bank')).toEqual(['failed', 'failed', 'failed']);
    expect((await partner.found('sent-to-other-bank'))[0]?.message).toBe(
      'BTG was sent a code that BS2 gave with request 1.',
    );
  });

  it('is not said of a client of both banks that keeps them apart', async () => {
    const partner = await Partner.open();
    for (const bank of banks) {
      const { accessToken, refreshToken } = await partner.connect(bank);
      expect(await partner.call(bank, accessToken)).toBe(200);
      await partner.refresh(bank, refreshToken);
    }
    expect(await partner.accused()).toEqual([]);
  });
});
