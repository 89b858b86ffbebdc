import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { jwks } from './signing-key.js';
import { challenge, publicClient, TestWorld, textMembers, verifier } from './test-world.js';

const withChallenge = { code_challenge: challenge, code_challenge_method: 'S256' };

describe('PKCE at the token endpoint', () => {
  it.each([
    ['the right verifier', withChallenge, { code_verifier: verifier }, 200],
    ['a wrong verifier', withChallenge, { code_verifier: `${verifier}x` }, 400],
    ['a verifier too short', withChallenge, { code_verifier: 'curto' }, 400],
    ['no verifier', withChallenge, {}, 400],
    ['a verifier that nothing asked for', {}, { code_verifier: verifier }, 400],
    ['neither', {}, {}, 200],
  ])('%s', async (_name, request, redemption, status) => {
    const world = new TestWorld();
    const reply = await world.redeem(await world.code(request), redemption);
    expect(reply.status).toBe(status);
    if (status === 400) expect(reply.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('leaves the code usable after a wrong verifier', async () => {
    const world = new TestWorld();
    const code = await world.code(withChallenge);
    await world.redeem(code, { code_verifier: `${verifier}x` });
    expect((await world.redeem(code, { code_verifier: verifier })).status).toBe(200);
  });
});

describe('PKCE at the authorization endpoint', () => {
  it.each([
    ['plain', { code_challenge: verifier, code_challenge_method: 'plain' }],
    ['no method, which means plain', { code_challenge: challenge }],
    ['a method without a challenge', { code_challenge_method: 'S256' }],
    ['a challenge of another length', { code_challenge: 'abc', code_challenge_method: 'S256' }],
  ])('refuses %s', async (_name, request) => {
    const world = new TestWorld();
    expect((await world.authorize(request)).location().searchParams.get('error')).toBe('invalid_request');
  });
});

describe('a public client', () => {
  const over = { client_id: publicClient.id, scope: publicClient.scope };

  it('must use PKCE', async () => {
    const world = new TestWorld({ clients: [publicClient] });
    expect((await world.authorize(over)).location().searchParams.get('error')).toBe('invalid_request');
  });

  it('redeems and refreshes with its client_id alone; its id_token is signed with RS256', async () => {
    const world = new TestWorld({ clients: [publicClient] });
    const code = await world.code({ ...over, ...withChallenge });
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: world.redirectUri,
      client_id: publicClient.id,
      code_verifier: verifier,
    };
    const reply = await world.post('/oauth2/token', form);
    const { id, refresh } = textMembers(reply.json());
    const currentDate = new Date(world.tenant.clock.now());
    const { protectedHeader } = await jwtVerify(id, createLocalJWKSet({ keys: [...jwks().keys] }), {
      audience: publicClient.id,
      currentDate,
    });
    expect(Object.keys(protectedHeader)).toEqual(['alg', 'kid']);
    const refreshed = await world.post('/oauth2/token', {
      grant_type: 'refresh_token',
      refresh_token: refresh,
      client_id: publicClient.id,
    });
    expect(refreshed.status).toBe(200);
  });
});
