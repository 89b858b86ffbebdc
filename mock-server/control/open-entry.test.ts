import { afterEach, describe, expect, it } from 'vitest';
import { PartnerTraffic } from '../dashboard/testing/partner-traffic.js';
import { startMockServer } from '../mock-server.js';
import type { MockServer } from '../mock-server.js';

let mock: MockServer;
afterEach(() => mock.close());

describe('an opened entry', () => {
  it('has the JWTs that it carried, decoded, without what would let anybody use them', async () => {
    mock = await startMockServer({ listen: false });
    const { journal } = mock.defaultTenant;
    const partner = new PartnerTraffic(mock, mock.defaultTenant, 'btg');
    const { code } = await partner.consent();
    const tokens = await partner.tokens(partner.redeem(code));
    await partner.call(tokens.access_token);
    const given = await journal.get(2);
    expect(given.jwts.map(({ where, signature, header }) => [where, signature, header['alg']])).toEqual([
      ['response access_token', 'right', 'RS256'],
      ['response id_token', 'right', 'HS256'],
    ]);
    expect(given.jwts[0]?.claims).toMatchObject({ sub: '«person»', client_id: mock.defaultTenant.btg.client?.id });
    const called = await journal.get(3);
    expect(called.jwts).toMatchObject([{ where: 'request Authorization', signature: 'right' }]);
    const text = JSON.stringify([given, called]);
    expect(text).not.toContain(tokens.access_token);
    expect(text).not.toContain(tokens.access_token.split('.')[2]);
    expect(text).not.toContain(tokens.refresh_token);
  });

  it('has its findings and the rule that answered, and in words the requirements that they cite', async () => {
    mock = await startMockServer({ listen: false });
    const { journal } = mock.defaultTenant;
    const partner = new PartnerTraffic(mock, mock.defaultTenant, 'bs2');
    const { code } = await partner.consent();
    await partner.redeem(code);
    await partner.redeem(code);
    const { findings, answeredBy, requirements, entry } = await journal.get(3);
    expect(entry).toMatchObject({ id: 3, outcome: 'invalid_grant: spent', findings: ['code-sent-again'] });
    expect(findings).toMatchObject([{ id: 'code-sent-again', severity: 'failed' }]);
    expect(findings[0]?.advice).toMatch(/new authorization request/);
    expect(answeredBy?.requirements).toEqual(['RFC6749-4.1.2-c', 'RFC6749-4.1.2-d']);
    expect(requirements.map(({ id, statement }) => [id, statement])).toEqual(
      expect.arrayContaining([['RFC6749-4.1.2-c', 'A second use of an authorization code is denied.']]),
    );
  });

  it('is refused where the journal has none', async () => {
    mock = await startMockServer({ listen: false });
    const { journal } = mock.defaultTenant;
    await expect(journal.get(1)).rejects.toMatchObject({ code: 'ERR_ENTRY_NOT_FOUND' });
    await new PartnerTraffic(mock, mock.defaultTenant, 'bs2').redeem('x');
    await journal.clear();
    await expect(journal.get(1)).rejects.toMatchObject({ code: 'ERR_ENTRY_NOT_FOUND' });
    const control = mock.defaultTenant.control;
    for (const id of ['0', '-1', 'x', '1e3', '99999999999999999999']) {
      expect((await mock.fetch(new Request(`${control}/journal/${id}`))).status).toBe(404);
    }
  });
});
