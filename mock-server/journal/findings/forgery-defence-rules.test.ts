import { describe, expect, it } from 'vitest';
import { Partner } from './testing/partner.js';
import type { Changes } from './testing/partner.js';

const noPkce: Changes = { code_challenge: null, code_challenge_method: null };

describe('state-missing', () => {
  it('is failed where nothing else defends, and info where PKCE or a nonce does', async () => {
    const partner = await Partner.open();
    await partner.authorize('bs2', { state: null });
    await partner.authorize('btg', { state: null, nonce: null, ...noPkce });
    await partner.authorize('btg', { state: '', nonce: null });
    await partner.authorize('btg', { state: null, ...noPkce });
    await partner.authorize('btg', { state: null, nonce: null, code_challenge_method: 'plain' });
    expect(await partner.severities('state-missing')).toEqual(['failed', 'failed', 'info', 'info', 'failed']);
  });

  it('is not said of a request with state, nor of a visitor’s bare address', async () => {
    const partner = await Partner.open();
    await partner.authorize('bs2');
    await partner.authorize('btg');
    await partner.send(partner.tenant.bs2.authorizationEndpoint);
    expect(await partner.found('state-missing')).toEqual([]);
  });
});

describe('state-reused', () => {
  it('is failed where another request has the state of an earlier one', async () => {
    const partner = await Partner.open();
    await partner.authorize('bs2', { state: 'o-mesmo-estado-de-sempre' });
    await partner.pass('PT3S');
    await partner.authorize('bs2', { state: 'o-mesmo-estado-de-sempre', scope: 'saldo' });
    expect(await partner.found('state-reused')).toMatchObject([
      {
        severity: 'failed',
        entry: 2,
        bank: 'bs2',
        requirements: ['RFC6749-10.12-a', 'RFC9700-4.2.4-a'],
        message: 'The state of this request was used 3 s before by request 1.',
      },
    ]);
  });

  it('is failed where a constant state led a customer back before', async () => {
    const partner = await Partner.open();
    await partner.code('bs2', { state: 'o-mesmo-estado-de-sempre' });
    await partner.code('bs2', { state: 'o-mesmo-estado-de-sempre' });
    expect(await partner.severities('state-reused')).toEqual(['failed']);
  });

  it('is not said of a reload, nor of a backend that asks again after an error', async () => {
    const partner = await Partner.open();
    const url = partner.authorizationUrl('btg');
    await partner.send(url);
    await partner.send(url);
    await partner.tenant.faults.create({ at: 'bs2.authorize', effect: { status: 503 } });
    const again = partner.authorizationUrl('bs2');
    expect([(await partner.send(again)).status, (await partner.send(again)).status]).toEqual([503, 302]);
    expect(await partner.accused()).toEqual([]);
  });

  it('is info where a browser that the bank knows went back', async () => {
    const partner = await Partner.open();
    const authorizationUrl = partner.authorizationUrl('btg');
    await partner.tenant.consents.create({ authorizationUrl, decision: 'approve' });
    await partner.send(authorizationUrl, { headers: { cookie: 'homologa_btg=um-navegador-conhecido' } });
    expect(await partner.severities('state-reused')).toEqual(['info']);
    await partner.tenant.consents.create({ authorizationUrl, decision: 'approve' });
    await partner.send(authorizationUrl, { headers: { cookie: 'homologa_btg=um-navegador-conhecido' } });
    expect(await partner.severities('state-reused')).toEqual(['info', 'failed', 'failed']);
  });
});

describe('nonce-reused and code-challenge-reused', () => {
  it('are failed where another request has them, at BTG alone', async () => {
    const partner = await Partner.open();
    const same = { nonce: 'o-mesmo-nonce-de-sempre', code_challenge: 'a'.repeat(43) };
    for (const bank of ['btg', 'btg', 'bs2'] as const) await partner.authorize(bank, same);
    expect(await partner.found('nonce-reused')).toMatchObject([{ severity: 'failed', entry: 2, bank: 'btg' }]);
    expect(await partner.found('code-challenge-reused')).toMatchObject([{ severity: 'failed', entry: 2 }]);
    expect(await partner.found('state-reused')).toEqual([]);
  });
});

describe('state-guessable', () => {
  it.each([
    ['52998224725', 'failed', 'is a CPF'],
    ['529.982.247-25', 'failed', 'is a CPF'],
    ['30306294000145', 'failed', 'is a CNPJ'],
    ['30.306.294/0001-45', 'failed', 'is a CNPJ'],
    ['1796123456789', 'warning', 'is a number'],
    ['abc', 'warning', 'is short'],
    ['estado', 'warning', 'is short'],
    ['aaaaaaaaaaaaaaaaaaaaaa', 'warning', 'is short'],
  ])('is said of %s', async (state, severity, how) => {
    const partner = await Partner.open();
    await partner.authorize('bs2', { state });
    expect(await partner.severities('state-guessable')).toEqual([severity]);
    expect(await partner.said('state-guessable')).toContain(`The state ${how}:`);
    expect(await partner.said('state-guessable')).not.toContain(state);
  });

  it('is said of one that counts up, with whatever stands before the number', async () => {
    const partner = await Partner.open();
    for (const state of ['pedido-de-consentimento-0998', 'pedido-de-consentimento-1001']) {
      await partner.authorize('bs2', { state });
    }
    expect(await partner.found('state-guessable')).toMatchObject([{ severity: 'failed', entry: 2 }]);
    expect(await partner.said('state-guessable')).toContain('counts up');
  });

  it('weighs less where PKCE defends', async () => {
    const partner = await Partner.open();
    await partner.authorize('btg', { state: 'abc' });
    await partner.authorize('btg', { state: '52998224725' });
    expect(await partner.severities('state-guessable')).toEqual(['info', 'warning']);
  });

  it.each([
    '9f86d081884c7d65',
    'V1StGXR8_Z5jdHi6B-myT',
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    '01JAXQ7Z3M8R5T9VW2YBCDEFGH',
    'eyJjIjoiMTIzIn0.kq3v9ZfQ0b8WmT2xYhJp',
    '483920174650291837465021',
  ])('is not said of %s', async (state) => {
    const partner = await Partner.open();
    await partner.authorize('bs2', { state });
    await partner.authorize('btg', { state: `${state}x` });
    expect(await partner.found('state-guessable')).toEqual([]);
  });
});
