import { describe, expect, it } from 'vitest';
import { Partner } from './testing/partner.js';

const banks = ['bs2', 'btg'] as const;

it.each(banks)('bearer-missing at %s is a warning for no header, failed for one that is none', async (bank) => {
  const partner = await Partner.open();
  const { accessToken } = await partner.connect(bank);
  await partner.call(bank, null);
  await partner.call(bank, null, { headers: { authorization: `Token ${accessToken}` } });
  expect(await partner.call(bank, null, { headers: { authorization: `bearer ${accessToken}` } })).toBe(200);
  expect(await partner.severities('bearer-missing')).toEqual(['warning', 'failed']);
});

describe.each(banks)('expired-access-token at %s', (bank) => {
  it('is info while nobody told the client, and a warning a minute after the 401', async () => {
    const partner = await Partner.open();
    const { accessToken } = await partner.connect(bank);
    await partner.pass('PT24H');
    for (let call = 0; call < 5; call += 1) expect(await partner.call(bank, accessToken)).toBe(401);
    await partner.pass('PT2M');
    await partner.call(bank, accessToken);
    expect(await partner.severities('expired-access-token')).toEqual([...Array<string>(5).fill('info'), 'warning']);
    expect(await partner.said('expired-access-token')).toBe(
      'The access token (given by request 2) had expired, and was refused 2 min ago already.',
    );
  });

  it('is not said in time', async () => {
    const partner = await Partner.open();
    const { accessToken } = await partner.connect(bank);
    await partner.pass(bank === 'bs2' ? 'PT6M59S' : 'PT23H59M59S');
    expect(await partner.call(bank, accessToken)).toBe(200);
    expect(await partner.accused()).toEqual([]);
  });
});

describe('replaced-access-token', () => {
  it('is info for calls that were on their way, and a warning for a store that keeps the old one', async () => {
    const partner = await Partner.open();
    const { accessToken, refreshToken } = await partner.connect('bs2');
    await partner.pass('PT5M');
    await partner.refresh('bs2', refreshToken);
    await partner.call('bs2', accessToken);
    await partner.pass('PT1M');
    await partner.call('bs2', accessToken);
    expect(await partner.severities('replaced-access-token')).toEqual(['info', 'warning']);
    expect((await partner.found('replaced-access-token'))[0]?.message).toContain('by that of request 3');
  });

  it('tells of another grant of the same account, and nothing of the newest nor of BTG', async () => {
    const partner = await Partner.open();
    const first = await partner.connect('bs2');
    const second = await partner.connect('bs2');
    expect(await partner.call('bs2', first.accessToken)).toBe(401);
    expect(await partner.call('bs2', second.accessToken)).toBe(200);
    const older = await partner.connect('btg');
    await partner.refresh('btg', older.refreshToken);
    expect(await partner.call('btg', older.accessToken)).toBe(200);
    expect(await partner.found('replaced-access-token')).toMatchObject([{ severity: 'info', bank: 'bs2' }]);
    expect(await partner.said('replaced-access-token')).toContain('same application and account');
  });
});

describe('revoked-access-token', () => {
  it('names the client’s own revocation, and is a warning a minute after it', async () => {
    const partner = await Partner.open();
    const { accessToken, refreshToken } = await partner.connect('btg');
    await partner.revoke(refreshToken);
    await partner.call('btg', accessToken);
    await partner.pass('PT1M');
    await partner.call('btg', accessToken);
    expect(await partner.severities('revoked-access-token')).toEqual(['info', 'warning']);
    expect((await partner.found('revoked-access-token'))[0]?.message).toContain('by request 3');
  });

  it.each(banks)('is info at %s where the user revoked and the client cannot know', async (bank) => {
    const partner = await Partner.open();
    const { accessToken } = await partner.connect(bank);
    const [grant] = await partner.tenant.grants.list();
    await partner.tenant.grants.delete(grant?.id ?? '');
    await partner.pass('PT5M');
    await partner.call(bank, accessToken);
    expect(await partner.severities('revoked-access-token')).toEqual(['info']);
    expect(await partner.accused()).toEqual([]);
  });
});

it('access-token-storm is failed at the fiftieth refusal, once', async () => {
  const partner = await Partner.open();
  const { accessToken } = await partner.connect('bs2');
  await partner.pass('PT7M');
  for (let call = 0; call < 49; call += 1) await partner.call('bs2', accessToken);
  expect(await partner.found('access-token-storm')).toEqual([]);
  for (let call = 0; call < 9; call += 1) await partner.call('bs2', accessToken);
  expect(await partner.found('access-token-storm')).toMatchObject([{ severity: 'failed', entry: 52 }]);
});

it('wrong-kind-of-value is said of each place', async () => {
  const partner = await Partner.open();
  const { accessToken, refreshToken, idToken } = await partner.connect('btg');
  await partner.call('btg', refreshToken);
  await partner.call('btg', idToken);
  await partner.refresh('btg', accessToken);
  await partner.redeem('btg', refreshToken);
  expect((await partner.found('wrong-kind-of-value')).map(({ message }) => message)).toEqual([
    'Where an access token belongs stands a refresh token, given by request 2.',
    'Where an access token belongs stands an id_token, given by request 2.',
    'Where a refresh token belongs stands an access token, given by request 2.',
    'Where a code belongs stands a refresh token, given by request 2.',
  ]);
  expect(await partner.call('btg', accessToken)).toBe(200);
  expect(await partner.found('wrong-kind-of-value')).toHaveLength(4);
});

it.each(banks)('unknown-value at %s is info for values that the bank never gave', async (bank) => {
  const partner = await Partner.open();
  const { accessToken } = await partner.connect(bank);
  await partner.call(bank, '00000000-0000-4000-8000-000000000000');
  await partner.redeem(bank, 'codigo-desconhecido');
  await partner.refresh(bank, 'token-desconhecido');
  await partner.call(bank, accessToken);
  const expected = bank === 'bs2' ? 3 : 2;
  expect(await partner.severities('unknown-value')).toEqual(Array(expected).fill('info'));
});

describe('insufficient-scope and wrong-company', () => {
  it('are warnings of the calls that the bank refused for it', async () => {
    const partner = await Partner.open();
    for (const bank of banks) {
      const scope = bank === 'bs2' ? 'extrato' : 'openid';
      const { accessToken } = await partner.redeem(bank, await partner.code(bank, { scope }));
      expect(await partner.call(bank, accessToken)).toBe(403);
    }
    expect(await partner.found('insufficient-scope')).toMatchObject([{ bank: 'bs2' }, { bank: 'btg' }]);
    const { accessToken } = await partner.connect('btg');
    const path = partner.tenant.btg.accountsEndpoint.replace('30306294000145', '12ABC34501DE35');
    expect(await partner.call('btg', accessToken, { path })).toBe(404);
    await partner.tenant.settings.patch({ btg: { companies: 'linked' } });
    expect(await partner.call('btg', accessToken, { path })).toBe(403);
    expect(await partner.severities('wrong-company')).toEqual(['warning', 'warning']);
  });

  it('are not said of a fault’s 403', async () => {
    const partner = await Partner.open();
    const { accessToken } = await partner.connect('btg');
    const body = '{"error":"insufficient_scope"}';
    await partner.tenant.faults.create({ at: 'btg.api', effect: { status: 403, body } });
    expect(await partner.call('btg', accessToken)).toBe(403);
    expect(await partner.accused()).toEqual([]);
  });
});
