import { describe, expect, it } from 'vitest';
import { Partner } from './testing/partner.js';

const banks = ['bs2', 'btg'] as const;

describe.each(banks)('rotated-refresh-token at %s', (bank) => {
  it('is failed, and names the request that rotated it', async () => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect(bank);
    await partner.refresh(bank, refreshToken);
    await partner.pass('PT3S');
    await partner.refresh(bank, refreshToken);
    expect(await partner.found('rotated-refresh-token')).toMatchObject([{ severity: 'failed', entry: 4 }]);
    expect(await partner.said('rotated-refresh-token')).toContain('was rotated 3 s ago by request 3;');
    expect(JSON.stringify(await partner.tenant.findings.list())).not.toContain(refreshToken);
  });

  it('is info where the answer with the newer one was lost, or the journal has forgotten it', async () => {
    const partner = await Partner.open();
    const first = await partner.connect(bank);
    await partner.tenant.faults.create({ at: `${bank}.token`, effect: { truncate: true } });
    await partner.refresh(bank, first.refreshToken);
    await partner.refresh(bank, first.refreshToken);
    const second = await partner.connect(bank);
    await partner.refresh(bank, second.refreshToken);
    await partner.tenant.journal.clear();
    await partner.refresh(bank, second.refreshToken);
    expect(await partner.severities('rotated-refresh-token')).toEqual(['info']);
    expect(await partner.accused()).toEqual([]);
  });

  it('is a warning where the bank still honours it', async () => {
    const partner = await Partner.open({ settings: { [bank]: { refreshTokenReuse: { grace: 'PT10S' } } } });
    const { refreshToken } = await partner.connect(bank);
    await partner.refresh(bank, refreshToken);
    expect((await partner.refresh(bank, refreshToken)).status).toBe(200);
    expect(await partner.severities('rotated-refresh-token')).toEqual(['warning']);
  });

  it('is not said of the newest, nor where the bank does not rotate', async () => {
    const partner = await Partner.open();
    let { refreshToken } = await partner.connect(bank);
    for (let turn = 0; turn < 3; turn += 1) {
      await partner.pass('P1D');
      ({ refreshToken } = await partner.refresh(bank, refreshToken));
    }
    await partner.tenant.settings.patch({ [bank]: { refreshTokenRotation: false } });
    for (let turn = 0; turn < 3; turn += 1) {
      await partner.pass('P1D');
      expect((await partner.refresh(bank, refreshToken)).status).toBe(200);
    }
    expect(await partner.accused()).toEqual([]);
  });
});

describe('refresh-race', () => {
  it.each(banks)('is a warning at %s, and the loser is not accused of an old token', async (bank) => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect(bank);
    await partner.tenant.faults.create({ at: `${bank}.token`, times: 2, effect: { barrier: 2 } });
    const raced = await Promise.all([partner.refresh(bank, refreshToken), partner.refresh(bank, refreshToken)]);
    expect(raced.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await partner.severities('refresh-race')).toEqual(['warning']);
    expect(await partner.accused()).toEqual(['refresh-race']);
  });

  it('is not said of two grants, nor of one refresh after the other', async () => {
    const partner = await Partner.open();
    const first = await partner.connect('bs2');
    const second = await partner.connect('bs2', 'outra');
    await Promise.all([partner.refresh('bs2', first.refreshToken), partner.refresh('bs2', second.refreshToken)]);
    expect(await partner.accused()).toEqual([]);
  });
});

describe('refused-refresh-token-again', () => {
  it('is a warning the first time, then failed, and info while the refusal is fresh', async () => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect('bs2');
    await partner.pass('P31D');
    await partner.refresh('bs2', refreshToken);
    await partner.refresh('bs2', refreshToken);
    await partner.pass('PT1M');
    await partner.refresh('bs2', refreshToken);
    await partner.pass('PT1M');
    await partner.refresh('bs2', refreshToken);
    expect(await partner.severities('refused-refresh-token-again')).toEqual(['info', 'failed', 'failed']);
    expect(await partner.severities('refresh-token-expired')).toEqual(['info', 'info', 'info', 'info']);
    expect((await partner.found('refresh-token-expired'))[0]?.message).toContain('31 days after request 2 gave it');
  });

  it('is a warning at the second attempt of two that lie apart', async () => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect('btg');
    await partner.pass('P11D');
    await partner.refresh('btg', refreshToken);
    await partner.pass('PT1M');
    await partner.refresh('btg', refreshToken);
    expect(await partner.severities('refused-refresh-token-again')).toEqual(['warning']);
  });

  it('is not said of a new consent, nor after a fault', async () => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect('bs2');
    await partner.tenant.faults.create({
      at: 'bs2.token',
      effect: { status: 400, body: '{"error":"invalid_grant"}' },
    });
    await partner.refresh('bs2', refreshToken);
    await partner.pass('PT1M');
    await partner.refresh('bs2', refreshToken);
    await partner.connect('bs2');
    expect(await partner.accused()).toEqual([]);
  });
});

it('refresh-scope-missing is failed at BS2, and not said at BTG', async () => {
  const partner = await Partner.open();
  for (const bank of banks) {
    const { refreshToken } = await partner.connect(bank);
    await partner.refresh(bank, refreshToken, { scope: null });
  }
  expect(await partner.found('refresh-scope-missing')).toMatchObject([{ severity: 'failed', bank: 'bs2' }]);
  await partner.tenant.settings.patch({ bs2: { requireScopeOnRefresh: false } });
  const { refreshToken } = await partner.connect('bs2');
  await partner.refresh('bs2', refreshToken, { scope: null });
  expect(await partner.severities('refresh-scope-missing')).toEqual(['failed', 'warning']);
});

it.each(banks)('refresh-scope-wider at %s is failed beyond the grant, and not said within', async (bank) => {
  const partner = await Partner.open();
  const scope = bank === 'bs2' ? 'saldo' : 'openid';
  const { refreshToken } = await partner.redeem(bank, await partner.code(bank, { scope }));
  await partner.refresh(bank, refreshToken, { scope: `${scope} extrato` });
  expect((await partner.refresh(bank, refreshToken, { scope })).status).toBe(200);
  expect(await partner.found('refresh-scope-wider')).toMatchObject([{ severity: 'failed', entry: 3 }]);
});

describe('early-refresh', () => {
  it.each(banks)('is info once at %s, and a warning when it is a habit', async (bank) => {
    const partner = await Partner.open();
    let { refreshToken } = await partner.connect(bank);
    for (let call = 0; call < 4; call += 1) {
      await partner.pass('PT1M');
      const got = await partner.refresh(bank, refreshToken);
      expect(await partner.call(bank, got.accessToken)).toBe(200);
      ({ refreshToken } = got);
    }
    expect(await partner.severities('early-refresh')).toEqual(['info', 'info', 'warning', 'warning']);
    expect(await partner.said('early-refresh')).toContain('3rd refresh in a row');
  });

  it('is not said of one that is due, of one after a 401, nor of a schedule of half a life', async () => {
    const partner = await Partner.open();
    let got = await partner.connect('bs2');
    for (const by of ['PT4M', 'PT6M', 'PT3M30S']) {
      await partner.pass(by);
      got = await partner.refresh('bs2', got.refreshToken);
    }
    const [grant] = await partner.tenant.grants.list();
    await partner.tenant.grants.age(grant?.id ?? '', 'PT7M');
    expect(await partner.call('bs2', got.accessToken)).toBe(401);
    await partner.refresh('bs2', got.refreshToken);
    expect(await partner.found('early-refresh')).toEqual([]);
  });

  it('is info for a schedule that is far too eager, and tells that a 403 is no reason', async () => {
    const partner = await Partner.open();
    let { refreshToken } = await partner.connect('btg');
    for (let hour = 0; hour < 6; hour += 1) {
      await partner.pass('PT1H');
      ({ refreshToken } = await partner.refresh('btg', refreshToken));
    }
    expect(new Set(await partner.severities('early-refresh'))).toEqual(new Set(['info']));
    const got = await partner.redeem('btg', await partner.code('btg', { scope: 'openid' }));
    expect(await partner.call('btg', got.accessToken)).toBe(403);
    await partner.refresh('btg', got.refreshToken);
    expect(await partner.said('early-refresh')).toMatch(/the 403 of request \d+ is no reason/);
  });
});
