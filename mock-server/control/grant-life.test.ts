import { afterEach, describe, expect, it } from 'vitest';
import { PartnerTraffic } from '../dashboard/testing/partner-traffic.js';
import { startMockServer } from '../mock-server.js';
import type { MockServer } from '../mock-server.js';

let mock: MockServer;
afterEach(() => mock.close());

async function startPartner(bank: 'bs2' | 'btg'): Promise<PartnerTraffic> {
  mock = await startMockServer({ listen: false });
  await mock.defaultTenant.clock.freeze();
  return new PartnerTraffic(mock, mock.defaultTenant, bank);
}

describe('the life of a grant', () => {
  it('has every token with what ended it, and who sent what to whom', async () => {
    const partner = await startPartner('bs2');
    const { clock, grants } = mock.defaultTenant;
    const { code } = await partner.consent();
    const first = await partner.tokens(partner.redeem(code));
    await partner.call(first.access_token);
    await clock.advance('PT1M');
    const second = await partner.tokens(partner.refresh(first.refresh_token));
    const [grant] = await grants.list();
    const life = await grants.life(grant?.id ?? '');
    expect(life.tokens.map(({ kind, endedBecause, endedBy, usedBy }) => [kind, endedBecause, endedBy, usedBy])).toEqual(
      [
        ['code', 'Redeemed for tokens', 2, [2]],
        ['access-token', 'Ended by a newer access token', 4, [3]],
        ['refresh-token', 'Exchanged for a newer refresh token', 4, [4]],
        ['access-token', null, null, []],
        ['refresh-token', null, null, []],
      ],
    );
    expect(life.events.map(({ from, to, entry }) => [from, to, entry])).toEqual([
      ['customer', 'bank', 1],
      ['bank', 'customer', 1],
      ['customer', 'application', 1],
      ['application', 'bank', 2],
      ['application', 'bank', 3],
      ['application', 'bank', 4],
    ]);
    const text = JSON.stringify(life);
    for (const secret of [code, ...Object.values(first), ...Object.values(second)].filter(
      (value) => value.length > 20,
    )) {
      expect(text).not.toContain(secret);
    }
  });

  it('is told of BTG’s tokens too, and after the bank forgot them', async () => {
    const partner = await startPartner('btg');
    const { clock, grants } = mock.defaultTenant;
    const { code } = await partner.consent();
    const { access_token: token, refresh_token: refresh } = await partner.tokens(partner.redeem(code));
    await partner.call(token);
    const [grant] = await grants.list();
    await clock.advance('P9D');
    await partner.refresh(refresh);
    await clock.advance('P8D');
    await partner.call(token);
    const life = await grants.life(grant?.id ?? '');
    expect(life.tokens.map(({ kind, endedBecause }) => [kind, endedBecause])).toEqual([
      ['code', 'Redeemed for tokens'],
      ['access-token', 'Expired'],
      ['refresh-token', 'Exchanged for a newer refresh token'],
      ['access-token', 'Expired'],
      ['refresh-token', null],
    ]);
    expect(life.events.at(-1)).toMatchObject({ from: 'application', status: 401 });
  });

  it('leaves out calls in the middle, and says how many', async () => {
    const partner = await startPartner('bs2');
    const { accessToken, id } = await mock.defaultTenant.grants.create({ bank: 'bs2' });
    for (let count = 0; count < 45; count += 1) await partner.call(accessToken);
    const life = await mock.defaultTenant.grants.life(id);
    expect(life.omittedCalls).toBe(5);
    expect(life.events).toHaveLength(41);
    expect(life.events[0]).toMatchObject({ entry: null, text: expect.stringContaining('control API') as string });
  });

  it('ends with the revocation of the grant', async () => {
    await startPartner('bs2');
    const { grants } = mock.defaultTenant;
    const { id } = await grants.create({ bank: 'bs2' });
    await grants.delete(id);
    const life = await grants.life(id);
    expect(life.tokens.map(({ endedBecause }) => endedBecause)).toEqual(
      Array(2).fill('Revoked by the user, or the bank'),
    );
    expect(life.events.at(-1)).toMatchObject({ text: expect.stringContaining('nothing of the grant works') as string });
    await expect(grants.life('no-such-grant')).rejects.toMatchObject({ code: 'ERR_GRANT_NOT_FOUND' });
  });
});
