import fc from 'fast-check';
import { parse } from 'node-html-parser';
import { beforeEach, describe, expect, it } from 'vitest';
import { basicOf, Browser, Bs2World, callback, mockOrigin } from '../../testing/bs2-world.js';
import { bs2Paths } from './profile.js';

let world = new Bs2World();
beforeEach(() => {
  world = new Bs2World();
});

/** An authorization request without `client_id`, as the current documentation has it. */
function backendUrl(changes: Readonly<Record<string, string>> = {}): string {
  const url = new URL(world.authorizationUrl(changes));
  if (!('client_id' in changes)) url.searchParams.delete('client_id');
  return url.href;
}
const asBackend = (headers: Record<string, string> = {}): RequestInit => ({
  headers: { authorization: basicOf(world.client), ...headers },
});

describe('an authorization request by a backend, with Basic', () => {
  it('is answered with a login address that another user agent opens', async () => {
    const response = await world.fetch(backendUrl(), asBackend());
    expect(response.status).toBe(302);
    expect(response.headers.get('set-cookie')).toBe(null);
    const location = response.headers.get('location') ?? '';
    expect(location).toMatch(
      /^http:\/\/127\.0\.0\.1:4010\/bs2\/api-banking\/auth\/oauth\/v2\/authorize\/login\?action=display&sessionID=[0-9a-f-]{36}$/,
    );
    const browser = new Browser(world);
    await browser.open(location);
    expect([browser.status, browser.title]).toEqual([200, 'Acesse sua conta']);
  });

  it('may name the same client in the query, but no other', async () => {
    expect((await world.fetch(backendUrl({ client_id: world.client.id }), asBackend())).status).toBe(302);
    const response = await world.fetch(backendUrl({ client_id: 'l7other' }), asBackend());
    expect([response.status, response.headers.get('x-ca-err')]).toEqual([400, '3000103']);
  });

  it.each([
    ['a wrong secret', (): string => basicOf({ ...world.client, secret: 'wrong' })],
    ['an unknown client', (): string => basicOf({ id: 'l7unknown', secret: 'x' })],
    ['no Basic', (): string => 'Bearer x'],
    ['a client of the other bank', (): string => basicOf(world.tenant.clients.first('btg') ?? { id: '', secret: '' })],
  ])('with %s is a 401 with a challenge, as a page or as JSON', async (_name, authorization) => {
    const page = await world.fetch(world.authorizationUrl(), asBackend({ authorization: authorization() }));
    expect([page.status, page.headers.get('x-ca-err'), page.headers.get('location')]).toEqual([401, '3000201', null]);
    expect(page.headers.get('www-authenticate')).toBe('Basic error="Invalid or missing credentials"');
    expect(page.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    const json = await world.fetch(
      world.authorizationUrl(),
      asBackend({ authorization: authorization(), accept: 'application/json' }),
    );
    expect([json.status, json.headers.get('x-ca-err')]).toEqual([401, '3000201']);
    expect(await json.text()).toBe(
      '{\r\n  "error":"invalid_client",\r\n  "error_description":"The given client credentials were not valid"\r\n}',
    );
  });
});

describe('an authorization request by a browser', () => {
  it('is identified by client_id', async () => {
    const browser = new Browser(world);
    await browser.open(world.authorizationUrl());
    expect([browser.status, browser.title]).toEqual([200, 'Acesse sua conta']);
    expect(world.tenant.journal.entries()[0]).toMatchObject({
      clientIdentification: 'query',
      clientId: world.client.id,
      outcome: 'login',
    });
  });

  it.each([
    ['neither client_id nor Basic', {}, '', '3000103'],
    ['an unknown client', { client_id: 'l7unknown' }, '', '3000201'],
    ['the client of a prototype', { client_id: '__proto__' }, '', '3000201'],
    ['client_id twice', {}, '&client_id=a&client_id=b', '3000103'],
  ] as const)('with %s gets a page, never a challenge', async (_name, changes, appended, errorCode) => {
    const response = await world.fetch(`${backendUrl(changes)}${appended}`);
    expect([response.status, response.headers.get('x-ca-err')]).toEqual([400, errorCode]);
    expect(response.headers.get('www-authenticate')).toBe(null);
    expect(response.headers.get('location')).toBe(null);
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
  });

  it('is answered in the tenant’s own pages, and on the loopback name that was used, but never on a foreign Host', async () => {
    const ask = async (origin: string): Promise<string> => {
      const url = `${origin}/bs2${bs2Paths.authorization}?${new URL(world.authorizationUrl()).searchParams.toString()}`;
      return new URL((await world.fetch(url)).headers.get('location') ?? '').origin;
    };
    expect(await ask('http://localhost:4010')).toBe('http://localhost:4010');
    expect(await ask('http://[::1]:4010')).toBe('http://[::1]:4010');
    expect(await ask('http://attacker.example')).toBe(mockOrigin);
    expect(await ask('http://localhost.attacker.example')).toBe(mockOrigin);
  });
});

describe('the setting clientIdentification', () => {
  it.each([
    ['either', 302, 302],
    ['basic', 302, 400],
    ['query', 401, 302],
  ] as const)('%s', async (clientIdentification, byBasic, byQuery) => {
    world.tenant.patchSettings({ bs2: { clientIdentification } });
    expect((await world.fetch(backendUrl(), asBackend())).status).toBe(byBasic);
    expect((await world.fetch(world.authorizationUrl())).status).toBe(byQuery);
  });
});

describe('errors', () => {
  it.each([
    ['no response_type', { response_type: '' }, 'invalid_request'],
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no scope', { scope: '' }, 'invalid_request'],
    ['a scope that is not registered', { scope: 'saldo tudo' }, 'invalid_scope'],
    ['a scope of a prototype', { scope: 'constructor __proto__' }, 'invalid_scope'],
  ])('go to the partner with state: %s', async (_name, changes, error) => {
    const state = 'a b&c=d%00é+"<';
    const response = await world.fetch(world.authorizationUrl({ ...changes, state }));
    expect(response.status).toBe(302);
    const location = new URL(response.headers.get('location') ?? '');
    expect(`${location.origin}${location.pathname}`).toBe(callback);
    expect([...location.searchParams.keys()]).toEqual(['error', 'error_description', 'state']);
    expect([location.searchParams.get('error'), location.searchParams.get('state')]).toEqual([error, state]);
    // RFC 6749 section 4.1.2.1: no quotation mark, backslash or control character.
    expect(location.searchParams.get('error_description')).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
  });

  it('go without state where none was sent, and want one where the setting says so', async () => {
    const withoutState = world.authorizationUrl({ state: '' });
    expect((await world.fetch(withoutState)).headers.get('location')).toContain('/authorize/login?');
    world.tenant.patchSettings({ bs2: { requireState: true } });
    const location = new URL((await world.fetch(withoutState)).headers.get('location') ?? '');
    expect([location.searchParams.get('error'), location.searchParams.has('state')]).toEqual([
      'invalid_request',
      false,
    ]);
  });

  it('keep the query of a registered redirect_uri', async () => {
    world.tenant.clients.put({ ...world.client, redirectUris: ['https://partner.example/cb?keep=1&code=own'] });
    const response = await world.fetch(
      world.authorizationUrl({ redirect_uri: 'https://partner.example/cb?keep=1&code=own', scope: 'tudo' }),
    );
    expect(response.headers.get('location')).toMatch(
      /^https:\/\/partner\.example\/cb\?keep=1&code=own&error=invalid_scope&/,
    );
  });

  it.each([
    ['no redirect_uri', { redirect_uri: '' }, '', '3000130'],
    ['a redirect_uri of others', { redirect_uri: 'https://attacker.example/' }, '', '3000114'],
    ['redirect_uri twice', {}, '&redirect_uri=https://attacker.example/', '3000103'],
    ['broken percent-encoding', {}, '&x=%zz', '3000103'],
    ['a NUL in state', { state: '\0' }, '', '3000103'],
  ])('stay at the bank: %s', async (_name, changes, appended, errorCode) => {
    const response = await world.fetch(`${world.authorizationUrl(changes)}${appended}`);
    expect([response.status, response.headers.get('x-ca-err'), response.headers.get('location')]).toEqual([
      400,
      errorCode,
      null,
    ]);
    const json = await world.fetch(`${world.authorizationUrl(changes)}${appended}`, {
      headers: { accept: 'application/json' },
    });
    expect(await json.text()).toMatch(/^\{\r\n {2}"error":"invalid_request",\r\n/);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('answer the method %s with 405', async (method) => {
    const response = await world.fetch(world.authorizationUrl(), { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

describe('redirects', () => {
  it('lead to the mock itself or to a registered address, whatever redirect_uri is sent', async () => {
    const registered = ['https://partner.example/callback', 'http://localhost:3000/callback'];
    world.tenant.clients.put({ ...world.client, redirectUris: registered, loopbackPaths: [] });
    const mutated = fc
      .tuple(
        fc.constantFrom(...registered),
        fc.nat(40),
        fc.constantFrom('', '@', '/', '\\', '//', '%', '#', '?', '\r\n', '.', ':', 'x', '%2e%2e', '@attacker.example'),
      )
      .map(([uri, at, inserted]) => `${uri.slice(0, at)}${inserted}${uri.slice(at)}`);
    const hostile = fc.oneof(
      mutated,
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string({ unit: 'binary-ascii' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'javascript:alert(1)',
        'data:text/html,x',
        '//attacker.example',
        'https:attacker.example',
        'https://partner.example@attacker.example/',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        hostile,
        fc.constantFrom(world.client.scope, 'tudo', ''),
        fc.boolean(),
        async (uri, scope, backend) => {
          const url = world.authorizationUrl({ redirect_uri: uri, scope });
          const response = await world.fetch(url, backend ? asBackend() : {});
          const location = response.headers.get('location');
          if (location === null) {
            expect(response.status).toBe(400);
            return;
          }
          expect(response.status).toBe(302);
          const isOwn = location.startsWith(`${mockOrigin}/bs2/api-banking/auth/oauth/v2/authorize/`);
          const isRegistered = registered.some((one) => uri === one && location.startsWith(`${one}?`));
          expect(isOwn || isRegistered).toBe(true);
          expect(registered).toContain(uri);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('error pages', () => {
  it.each([
    '"><script>alert(1)</script>',
    "' onload=alert(1) x='",
    '</p><img src=x onerror=alert(1)>',
    '${7*7}{{7*7}}',
  ])('show nothing of %j as markup', async (text) => {
    for (const name of ['client_id', 'redirect_uri', 'state', 'scope', 'response_type', text]) {
      const response = await world.fetch(
        world.authorizationUrl({ redirect_uri: 'https://attacker.example/', [name]: text }),
      );
      const page = await response.text();
      expect(response.status).toBe(400);
      expect(page).not.toContain(text);
      const root = parse(page);
      expect(root.querySelectorAll('script, img, iframe, object, embed, [onload], [onerror]')).toEqual([]);
    }
  });

  it('speak Portuguese, or English to who prefers it', async () => {
    const ask = async (language: string | null): Promise<string> => {
      const response = await world.fetch(
        world.authorizationUrl({ redirect_uri: '' }),
        language === null ? {} : { headers: { 'accept-language': language } },
      );
      return parse(await response.text()).querySelector('h1')?.text ?? '';
    };
    expect(await ask(null)).toBe('Não foi possível continuar');
    expect(await ask('fr, pt-BR;q=0.8')).toBe('Não foi possível continuar');
    expect(await ask('en-GB, pt;q=0.5')).toBe('This cannot go on');
  });

  it('are to be had in the other language by a link that repeats the request as it was', async () => {
    const url = `${world.authorizationUrl({ redirect_uri: '' })}&state=x%2Gy&lang=pt`;
    const link = parse(await (await world.fetch(url)).text())
      .querySelector('a[hreflang=en]')
      ?.getAttribute('href');
    expect(link).toBe(url.replace(/lang=pt$/, 'lang=en'));
    expect(parse(await (await world.fetch(link ?? '')).text()).querySelector('h1')?.text).toBe('This cannot go on');
  });
});
