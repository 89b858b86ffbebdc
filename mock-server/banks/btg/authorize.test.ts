import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { publicClient, TestWorld } from './test-world.js';

describe('the authorization request', () => {
  it.each([
    ['an unknown client', { client_id: 'desconhecido' }, 404, 'AppNotFoundError'],
    ['no client', { client_id: undefined }, 400, 'client_id is missing'],
    ['no redirect_uri', { redirect_uri: undefined }, 400, 'redirect_uri is missing'],
    ['a redirect_uri that is not registered', { redirect_uri: 'https://malicioso.example/' }, 400, 'not registered'],
  ])('of %s stays at the bank', async (_name, over, status, text) => {
    const reply = await new TestWorld().authorize(over);
    expect(reply.status).toBe(status);
    expect(reply.header('location')).toBeUndefined();
    expect(reply.header('content-type')).toBe('text/html; charset=UTF-8');
    expect(reply.body).toContain(text);
  });

  it('names an unknown client on the page, escaped and cut', async () => {
    const id = `<script>alert("1")</script>${'x'.repeat(500)}`;
    const { body } = await new TestWorld().authorize({ client_id: id });
    expect(body).toContain('App client not found with id &lt;script&gt;');
    expect(body).not.toContain('<script>');
    expect(parse(body).querySelector('main')?.text).not.toContain('x'.repeat(120));
  });

  it('is refused in the other language, too, by a link that repeats it; a form is not repeated', async () => {
    const world = new TestWorld();
    const refused = await world.authorize({ redirect_uri: undefined });
    const link = parse(refused.body).querySelector('a[hreflang=en]')?.getAttribute('href') ?? '';
    const english = await world.open(link);
    expect(english.status).toBe(400);
    expect(english.body).toContain('This cannot go on');
    expect(english.body).toContain('redirect_uri is missing');
    const back = parse(english.body).querySelector('a[hreflang=pt]')?.getAttribute('href') ?? '';
    expect(back).toBe(link.replace(/lang=en$/, 'lang=pt'));
    const byForm = await world.logIn(await world.authorize(), 'bloqueado');
    expect(byForm.body).toContain('Não foi possível continuar');
    expect(parse(byForm.body).querySelectorAll('a[hreflang]')).toEqual([]);
  });

  it('answers a program that asks for JSON with JSON', async () => {
    const world = new TestWorld();
    const unknown = await world.authorize({ client_id: 'desconhecido' }, { accept: 'application/json' });
    expect(unknown.json()).toEqual({
      error: 'AppNotFoundError',
      error_description: 'App client not found with id desconhecido',
      brn: 'brn:btg:id:error:app-not-found',
    });
    const noUri = await world.authorize({ redirect_uri: undefined }, { accept: 'application/json' });
    expect(noUri.json()).toEqual({ error: 'invalid_request', error_description: 'redirect_uri is missing' });
    expect((await world.authorize({ client_id: 'x' }, { accept: 'text/html, application/json' })).body).toContain(
      '<html',
    );
  });

  it.each([
    ['without openid', { scope: 'email' }, 'invalid_scope'],
    ['without scope', { scope: undefined }, 'invalid_scope'],
    ['for a scope not registered', { scope: 'openid inexistente' }, 'invalid_scope'],
    ['without response_type', { response_type: undefined }, 'invalid_request'],
    ['for response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
    ['with prompt=none', { prompt: 'none' }, 'login_required'],
    ['with an unknown prompt', { prompt: 'talvez' }, 'invalid_request'],
    ['with response_mode=fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['with a broken max_age', { max_age: 'dez' }, 'invalid_request'],
  ])('%s is refused on the redirect, with iss before state', async (_name, over, error) => {
    const world = new TestWorld();
    const reply = await world.authorize(over);
    expect(reply.status).toBe(302);
    expect(reply.toPartner).toBe(true);
    const { searchParams, origin, pathname } = reply.location();
    expect(`${origin}${pathname}`).toBe(world.redirectUri);
    expect([...searchParams.keys()]).toEqual(['error', 'error_description', 'iss', 'state']);
    expect(searchParams.get('error')).toBe(error);
    expect(searchParams.get('iss')).toBe(world.base);
    expect(searchParams.get('state')).toBe('estado');
  });

  it.each([
    { prompt: 'login' },
    { prompt: 'consent' },
    { state: undefined },
    { nonce: 'n', max_age: '0' },
    { response_mode: 'query' },
  ])('with %j goes on to the login', async (over) => {
    const world = new TestWorld();
    expect((await world.authorize(over)).location().pathname).toBe('/btg/oauth2/authorize/login');
  });

  it('wants a state where the setting says so', async () => {
    const world = new TestWorld({ settings: { btg: { requireState: true } } });
    const { searchParams } = (await world.authorize({ state: undefined })).location();
    expect([...searchParams.keys()]).toEqual(['error', 'error_description', 'iss']);
  });

  it('wants https in production', async () => {
    const world = new TestWorld({ settings: { environment: 'producao' } });
    expect((await world.authorize()).status).toBe(400);
  });

  it('may come by POST, as a form and with the parameters in the body', async () => {
    const world = new TestWorld({ clients: [publicClient] });
    const parameters = world.authorizationParameters();
    expect((await world.post('/oauth2/authorize', parameters)).location().pathname).toBe('/btg/oauth2/authorize/login');
    const query = new URLSearchParams(parameters).toString();
    const empty = await world.request('POST', `/oauth2/authorize?${query}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(empty.status).toBe(400);
    expect((await world.request('POST', '/oauth2/authorize', { 'content-type': 'text/plain' }, query)).status).toBe(
      400,
    );
  });

  it('with a repeated client_id or redirect_uri is redirected nowhere', async () => {
    const world = new TestWorld();
    const query = new URLSearchParams(world.authorizationParameters()).toString();
    for (const name of ['client_id', 'redirect_uri']) {
      const reply = await world.request('GET', `/oauth2/authorize?${query}&${name}=outro`);
      expect([reply.status, reply.header('location')]).toEqual([400, undefined]);
    }
    const state = await world.request('GET', `/oauth2/authorize?${query}&state=outro`);
    expect(state.location().searchParams.get('error')).toBe('invalid_request');
  });
});

describe('the issuer', () => {
  it.each([
    ['the base URL', {}, null, 'http://127.0.0.1:4010/btg'],
    ['the root of a port of its own', { rootUrl: 'http://127.0.0.1:4020' }, null, 'http://127.0.0.1:4020'],
    ['what the setting says', { rootUrl: 'http://127.0.0.1:4020' }, 'https://id.exemplo/', 'https://id.exemplo'],
  ])('is %s', async (_name, links, issuer, expected) => {
    const world = new TestWorld({ links, settings: { btg: { issuer } } });
    expect((await world.consent()).searchParams.get('iss')).toBe(expected);
  });
});
