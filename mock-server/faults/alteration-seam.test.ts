import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BankVisit, readTokens } from '../mutants/testing/bank-visit.js';
import { VisitingBrowser } from '../mutants/testing/visiting-browser.js';
import type { MockServer } from '../mock-server.js';
import { strangeKeysPath } from './id-token-signature-alterations.js';
import { startMockServer } from '../mock-server.js';
import type { ListedFault, NewFault, TenantHandle } from '../tenant-handle.js';

let mock: MockServer;
let tenant: TenantHandle;
let bs2: BankVisit;
let btg: BankVisit;
beforeAll(async () => {
  mock = await startMockServer({ listen: false });
});
afterAll(() => mock.close());
beforeEach(async () => {
  tenant = await mock.createTenant();
  bs2 = new BankVisit(mock, tenant, 'bs2');
  btg = new BankVisit(mock, tenant, 'btg');
});

function alter(id: string, at: NewFault['at'], rest: Pick<NewFault, 'times' | 'when'> = {}): Promise<ListedFault> {
  return tenant.faults.create({ at, effect: { alter: id }, ...rest });
}

async function acted(): Promise<readonly number[]> {
  return (await tenant.faults.list()).map((fault) => fault.acted);
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return typeof claims === 'object' && claims !== null ? { ...claims } : {};
}

describe('an alteration waits for an answer that has what it alters', () => {
  it('when the token request is refused', async () => {
    await alter('id-token.iss-wrong', 'btg.token');
    expect((await btg.redeem('codigo-de-ninguem')).status).toBe(400);
    expect(await acted()).toEqual([0]);
    expect(claimsOf((await btg.tokens()).id)['iss']).toBe('https://emissor.exemplo.invalid');
    expect(await acted()).toEqual([]);
  });

  it('when no nonce was sent', async () => {
    await alter('id-token.nonce-missing', 'btg.token');
    await btg.tokens();
    expect(await acted()).toEqual([0]);
    expect(claimsOf((await btg.tokens({ nonce: 'n' })).id)).not.toHaveProperty('nonce');
  });

  it('when a refreshed id_token is meant, and a code is redeemed', async () => {
    await alter('id-token.refreshed-sub', 'btg.token');
    const first = await btg.tokens();
    expect(await acted()).toEqual([0]);
    expect(claimsOf(readTokens(await btg.refresh(first.refresh)).id)['sub']).not.toBe(claimsOf(first.id)['sub']);
  });

  it('when the redirect carries no code, or no state', async () => {
    await alter('authorization-response.long-code', 'bs2.redirect');
    await alter('authorization-response.state-altered', 'bs2.redirect');
    await bs2.consent({ state: null }, { decision: 'deny' });
    expect(await acted()).toEqual([0, 0]);
    const redirect = await bs2.consent({ state: 'estado' });
    expect(redirect?.searchParams.get('state')).toBe('estadI');
    expect(redirect?.searchParams.get('code')).toHaveLength(1200);
  });

  it('when the call has no token that works', async () => {
    await alter('api.unauthorized', 'bs2.api');
    expect((await bs2.api('token-de-ninguem')).status).toBe(401);
    expect(await acted()).toEqual([0]);
    const { access } = await bs2.tokens();
    expect([(await bs2.api(access)).status, (await bs2.api(access)).status]).toEqual([401, 200]);
  });

  it('when it is at the revocation endpoint', async () => {
    await alter('token-error.invalid-client', 'btg.token');
    const { revocationEndpoint } = tenant.btg;
    expect((await btg.post(revocationEndpoint, { token: 'token-de-ninguem' })).status).toBe(200);
    expect(await acted()).toEqual([0]);
  });

  it('when client_credentials never give a refresh token', async () => {
    await alter('token-response.refresh-token-missing', 'bs2.token');
    await bs2.token({ grant_type: 'client_credentials', scope: 'saldo' });
    expect(await acted()).toEqual([0]);
  });

  it('when another fault stands in the way', async () => {
    await alter('api.html', 'bs2.api');
    await tenant.faults.create({ at: 'bs2.api', effect: { status: 503 } });
    const { access } = await bs2.tokens();
    expect((await bs2.api(access)).status).toBe(503);
    expect(await acted()).toEqual([0]);
    expect((await bs2.api(access)).text).toContain('manutenção');
  });
});

describe('times', () => {
  it('counts answers that were altered, and no more of them', async () => {
    await alter('api.unauthorized', 'btg.api', { times: 2 });
    const { access } = await btg.tokens();
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await btg.api(access)).status);
    expect(statuses).toEqual([401, 401, 200, 200]);
  });

  it('holds for simultaneous requests', async () => {
    await alter('api.unauthorized', 'btg.api', { times: 3 });
    const { access } = await btg.tokens();
    const calls = await Promise.all(Array.from({ length: 10 }, () => btg.api(access)));
    expect(calls.filter(({ status }) => status === 401)).toHaveLength(3);
    expect(await acted()).toEqual([]);
  });

  it('0 lasts until it is deleted', async () => {
    const { id } = await alter('token-response.token-type-case', 'btg.token', { times: 0 });
    for (let count = 0; count < 3; count += 1) await btg.tokens();
    expect(await acted()).toEqual([3]);
    await tenant.faults.delete(id);
    expect((await btg.redeem(await btg.code())).json['token_type']).toBe('Bearer');
  });

  it('does not bring back a fault that was deleted while it acted', async () => {
    const { access } = await bs2.tokens();
    await tenant.faults.create({ at: 'bs2.api', effect: { barrier: 2 } });
    await alter('api.unauthorized', 'bs2.api');
    const waiting = bs2.api(access);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    await tenant.faults.clear();
    expect((await waiting).status).toBe(401);
    expect(await acted()).toEqual([]);
  });
});

describe('when', () => {
  it('narrows an alteration to refreshes', async () => {
    await alter('id-token.aud-wrong', 'btg.token', { when: { grantType: 'refresh_token' } });
    const { refresh, id } = await btg.tokens();
    expect(claimsOf(id)['aud']).toBe(btg.client.id);
    expect(claimsOf(readTokens(await btg.refresh(refresh)).id)['aud']).not.toBe(btg.client.id);
  });

  it('narrows an alteration to one grant', async () => {
    const [one, other] = [await btg.tokens(), await btg.tokens()];
    await alter('api.html', 'btg.api', { when: { accessToken: one.access }, times: 0 });
    expect((await btg.api(other.access)).text).toMatch(/^\{/);
    expect((await btg.api(one.access)).text).toMatch(/^<!doctype/);
  });
});

describe('several at once', () => {
  it('alter the same answer, each in its way', async () => {
    await alter('id-token.aud-array', 'btg.token');
    await alter('id-token.iss-missing', 'btg.token');
    await alter('id-token.alg-none', 'btg.token');
    await alter('token-response.scope-missing', 'btg.token');
    const reply = await btg.redeem(await btg.code());
    const { id } = readTokens(reply);
    expect(claimsOf(id)).toMatchObject({ aud: [btg.client.id] });
    expect(claimsOf(id)).not.toHaveProperty('iss');
    expect(id).toMatch(/^[\w-]+\.[\w-]+\.$/);
    expect(reply.json).not.toHaveProperty('scope');
    expect(await acted()).toEqual([]);
  });

  it('go with mutants, and leave them where they stand', async () => {
    await tenant.mutants.set(['btg.id-token-issuer-trailing-slash']);
    await alter('id-token.sub-missing', 'btg.token');
    const altered = claimsOf((await btg.tokens()).id);
    expect(altered).toMatchObject({ iss: `${tenant.btg.issuer}/` });
    expect(altered).not.toHaveProperty('sub');
    expect(claimsOf((await btg.tokens()).id)).toMatchObject({ iss: `${tenant.btg.issuer}/`, sub: '11144477735' });
  });

  it('go with a truncated answer', async () => {
    await alter('token-response.unknown-members', 'bs2.token');
    await tenant.faults.create({ at: 'bs2.token', effect: { truncate: true } });
    expect((await bs2.redeem(await bs2.code())).json).toEqual({});
    expect(await acted()).toEqual([]);
  });
});

describe('the journal', () => {
  it('names the alterations that acted, and tells of the request what the bank knows of it', async () => {
    const { id } = await alter('token-error.invalid-grant', 'bs2.token');
    const { id: idle } = await alter('token-response.scope-missing', 'bs2.token');
    await bs2.redeem(await bs2.code());
    // What comes before is the consent.
    const entry = (await tenant.journal.list()).at(-1);
    expect(entry).toMatchObject({ faults: [id], clientId: bs2.client.id, response: { status: 400 } });
    expect(entry?.faults).not.toContain(idle);
  });
});

describe('the jku of an id_token', () => {
  it('leads to an address of the bank that gives no keys, and the journal shows who asks', async () => {
    await alter('id-token.jku-header', 'btg.token');
    const { id } = await btg.tokens();
    const header: unknown = JSON.parse(Buffer.from(id.split('.')[0] ?? '', 'base64url').toString('utf8'));
    const url = `${tenant.btg.baseUrl}${strangeKeysPath}`;
    expect(header).toEqual({ alg: 'HS256', jku: url });
    expect((await btg.fetch(url)).status).toBe(404);
    expect((await tenant.journal.list()).at(-1)).toMatchObject({ bank: 'btg', endpoint: 'unknown' });
  });
});

describe('secrets', () => {
  it('stay out of the journal, whatever an answer was made to', async () => {
    const secrets: string[] = [];
    for (const visit of [bs2, btg]) {
      for (const name of ['authorization-response.long-code', 'authorization-response.duplicate-code']) {
        await alter(name, `${visit.bank}.redirect`);
        const browser = new VisitingBrowser(visit);
        await browser.goToLastPage();
        await browser.confirm();
        const [code = '', second = ''] = browser.left?.searchParams.getAll('code') ?? [];
        for (const alteration of ['token-response.unknown-members', 'token-response.expires-in-string']) {
          await alter(alteration, `${visit.bank}.token`);
        }
        const { access, refresh, id } = readTokens(await visit.redeem(code));
        secrets.push(code, second, access, refresh, id);
      }
    }
    for (const name of ['id-token.alg-none', 'id-token.access-token', 'id-token.alg-hs512']) {
      await alter(name, 'btg.token');
      const { access, refresh, id } = await btg.tokens();
      secrets.push(access, refresh, id);
    }
    const journal = JSON.stringify([await tenant.journal.list(), await tenant.journal.har()]);
    const known = secrets.filter((secret) => secret !== '');
    expect(known.length).toBeGreaterThan(20);
    expect(known.filter((secret) => journal.includes(secret))).toEqual([]);
  });
});

describe('a code of 1200 characters', () => {
  it.each(['bs2', 'btg'] as const)('comes by the pages of %s, works once, and its replay revokes', async (bank) => {
    const visit = bank === 'bs2' ? bs2 : btg;
    const browser = new VisitingBrowser(visit);
    await alter('authorization-response.long-code', `${bank}.redirect`);
    await browser.goToLastPage();
    await browser.confirm();
    const code = browser.left?.searchParams.get('code') ?? '';
    expect(code).toMatch(/^[\w-]{1200}$/);
    const { access } = readTokens(await visit.redeem(code));
    expect((await visit.api(access)).status).toBe(200);
    expect((await visit.redeem(code)).status).toBe(400);
    expect((await visit.api(access)).status).toBe(401);
  });

  it('grows old with its grant', async () => {
    await alter('authorization-response.long-code', 'bs2.redirect');
    const code = await bs2.code();
    const [grant] = await tenant.grants.list();
    await tenant.grants.age(grant?.id ?? '', 'PT10M');
    expect((await bs2.redeem(code)).status).toBe(400);
  });
});

describe('another company’s answer', () => {
  it('is its balance, too', async () => {
    const { access } = await btg.tokens();
    const accounts = tenant.btg.accountsEndpoint;
    const balances = `${accounts}/30306294000145-208-0050-100001/balances`;
    const headers = { authorization: `Bearer ${access}` };
    await alter('api.wrong-company', 'btg.api');
    const altered = await btg.fetch(balances, { headers });
    expect(altered.json).toMatchObject({
      accountId: '12ABC34501DE35-208-0050-200002',
      available: { amount: 1250, currency: 'BRL' },
    });
    expect((await btg.fetch(balances, { headers })).json).toMatchObject({
      accountId: '30306294000145-208-0050-100001',
      available: { amount: 50000.25 },
    });
  });
});
