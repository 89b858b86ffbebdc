import { describe, expect, it } from 'vitest';
import { challenge, otherClient, publicClient, TestWorld, textMembers, verifier } from './test-world.js';

describe('revocation', () => {
  it('of a refresh token ends the grant: its access tokens too', async () => {
    const world = new TestWorld();
    const { access, refresh } = await world.tokens();
    const reply = await world.post('/oauth2/revoke', { token: refresh }, world.basic());
    expect([reply.status, reply.body]).toEqual([200, '']);
    expect((await world.refresh(refresh)).json()).toMatchObject({ error: 'invalid_grant' });
    expect((await world.accounts(access)).status).toBe(401);
    const [grant] = await world.tenant.store.grants();
    expect(grant?.revokedBecause).toBe('revoked-by-client');
  });

  it('of an access token ends that one only, whatever the hint says', async () => {
    const world = new TestWorld();
    const { access, refresh } = await world.tokens();
    const form = { token: access, token_type_hint: 'refresh_token' };
    expect((await world.post('/oauth2/revoke', form, world.basic())).status).toBe(200);
    expect((await world.accounts(access)).status).toBe(401);
    const next = textMembers((await world.refresh(refresh)).json());
    expect((await world.accounts(next.access)).status).toBe(200);
  });

  it('of an unknown, rotated or revoked token changes nothing and is confirmed', async () => {
    const world = new TestWorld();
    const first = await world.tokens();
    const second = textMembers((await world.refresh(first.refresh)).json());
    for (const token of ['desconhecido', first.refresh, `${second.access}x`, 'a.b.c']) {
      expect((await world.post('/oauth2/revoke', { token }, world.basic())).status).toBe(200);
    }
    expect((await world.accounts(second.access)).status).toBe(200);
    expect((await world.refresh(second.refresh)).status).toBe(200);
  });

  it('of a token of another client is refused, and the token lives', async () => {
    const world = new TestWorld({ clients: [otherClient] });
    const { access, refresh } = await world.tokens();
    for (const token of [access, refresh]) {
      const reply = await world.post('/oauth2/revoke', { token }, world.basic(otherClient));
      expect([reply.status, reply.json()['error']]).toEqual([400, 'invalid_grant']);
    }
    expect((await world.accounts(access)).status).toBe(200);
  });

  const world = new TestWorld({ clients: [publicClient] });
  it.each<[string, Record<string, string>, Record<string, string>, number, string]>([
    ['without token', {}, world.basic(), 400, 'invalid_request'],
    ['without credentials', { token: 'x' }, {}, 401, 'invalid_client'],
    [
      'of a confidential client without its secret',
      { token: 'x', client_id: world.client.id },
      {},
      401,
      'invalid_client',
    ],
    [
      'with a wrong secret',
      { token: 'x' },
      world.basic({ id: world.client.id, secret: 'errado' }),
      401,
      'invalid_client',
    ],
    ['of an unknown client', { token: 'x', client_id: 'nenhum' }, {}, 401, 'invalid_client'],
  ])('%s is refused', async (_name, form, headers, status, error) => {
    const reply = await world.post('/oauth2/revoke', form, headers);
    expect([reply.status, reply.json()['error']]).toEqual([status, error]);
    expect(reply.header('www-authenticate')).toBe(status === 401 ? 'Basic realm="BTG Id"' : undefined);
  });

  it('by a public client needs its client_id only', async () => {
    const request = {
      client_id: publicClient.id,
      scope: publicClient.scope,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    };
    const form = {
      grant_type: 'authorization_code',
      redirect_uri: world.redirectUri,
      client_id: publicClient.id,
      code_verifier: verifier,
    };
    const { access, refresh } = textMembers(
      (await world.post('/oauth2/token', { ...form, code: await world.code(request) })).json(),
    );
    expect((await world.post('/oauth2/revoke', { token: refresh, client_id: publicClient.id })).status).toBe(200);
    expect((await world.accounts(access)).status).toBe(401);
  });

  it('refuses other bodies and repeated parameters', async () => {
    const headers = { ...world.basic(), 'content-type': 'application/json' };
    expect((await world.request('POST', '/oauth2/revoke', headers, '{"token":"x"}')).status).toBe(400);
    const form = { ...world.basic(), 'content-type': 'application/x-www-form-urlencoded' };
    expect((await world.request('POST', '/oauth2/revoke', form, 'token=a&token=b')).status).toBe(400);
  });
});
