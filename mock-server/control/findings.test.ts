import { describe, expect, it } from 'vitest';
import { Partner } from '../journal/findings/testing/partner.js';
import { createWorld, tenantPath } from './test-world.js';

describe('GET {t}/findings', () => {
  it('lists what the entries show, in their order; entries name theirs', async () => {
    const partner = await Partner.open();
    const code = await partner.code('bs2', { state: null });
    const { refreshToken } = await partner.redeem('bs2', code);
    await partner.redeem('bs2', code);
    await partner.refresh('bs2', refreshToken, { scope: null });
    const findings = await partner.tenant.findings.list();
    expect(findings).toMatchObject([
      { id: 'state-missing', severity: 'failed', entry: 1, bank: 'bs2' },
      { id: 'code-sent-again', severity: 'failed', entry: 3, requirements: ['RFC6749-4.1.2-b'] },
      { id: 'refresh-scope-missing', severity: 'failed', entry: 4 },
    ]);
    const entries = await partner.tenant.journal.list();
    expect(entries.map((entry) => entry.findings)).toEqual([
      ['state-missing'],
      [],
      ['code-sent-again'],
      ['refresh-scope-missing'],
    ]);
    for (const finding of findings) expect(finding.at).toBe(entries[finding.entry - 1]?.at);
    const text = JSON.stringify(findings);
    for (const secret of [code, refreshToken, partner.client('bs2').secret]) expect(text).not.toContain(secret);
    await partner.tenant.reset();
    expect(await partner.tenant.findings.list()).toEqual([]);
  });

  it('is of one tenant alone', async () => {
    const first = await Partner.open();
    const second = await Partner.at(first.mock);
    await first.authorize('bs2', { state: null });
    expect(await second.tenant.findings.list()).toEqual([]);
  });

  it('takes no body and no other method', async () => {
    const { call } = createWorld();
    expect((await call('GET', `${tenantPath}/findings`)).body).toEqual({ items: [] });
    const refused = await call('DELETE', `${tenantPath}/findings`);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
