import { describe, expect, it } from 'vitest';
import { startMockServer } from '../../mock-server.js';
import { Partner } from './testing/partner.js';

const credentials = { grant_type: 'client_credentials', scope: 'saldo' };
const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

describe('client-authentication-twice', () => {
  it('is said of Basic with a secret or another id in the body', async () => {
    const partner = await Partner.open();
    const { secret } = partner.client('bs2');
    await partner.token('bs2', { ...credentials, client_secret: secret });
    await partner.token('bs2', { ...credentials, client_id: 'outro-cliente' });
    expect(await partner.severities('client-authentication-twice')).toEqual(['failed', 'failed']);
    expect(await partner.said('client-authentication-twice')).toContain('another than that of the Basic header');
  });

  it('is not said of the same id repeated, which several libraries send', async () => {
    const partner = await Partner.open();
    const { id } = partner.client('bs2');
    expect((await partner.token('bs2', { ...credentials, client_id: id })).status).toBe(200);
    expect(await partner.tenant.findings.list()).toEqual([]);
  });
});

it('client-secret-in-body is failed at BTG, which refuses it, and info at BS2, which takes it', async () => {
  const partner = await Partner.open();
  for (const bank of ['btg', 'bs2'] as const) {
    const { id, secret, scope } = partner.client(bank);
    const form = { grant_type: 'client_credentials', scope, client_id: id, client_secret: secret };
    await partner.token(bank, form, { headers: { authorization: null } });
    await partner.token(bank, { grant_type: 'client_credentials', scope });
  }
  expect(await partner.found('client-secret-in-body')).toMatchObject([
    { severity: 'failed', bank: 'btg', entry: 1 },
    { severity: 'info', bank: 'bs2', entry: 3 },
  ]);
});

describe('basic-not-encoded', () => {
  const secretOf = async (secret: string, sent: string): Promise<Partner> => {
    const partner = await Partner.at(await startMockServer({ listen: false }), {
      clients: [{ bank: 'bs2', id: 'l7abc', secret, redirectUris: ['http://localhost:3000/callback'], scope: 'saldo' }],
    });
    await partner.token('bs2', credentials, { headers: { authorization: basic('l7abc', sent) } });
    return partner;
  };

  it.each(['a+b-de-teste', 'a%b-de-teste'])('is failed where %s was sent bare and refused', async (secret) => {
    const partner = await secretOf(secret, secret);
    expect(await partner.severities('basic-not-encoded')).toEqual(['failed']);
    expect(await partner.said('basic-not-encoded')).not.toContain(secret);
  });

  it('is info where it makes no difference', async () => {
    const partner = await secretOf('a/b=c-de-teste', 'a/b=c-de-teste');
    expect(await partner.severities('basic-not-encoded')).toEqual(['info']);
  });

  it.each([
    ['a+b-de-teste', 'a%2Bb-de-teste'],
    ['a%b-de-teste', 'a%25b-de-teste'],
    ["a'b(c)!~*-de-teste", "a'b(c)!~*-de-teste"],
    ['so-letras-e-hifens_1.2', 'so-letras-e-hifens_1.2'],
  ])('is not said where %s was sent as %s', async (secret, sent) => {
    expect(await (await secretOf(secret, sent)).tenant.findings.list()).toEqual([]);
  });
});

describe('client-authentication-refused', () => {
  it('says what is wrong', async () => {
    const partner = await Partner.open();
    const { id } = partner.client('bs2');
    const send = (authorization: string | null, form = {}): Promise<unknown> =>
      partner.token('bs2', { ...credentials, ...form }, { headers: { authorization } });
    await send(null);
    await send(null, { client_id: id });
    await send(basic(id, 'segredo-errado'));
    await send(basic('l7outro', 'segredo'));
    await send('Basic !');
    expect((await partner.found('client-authentication-refused')).map(({ message }) => message)).toEqual([
      'The request has no client authentication.',
      'The request names the client and lacks its secret.',
      'The client secret is wrong.',
      'The bank does not know this client; each bank and environment has its own.',
      'The Authorization header cannot be read as Basic.',
    ]);
  });

  it('is not said where a fault answers 401', async () => {
    const partner = await Partner.open();
    const body = '{"error":"invalid_client"}';
    await partner.tenant.faults.create({ at: 'bs2.token', effect: { status: 401, body } });
    expect((await partner.token('bs2', credentials)).status).toBe(401);
    expect(await partner.tenant.findings.list()).toEqual([]);
  });
});
