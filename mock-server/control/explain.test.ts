import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Partner } from '../journal/findings/testing/partner.js';
import type { ValueExplanation } from '../tenant-handle.js';
import { containing, createWorld, matching, tenantPath } from './test-world.js';

const banks = ['bs2', 'btg'] as const;
const texts = ({ timeline }: ValueExplanation): string[] =>
  timeline.map(({ entry, text }) => `${entry === null ? '-' : String(entry)} ${text}`);

describe.each(banks)('a code of %s', (bank) => {
  it('is told from its issue to its redemption and its replay', async () => {
    const partner = await Partner.open();
    const code = await partner.code(bank);
    const fresh = await partner.tenant.explain(code);
    expect(fresh).toMatchObject({
      kind: 'authorization-code',
      bank,
      readAs: null,
      good: true,
      refusedBecause: null,
      advice: containing('once'),
      issued: {
        entry: 1,
        clientId: partner.client(bank).id,
        clientName: 'Aplicação de Teste',
        username: 'correntista',
        company: '30306294000145',
        scope: partner.client(bank).scope,
        grantId: matching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(texts(fresh)).toEqual(['1 Given on the redirect to the client.']);
    await partner.redeem(bank, code);
    await partner.pass('PT1M');
    await partner.redeem(bank, code);
    const spent = await partner.tenant.explain(code);
    expect(spent).toMatchObject({
      good: false,
      refusedBecause: containing('redeemed before'),
      advice: containing('new authorization request'),
    });
    expect(texts(spent)).toEqual([
      '1 Given on the redirect to the client.',
      '2 Redeemed for tokens (200).',
      '3 Sent to be redeemed (400, invalid_grant: spent).',
      '- The grant: revoked, because the authorization code was sent a second time.',
    ]);
    expect(Object.keys(spent.timeline[0] ?? {})).toEqual(['at', 'entry', 'text']);
  });

  it('expires', async () => {
    const partner = await Partner.open();
    const code = await partner.code(bank);
    await partner.pass('PT10M');
    expect(await partner.tenant.explain(code)).toMatchObject({ good: false, refusedBecause: 'it has expired' });
  });
});

describe.each(banks)('a refresh token of %s', (bank) => {
  it('is told after its rotation, with and without the journal', async () => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect(bank);
    await partner.pass('PT3M');
    await partner.refresh(bank, refreshToken);
    const rotated = await partner.tenant.explain(refreshToken);
    expect(rotated).toMatchObject({
      kind: 'refresh-token',
      bank,
      good: false,
      refusedBecause: 'it was exchanged for a newer one',
      advice: matching(/^Use the newest refresh token, which was given at 2\d{3}-/),
    });
    expect(texts(rotated)).toEqual([
      '2 Given in exchange for an authorization code.',
      '3 Exchanged for new tokens (200).',
    ]);
    await partner.tenant.journal.clear();
    const later = await partner.tenant.explain(refreshToken);
    expect(later).toMatchObject({ good: false, refusedBecause: 'it was exchanged for a newer one' });
    expect(texts(later)).toEqual(['- Given.', '- Exchanged for a newer refresh token.']);
  });

  it('is told after its expiry, its grant’s revocation and for as long as the store remembers', async () => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect(bank);
    await partner.pass('P31D');
    expect(await partner.tenant.explain(refreshToken)).toMatchObject({
      good: false,
      refusedBecause: 'it has expired',
      advice: containing('new authorization request'),
    });
    const { refreshToken: second } = await partner.connect(bank);
    const [grant] = (await partner.tenant.grants.list()).slice(-1);
    await partner.tenant.grants.delete(grant?.id ?? '');
    const revoked = await partner.tenant.explain(second);
    expect(revoked).toMatchObject({ good: false, refusedBecause: 'the user, or the bank, revoked it' });
    expect(texts(revoked).at(-1)).toBe('- The grant: revoked by the user, or the bank.');
  });

  it('that the store has forgotten is told by the journal alone', async () => {
    const partner = await Partner.open();
    const { accessToken, refreshToken } = await partner.connect(bank);
    await partner.pass('P60D');
    // What was kept is let go of at the next request.
    await partner.authorize(bank);
    expect(await partner.tenant.grants.list()).toEqual([]);
    for (const [kind, value] of [
      ['refresh-token', refreshToken],
      ['access-token', accessToken],
    ] as const) {
      const told = await partner.tenant.explain(value);
      expect(told).toMatchObject({
        kind,
        bank,
        good: false,
        refusedBecause: containing('long ago'),
        issued: { entry: 2 },
      });
      expect(told.jwt === null).toBe(!(bank === 'btg' && kind === 'access-token'));
      expect(texts(told)).toEqual(['2 Given in exchange for an authorization code.']);
    }
    await partner.tenant.journal.clear();
    expect(await partner.tenant.explain(refreshToken)).toMatchObject({ kind: 'unknown', good: false });
  });

  it('made by the control API is known, too', async () => {
    const partner = await Partner.open();
    const made = await partner.tenant.grants.create({ bank, age: 'P1D' });
    const told = await partner.tenant.explain(made.refreshToken);
    expect(told).toMatchObject({ good: true, issued: { grantId: made.id, entry: null } });
    expect(texts(told)).toEqual(['- Given through the control API.']);
  });
});

describe('an access token', () => {
  it('of BS2 that a newer one ended is told with the one that ended it', async () => {
    const partner = await Partner.open();
    const { accessToken, refreshToken } = await partner.connect('bs2');
    await partner.call('bs2', accessToken);
    await partner.refresh('bs2', refreshToken);
    const told = await partner.tenant.explain(accessToken);
    expect(told).toMatchObject({
      kind: 'access-token',
      good: false,
      refusedBecause: containing('newer access token'),
      advice: matching(/^Refresh: the refresh token of the grant works until /),
    });
    expect(texts(told)).toEqual([
      '2 Given in exchange for an authorization code.',
      '3 Sent with a call (200, balance).',
      '4 Ended by a newer access token.',
    ]);
  });

  it('of BTG is decoded, without the person', async () => {
    const partner = await Partner.open();
    const { accessToken } = await partner.connect('btg');
    const told = await partner.tenant.explain(accessToken);
    expect(told).toMatchObject({
      kind: 'access-token',
      bank: 'btg',
      good: true,
      jwt: {
        header: { alg: 'RS256', typ: 'at+jwt' },
        claims: { iss: partner.tenant.btg.issuer, sub: '«person»' },
        signature: 'right',
      },
    });
    await partner.pass('PT24H');
    expect(await partner.tenant.explain(accessToken)).toMatchObject({ good: false, refusedBecause: 'it has expired' });
    const changed = `${accessToken.slice(0, -3)}AAA`;
    expect(await partner.tenant.explain(changed)).toMatchObject({ good: false, jwt: { signature: 'wrong' } });
  });

  it('that the client revoked says so', async () => {
    const partner = await Partner.open();
    const { accessToken, refreshToken } = await partner.connect('btg');
    await partner.revoke(accessToken);
    const dead = await partner.tenant.explain(accessToken);
    expect(dead).toMatchObject({ good: false, refusedBecause: 'the client revoked it' });
    expect(texts(dead).at(-1)).toBe('3 Revoked by the client.');
    await partner.revoke(refreshToken);
    expect(await partner.tenant.explain(refreshToken)).toMatchObject({ refusedBecause: 'the client revoked it' });
  });

  it('lists of many uses the first and the last', async () => {
    const partner = await Partner.open();
    const { accessToken } = await partner.connect('bs2');
    for (let call = 0; call < 30; call += 1) await partner.call('bs2', accessToken);
    const lines = texts(await partner.tenant.explain(accessToken));
    expect(lines).toHaveLength(11);
    expect(lines[9]).toContain('20 more uses follow');
    expect(lines[10]).toMatch(/^32 /);
  });
});

describe('an id_token', () => {
  it('is decoded, its signature checked with the client’s secret, and opens no API', async () => {
    const partner = await Partner.open();
    const { idToken } = await partner.redeem('btg', await partner.code('btg', { nonce: 'um-nonce-de-teste' }));
    expect(await partner.tenant.explain(idToken)).toMatchObject({
      kind: 'id-token',
      good: true,
      advice: containing('opens no API'),
      issued: { entry: 2, clientId: partner.client('btg').id },
      jwt: { header: { alg: 'HS256' }, claims: { nonce: 'um-nonce-de-teste', sub: '«person»' }, signature: 'right' },
    });
    await partner.pass('P2D');
    expect(await partner.tenant.explain(idToken)).toMatchObject({ good: false, refusedBecause: 'it has expired' });
    const [header = '', claims = ''] = idToken.split('.');
    expect(await partner.tenant.explain(`${header}.${claims}.AAAA`)).toMatchObject({
      jwt: { signature: 'wrong' },
      good: false,
    });
  });

  it('with claims that no clock shows is no fault of the server', async () => {
    const { call } = createWorld();
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const value = `${part({ alg: 'none' })}.${part({ iss: 'x', iat: 1e300, exp: -1e300 })}.${part('x')}`;
    const got = await call('POST', `${tenantPath}/explain`, { value });
    expect(got.body).toMatchObject({ kind: 'id-token', good: false, issued: null, expiresAt: null });
  });
});

describe('what a client made', () => {
  it('is told by the requests that sent it and what came of them', async () => {
    const partner = await Partner.open();
    const state = 'um-estado-de-teste-longo';
    const code = await partner.code('btg', { state });
    await partner.redeem('btg', code);
    const told = await partner.tenant.explain(state);
    expect(told).toMatchObject({ kind: 'state', bank: 'btg', good: null });
    expect(texts(told)).toEqual([
      '1 Sent with an authorization request.',
      '1 Came back on the redirect with a code, which request 2 redeemed.',
    ]);
    await partner.authorize('btg', { state, nonce: 'um-nonce-de-teste-longo' });
    expect(await partner.tenant.explain(state)).toMatchObject({
      summary: containing('2 authorization requests'),
      advice: containing('of its own'),
    });
    expect(await partner.tenant.explain('um-nonce-de-teste-longo')).toMatchObject({
      kind: 'nonce',
      timeline: [{ entry: 3 }],
    });
  });

  it('or owns is named: client, secret, grant, login', async () => {
    const partner = await Partner.open();
    const { id, secret } = partner.client('bs2');
    expect(await partner.tenant.explain(id)).toMatchObject({ kind: 'client-id', bank: 'bs2' });
    expect(await partner.tenant.explain(secret)).toMatchObject({ kind: 'client-secret', summary: containing(id) });
    const grant = await partner.tenant.grants.create({ bank: 'bs2' });
    expect(await partner.tenant.explain(grant.id)).toMatchObject({ kind: 'grant', good: true });
    const login = await partner.authorize('bs2');
    const session = new URL(login.headers.get('location') ?? '').searchParams.get('sessionID') ?? '';
    expect(await partner.tenant.explain(session)).toMatchObject({
      kind: 'login-session',
      summary: containing('step login'),
    });
  });
});

describe('a redirect', () => {
  it('is told by its parameters', async () => {
    const partner = await Partner.open();
    const authorizationUrl = partner.authorizationUrl('btg', { code_challenge: null, code_challenge_method: null });
    const { redirectTo } = await partner.tenant.consents.create({ authorizationUrl, decision: 'approve' });
    expect(await partner.tenant.explain(redirectTo)).toMatchObject({
      kind: 'redirect',
      bank: 'btg',
      good: true,
      parts: [
        { name: 'code', kind: 'authorization-code', good: true },
        { name: 'state', kind: 'state' },
        { name: 'iss', good: true },
      ],
      issued: { entry: 1 },
    });
    const wrong = redirectTo.replace(/iss=[^&]*/, 'iss=https%3A%2F%2Fid.example');
    expect((await partner.tenant.explain(wrong)).parts.at(-1)).toMatchObject({ name: 'iss', good: false });
    const denied = await partner.tenant.consents.create({
      authorizationUrl: partner.authorizationUrl('bs2'),
      decision: 'deny',
    });
    expect((await partner.tenant.explain(denied.redirectTo)).parts).toMatchObject([
      { name: 'state' },
      { name: 'error', summary: containing('access_denied') },
    ]);
    expect(await partner.tenant.explain(authorizationUrl)).toMatchObject({
      summary: 'An address that leads to a bank.',
    });
  });
});

describe('a value that was changed on its way', () => {
  const ways: readonly (readonly [string, (value: string) => string])[] = [
    ['white space', (value) => `  ${value}\n`],
    ['quotes', (value) => `"${value}"`],
    ['Bearer', (value) => `Bearer ${value}`],
    ['a whole header', (value) => `Authorization: Bearer ${value}`],
    ['a name', (value) => `refresh_token=${value}`],
    ['a member', (value) => `"refresh_token": "${value}",`],
    ['percent-encoding', (value) => encodeURIComponent(`${value}=`).replace('%3D', '')],
    ['percent-encoding of all', (value) => [...value].map((one) => `%${one.charCodeAt(0).toString(16)}`).join('')],
    [
      'percent-encoding twice',
      (value) => encodeURIComponent([...value].map((one) => `%${one.charCodeAt(0).toString(16)}`).join('')),
    ],
    ['base64', (value) => Buffer.from(value).toString('base64')],
    ['a line break', (value) => `${value.slice(0, 20)}\n${value.slice(20)}`],
  ];
  it.each(ways)('by %s is recognised', async (_way, change) => {
    const partner = await Partner.open();
    for (const bank of banks) {
      const { refreshToken } = await partner.connect(bank);
      const told = await partner.tenant.explain(change(refreshToken));
      expect(told).toMatchObject({ kind: 'refresh-token', bank, good: true });
    }
  });

  it('says how it was read', async () => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect('bs2');
    expect((await partner.tenant.explain(refreshToken)).readAs).toBeNull();
    expect((await partner.tenant.explain(`"${refreshToken.replace('-', '%2D')}" `)).readAs).toBe(
      'without the white space around it, without its quotes, percent-decoded',
    );
  });

  it('by cutting or capitals is unknown, and told what it is like', async () => {
    const partner = await Partner.open();
    const { refreshToken } = await partner.connect('bs2');
    for (const [value, hint] of [
      [refreshToken.slice(0, 20), 'the refresh token of request 2, cut off (20 characters in place of 36)'],
      [`${refreshToken}abc`, 'with something behind it'],
      [refreshToken.slice(10), 'without its beginning'],
      [refreshToken.toUpperCase(), 'with other capitals'],
    ] as const) {
      expect(await partner.tenant.explain(value)).toMatchObject({
        kind: 'unknown',
        good: false,
        summary: containing(hint),
        possibleReasons: [containing('changed on its way'), ...Array<unknown>(5).fill(matching(/./))],
      });
    }
    await partner.tenant.journal.clear();
    expect((await partner.tenant.explain(refreshToken.slice(0, 20))).summary).toMatch(
      /a value of the grant [0-9a-f-]{36}, cut off/,
    );
  });
});

describe('a value that was never seen', () => {
  it('says why that may be', async () => {
    const partner = await Partner.open();
    const told = await partner.tenant.explain('00000000-0000-4000-8000-000000000000');
    expect(told).toMatchObject({ kind: 'unknown', bank: null, good: false, timeline: [], issued: null });
    expect(told.possibleReasons.length).toBeGreaterThan(3);
  });

  it('here is looked for at the other tenants', async () => {
    const first = await Partner.open();
    const second = await Partner.at(first.mock);
    for (const bank of banks) {
      const { accessToken, refreshToken } = await second.connect(bank);
      for (const [kind, value] of [
        ['access-token', accessToken],
        ['refresh-token', refreshToken],
      ] as const) {
        expect(await first.tenant.explain(value)).toMatchObject({
          kind,
          bank,
          good: false,
          refusedBecause: 'it is of another tenant',
          summary: containing(`the ${kind.replace('-', ' ')} of the tenant "${second.tenant.id}"`),
          advice: containing(`--tenant ${second.tenant.id}`),
        });
      }
    }
  });
});

describe('POST {t}/explain', () => {
  it('never repeats the value, whatever becomes of it', async () => {
    const partner = await Partner.open();
    const values: string[] = [];
    for (const bank of banks) {
      const code = await partner.code(bank, { state: `estado-de-teste-de-${bank}` });
      const got = await partner.redeem(bank, code);
      const next = await partner.refresh(bank, got.refreshToken);
      values.push(code, got.accessToken, got.refreshToken, next.accessToken, next.refreshToken);
      values.push(partner.client(bank).secret, `estado-de-teste-de-${bank}`);
      if (got.idToken !== '') values.push(got.idToken);
    }
    for (const value of values) {
      for (const sent of [value, ` ${value}`, value.slice(0, -4), `${value}x`]) {
        const text = JSON.stringify(await partner.tenant.explain(sent));
        for (const secret of [...values, sent.trim()]) expect(text.includes(secret)).toBe(false);
      }
    }
  });

  it('refuses what is no value, without repeating it', async () => {
    const { call } = createWorld();
    expect((await call('POST', `${tenantPath}/explain`, { value: '' })).body).toMatchObject({ status: 400 });
    const long = `segredo-de-teste-${'x'.repeat(20_000)}`;
    const got = await call('POST', `${tenantPath}/explain`, { value: long });
    expect(got.body).toMatchObject({ status: 400, errors: [{ path: 'value' }] });
    expect(got.text).not.toContain('segredo-de-teste');
    expect((await call('POST', `${tenantPath}/explain`, { valor: 'x' })).status).toBe(400);
    expect((await call('GET', `${tenantPath}/explain`)).status).toBe(405);
  });

  it('answers whatever it is asked', async () => {
    const { call } = createWorld();
    const piece = fc.oneof(
      fc.constantFrom(
        '%',
        '%25',
        '%2525',
        '"',
        'Bearer ',
        'code=',
        'http://a/?',
        '&',
        '+',
        '\\u0041',
        '&amp;',
        'eyJ',
        '.',
      ),
      fc.string({ minLength: 1, maxLength: 10, unit: 'binary' }),
    );
    const value = fc.array(piece, { minLength: 1, maxLength: 30 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(value, async (text) => {
        const got = await call('POST', `${tenantPath}/explain`, { value: text });
        expect(got.status, got.text).toBe(200);
      }),
      { numRuns: 200 },
    );
  });
});
