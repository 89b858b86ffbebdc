import { describe, expect, it } from 'vitest';
import { Partner } from './testing/partner.js';
import type { Changes } from './testing/partner.js';

type Case = readonly [id: string, bank: 'bs2' | 'btg', changes: Changes, severity: string, message: RegExp];

const cases: readonly Case[] = [
  ['response-type-not-code', 'bs2', { response_type: 'token' }, 'failed', /another than code/],
  ['response-type-not-code', 'btg', { response_type: null }, 'failed', /No response_type/],
  ['scope-missing', 'bs2', { scope: null }, 'failed', /No scope was sent/],
  ['scope-missing', 'btg', { scope: 'empresas.btgpactual.com/accounts.readonly' }, 'failed', /lacks openid/],
  ['scope-not-enabled', 'bs2', { scope: 'saldo tudo' }, 'failed', /not enabled/],
  ['scope-not-enabled', 'btg', { scope: 'openid tudo' }, 'failed', /not enabled/],
  ['redirect-uri-not-registered', 'bs2', { redirect_uri: 'https://a.example/cb' }, 'failed', /none of those/],
  [
    'redirect-uri-not-registered',
    'btg',
    { redirect_uri: 'http://localhost:3000/callback/' },
    'failed',
    /none of those/,
  ],
  ['redirect-uri-not-https', 'btg', { redirect_uri: 'http://a.example/cb' }, 'info', /production will refuse/],
  ['client-not-identified', 'bs2', { client_id: null }, 'warning', /Nothing says which client/],
  ['client-not-identified', 'btg', { client_id: null }, 'warning', /Nothing says which client/],
  ['client-not-identified', 'bs2', { client_id: 'l7desconhecido' }, 'failed', /does not know this client/],
  ['client-not-identified', 'btg', { client_id: 'de-outro-ambiente' }, 'failed', /does not know this client/],
];

describe('an authorization request', () => {
  it.each(cases)('%s at %s: %j', async (id, bank, changes, severity, message) => {
    const partner = await Partner.open();
    await partner.authorize(bank, changes);
    expect(await partner.severities(id)).toEqual([severity]);
    expect(await partner.said(id)).toMatch(message);
  });

  it('that is right has no finding, by GET, by POST and with Basic', async () => {
    const partner = await Partner.open();
    const { id, secret } = partner.client('bs2');
    await partner.authorize('btg');
    await partner.send(partner.tenant.btg.authorizationEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: partner.authorizationUrl('btg').split('?')[1] ?? '',
    });
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    expect((await partner.authorize('bs2', { client_id: null }, { authorization })).status).toBe(302);
    expect(await partner.tenant.findings.list()).toEqual([]);
  });

  it('with a parameter twice is told so, in the query and in a form', async () => {
    const partner = await Partner.open();
    await partner.send(`${partner.authorizationUrl('btg')}&scope=openid`);
    await partner.token('bs2', 'grant_type=client_credentials&scope=saldo&scope=saldo');
    expect(await partner.severities('parameter-repeated')).toEqual(['failed', 'failed']);
  });

  it('of http is failed in production, also on a loopback address', async () => {
    const partner = await Partner.open({ settings: { environment: 'producao' } });
    await partner.authorize('btg');
    expect(await partner.severities('redirect-uri-not-https')).toEqual(['failed']);
    await partner.tenant.settings.patch({ environment: 'homologacao' });
    await partner.authorize('btg');
    expect(await partner.severities('redirect-uri-not-https')).toEqual(['failed']);
  });

  it('with the secret of BS2 from a browser is told so, from a backend not', async () => {
    const partner = await Partner.open();
    const { id, secret } = partner.client('bs2');
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    await partner.authorize('bs2', {}, { authorization });
    expect(await partner.found('secret-in-browser')).toEqual([]);
    const fetchHeaders = { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' };
    await partner.authorize('bs2', {}, { authorization, ...fetchHeaders });
    expect(await partner.found('secret-in-browser')).toEqual([]);
    await partner.authorize('bs2', {}, { authorization, ...fetchHeaders, 'user-agent': 'Mozilla/5.0 (X11)' });
    expect(await partner.severities('secret-in-browser')).toEqual(['failed']);
  });
});
