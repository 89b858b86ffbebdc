import { describe, expect, it } from 'vitest';
import { createHttpUserAgent, type Navigation, type Page } from './http-user-agent.js';

interface Seen {
  method: string;
  url: string;
  headers: Headers;
  body: string;
}
type Answer = { status?: number; headers?: [string, string][]; body?: string };

/** A synthetic web: answers by "METHOD origin/path", and a record of what was asked. */
function web(pages: Record<string, Answer>) {
  const seen: Seen[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    seen.push({ method: request.method, url: request.url, headers: request.headers, body: await request.text() });
    const answer = pages[`${request.method} ${url.origin}${url.pathname}`] ?? { status: 404, body: 'synthetic 404' };
    return new Response(answer.body ?? '', { status: answer.status ?? 200, headers: answer.headers ?? [] });
  };
  return { fetch, seen, last: () => seen.at(-1) ?? { method: '', url: '', headers: new Headers(), body: '' } };
}

function pageOf(navigation: Navigation): Page {
  if (navigation.kind === 'stopped') throw new Error(`stopped at ${navigation.redirectTo}`);
  return navigation.page;
}

function firstForm(page: Page) {
  const [form] = page.forms;
  if (form === undefined) throw new Error('no form');
  return form;
}

const formPage = `<!doctype html><title>Entrar &amp; autorizar</title><body><script>ignored()</script>
<div role=alert>Senha incorreta</div>
<form method=post action="next?step=2">
 <input type=hidden name=csrf value="a&quot;b&amp;c"><input type=hidden value=nameless>
 <label for=u>Usuário</label><input id=u name=username autocomplete=username>
 <input type=checkbox name=keep><input type=checkbox name=scope value=a checked><input type=checkbox name=scope value=b>
 <input type=radio name=factor value=app><input type=radio name=factor value=sms checked>
 <select name=company><option value=1>Um<option value=2 selected>Dois</select>
 <textarea name=note>line</textarea><input name=off value=1 disabled>
 <button name=decision value=approve>Autorizar</button><button name=decision value=deny>Negar</button>
</form><button form=other>x</button></body>`;

describe('createHttpUserAgent', () => {
  it('shows a page: title, text, alert, forms', async () => {
    const { fetch } = web({ 'GET http://bank.test/login': { body: formPage } });
    const page = pageOf(await createHttpUserAgent({ fetch }).open('http://bank.test/login'));
    expect(page).toMatchObject({ status: 200, title: 'Entrar & autorizar', alert: 'Senha incorreta' });
    expect(page.text).not.toContain('ignored');
    const form = firstForm(page);
    expect(form).toMatchObject({ action: 'http://bank.test/next?step=2', method: 'POST' });
    expect(form.fields.find((field) => field.name === 'username')).toMatchObject({ label: 'Usuário' });
    expect(form.buttons.map((button) => button.label)).toEqual(['Autorizar', 'Negar']);
  });

  it('sends what a browser would send', async () => {
    const site = web({ 'GET http://bank.test/login': { body: formPage }, 'POST http://bank.test/next': {} });
    const user = createHttpUserAgent({ fetch: site.fetch });
    const form = firstForm(pageOf(await user.open('http://bank.test/login')));
    await user.submit(form, { username: 'a b', factor: 'app', scope: ['b'] }, form.buttons[1]);
    expect(site.last().body).toBe('csrf=a%22b%26c&username=a+b&scope=b&factor=app&company=2&note=line&decision=deny');
    expect(site.last().headers.get('origin')).toBe('http://bank.test');
    expect(site.last().headers.get('referer')).toBe('http://bank.test/login');
    await user.submit(form);
    expect(site.last().body).toContain('decision=approve');
    await user.submit(form, {}, null);
    expect(site.last().body).not.toContain('decision');
  });

  it('sends Origin: null from a page that forbids referrers', async () => {
    const site = web({
      'GET http://bank.test/login': { body: formPage, headers: [['referrer-policy', 'no-referrer']] },
      'POST http://bank.test/next': {},
    });
    const user = createHttpUserAgent({ fetch: site.fetch });
    await user.submit(firstForm(pageOf(await user.open('http://bank.test/login'))));
    expect(site.last().headers.get('origin')).toBe('null');
    expect(site.last().headers.has('referer')).toBe(false);
  });

  it('puts a GET form into the query', async () => {
    const site = web({
      'GET http://app.test/': { body: '<form action="/find?old=1"><input name=q value=1><button>Go</button></form>' },
    });
    const user = createHttpUserAgent({ fetch: site.fetch });
    await user.submit(firstForm(pageOf(await user.open('http://app.test/'))));
    expect(site.last().url).toBe('http://app.test/find?q=1');
  });

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'a=1'],
    [308, 'POST', 'a=1'],
  ])('a %i after a POST goes on with %s', async (status, method, body) => {
    const site = web({
      'GET http://app.test/': { body: '<form method=post action="/do"><input name=a value=1></form>' },
      'POST http://app.test/do': { status, headers: [['location', '/done']] },
    });
    const user = createHttpUserAgent({ fetch: site.fetch });
    await user.submit(firstForm(pageOf(await user.open('http://app.test/'))));
    expect(site.last()).toMatchObject({ method, body, url: 'http://app.test/done' });
  });

  it('stops at the redirect URI instead of going there', async () => {
    const site = web({
      'GET http://bank.test/a': { status: 302, headers: [['location', '/b']] },
      'GET http://bank.test/b': {
        status: 302,
        headers: [['location', 'http://localhost:3000/callback?code=c&state=s']],
      },
    });
    const user = createHttpUserAgent({ fetch: site.fetch, stopAt: ['http://localhost:3000/callback'] });
    expect(await user.open('http://bank.test/a')).toEqual({
      kind: 'stopped',
      redirectTo: 'http://localhost:3000/callback?code=c&state=s',
    });
    expect(site.seen).toHaveLength(2);
    expect((await user.open('http://bank.test/a', { stopAt: ['http://localhost:3001/callback'] })).kind).toBe('page');
  });

  it('stops at a custom scheme that it was told of, and refuses others', async () => {
    const site = web({
      'GET http://bank.test/a': { status: 302, headers: [['location', 'com.example.app:/cb?code=c']] },
    });
    const user = createHttpUserAgent({ fetch: site.fetch });
    expect(await user.open('http://bank.test/a', { stopAt: ['com.example.app:/cb'] })).toMatchObject({
      kind: 'stopped',
    });
    await expect(user.open('http://bank.test/a')).rejects.toMatchObject({ code: 'ERR_ADDRESS_NOT_HTTP' });
  });

  it('sends no name and password of an address, as a browser that was not challenged', async () => {
    const site = web({
      'GET http://bank.test/login': { status: 302, headers: [['location', 'http://a:b@bank.test/in']] },
    });
    await createHttpUserAgent({ fetch: site.fetch }).open('http://cliente:segredo@bank.test/login');
    expect(site.seen.map(({ url }) => url)).toEqual(['http://bank.test/login', 'http://bank.test/in']);
    expect(site.seen.some(({ headers }) => headers.has('authorization'))).toBe(false);
  });

  it('does not turn in circles', async () => {
    const site = web({ 'GET http://bank.test/a': { status: 302, headers: [['location', '/a']] } });
    await expect(
      createHttpUserAgent({ fetch: site.fetch, maxRedirects: 3 }).open('http://bank.test/a'),
    ).rejects.toMatchObject({
      code: 'ERR_TOO_MANY_REDIRECTS',
    });
    expect(site.seen).toHaveLength(4);
  });

  it('keeps cookies by path and blind to ports', async () => {
    const cookies: [string, string][] = [
      ['set-cookie', 'session=1; Path=/bs2; HttpOnly'],
      ['set-cookie', 'wide=2; Path=/'],
    ];
    const site = web({ 'GET http://localhost:4010/bs2/login': { headers: cookies } });
    const user = createHttpUserAgent({ fetch: site.fetch });
    await user.open('http://localhost:4010/bs2/login');
    const cookieAt = async (url: string) => {
      await user.open(url);
      return site.last().headers.get('cookie');
    };
    expect(await cookieAt('http://localhost:4010/bs2/consent')).toBe('session=1; wide=2');
    expect(await cookieAt('http://localhost:3000/other')).toBe('wide=2');
    expect(await cookieAt('http://127.0.0.1:4010/bs2/consent')).toBeNull();
    expect(await user.cookies.namesFor(new URL('http://localhost:1/bs2'))).toEqual(['session', 'wide']);
  });

  it('does not bring a Strict session to a callback that comes from another site', async () => {
    const callback = 'http://127.0.0.1:3000/callback';
    const strictLaxNone: [string, string][] = [
      ['set-cookie', 'strict=1; SameSite=Strict'],
      ['set-cookie', 'lax=1; SameSite=Lax'],
      ['location', 'http://localhost:4010/login'],
    ];
    const site = web({
      'GET http://127.0.0.1:3000/connect': { status: 302, headers: strictLaxNone },
      'GET http://localhost:4010/login': { body: '<form method=post action="/login"><button>Entrar</button></form>' },
      'POST http://localhost:4010/login': { status: 302, headers: [['location', callback]] },
    });
    const user = createHttpUserAgent({ fetch: site.fetch });
    const login = pageOf(await user.open('http://127.0.0.1:3000/connect'));
    await user.submit(firstForm(login));
    expect(site.last()).toMatchObject({ url: callback });
    expect(site.last().headers.get('cookie')).toBe('lax=1');
    expect(site.last().headers.get('sec-fetch-site')).toBe('cross-site');
    await user.open(callback);
    expect(site.last().headers.get('cookie')).toBe('strict=1; lax=1');
  });
});
