import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../mock-server.js';
import { Partner } from './testing/partner.js';

const credentials = { grant_type: 'client_credentials', scope: 'saldo' };

describe('many-token-requests', () => {
  it('tells of the eighth in a minute, and of those that the bank would refuse', async () => {
    const partner = await Partner.open();
    for (let turn = 0; turn < 11; turn += 1) await partner.token('bs2', credentials);
    const findings = await partner.found('many-token-requests');
    expect(findings.map(({ entry, severity }) => [entry, severity])).toEqual(
      [8, 9, 10, 11].map((entry) => [entry, 'info']),
    );
    expect(findings[0]?.message).toContain('the 8th token request of the client in this minute');
    expect(findings[3]?.message).toContain('the 11th');
  });

  it('slides, counts each client alone, and does not count what failed authentication', async () => {
    const partner = await Partner.open();
    const headers = { authorization: 'Basic bDc6ZXJyYWRv' };
    for (let turn = 0; turn < 20; turn += 1) {
      await partner.token('bs2', credentials);
      await partner.token('bs2', credentials, { headers });
      await partner.token('btg', { grant_type: 'client_credentials', scope: 'apps' });
      await partner.pass('PT9S');
    }
    expect(await partner.found('many-token-requests')).toEqual([]);
  });
});

describe('over the limit', () => {
  const limited = async (): Promise<Partner> => {
    const partner = await Partner.at(await startMockServer({ listen: false, rateLimit: 'on' }));
    for (let turn = 0; turn < 11; turn += 1) await partner.token('bs2', credentials);
    return partner;
  };

  it('rate-limit-exceeded is a warning', async () => {
    const partner = await limited();
    expect(await partner.found('rate-limit-exceeded')).toMatchObject([{ severity: 'warning', entry: 11 }]);
  });

  it('retry-before-retry-after is a warning for who does not wait', async () => {
    const partner = await limited();
    await partner.token('bs2', credentials);
    expect(await partner.found('retry-before-retry-after')).toEqual([]);
    await partner.pass('PT10S');
    await partner.token('bs2', credentials);
    expect(await partner.found('retry-before-retry-after')).toMatchObject([{ severity: 'warning', entry: 13 }]);
    expect(await partner.said('retry-before-retry-after')).toContain('with request 12, 10 s ago, to wait 60 s');
  });

  it('is not said of who waits, nor of a fault’s 429', async () => {
    const partner = await limited();
    await partner.pass('PT1M');
    expect((await partner.token('bs2', credentials)).status).toBe(200);
    expect(await partner.found('retry-before-retry-after')).toEqual([]);
    const other = await Partner.open();
    await other.tenant.faults.create({ at: 'bs2.token', effect: { status: 429 } });
    await other.token('bs2', credentials);
    expect(await other.tenant.findings.list()).toEqual([]);
  });

  it('is said of BTG’s quota of refreshes, too', async () => {
    const partner = await Partner.open({ settings: { btg: { refreshQuota: { requests: 1, window: 'PT1H' } } } });
    const { refreshToken } = await partner.connect('btg');
    const { refreshToken: next } = await partner.refresh('btg', refreshToken);
    expect((await partner.refresh('btg', next)).status).toBe(429);
    expect(await partner.found('rate-limit-exceeded')).toMatchObject([
      { bank: 'btg', requirements: ['BTG-refresh-g'] },
    ]);
  });
});
