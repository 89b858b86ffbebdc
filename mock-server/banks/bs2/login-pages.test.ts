import { parse } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Browser, Bs2World, callback } from '../../testing/bs2-world.js';
import { bs2Paths } from './profile.js';

const password = 'senha-de-teste';
let world = new Bs2World();
let browser = new Browser(world);
beforeEach(async () => {
  world = new Bs2World({ randomSeed: 'pages' });
  world.tenant.clock.freeze();
  browser = new Browser(world);
  await browser.open(world.authorizationUrl());
});
afterEach(() => {
  vi.useRealTimers();
});

const logIn = (username = 'correntista'): Promise<void> => browser.submit({ username, password });
const approve = (factor: 'app' | 'sms' = 'sms'): Promise<void> => browser.submit({ decision: 'approve', factor });
const type = (code: string): Promise<void> => browser.submit({ code });
const sms = (username = 'correntista'): string => world.secondFactorOf(username, 'sms');
const wrong = (): string => (sms() === '000000' ? '000001' : '000000');
const left = (): Record<string, string> => Object.fromEntries(browser.left?.searchParams ?? []);
const ended = (): unknown[] => [browser.status, browser.headers.get('x-ca-err'), browser.left];

/** The address of the page, for another step of the same session. */
const pageAt = (path: string): string =>
  `${world.base}${path}?sessionID=${new URL(browser.url).searchParams.get('sessionID') ?? ''}`;

describe('the way through the pages', () => {
  it.each(['app', 'sms'] as const)(
    'leads by password, consent and %s token to the partner, with code and state',
    async (factor) => {
      expect(browser.title).toBe('Acesse sua conta');
      await logIn();
      expect([browser.status, browser.title]).toEqual([200, 'Confirme o consentimento']);
      await approve(factor);
      expect([browser.status, browser.title]).toEqual([200, 'Digite o token']);
      await type(world.secondFactorOf('correntista', factor));
      expect(`${browser.left?.origin ?? ''}${browser.left?.pathname ?? ''}`).toBe(callback);
      expect(Object.keys(left())).toEqual(['code', 'state']);
      expect(left()).toMatchObject({ state: 'synthetic-state' });
      expect((await world.redeem(left()['code'] ?? '')).status).toBe(200);
    },
  );

  it.each(['11144477735', '111.444.777-35', '111 444 777 35'])(
    'takes the CPF %s in place of the username',
    async (cpf) => {
      await browser.submit({ username: cpf, password });
      expect(browser.title).toBe('Confirme o consentimento');
    },
  );

  it('lists the features of the requested scope, and the client by its name', async () => {
    await browser.open(world.authorizationUrl({ scope: 'extrato cob.read' }));
    await logIn();
    const root = parse(browser.html);
    expect(root.querySelectorAll('main li').map((item) => item.text.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'Consultar o extrato da conta extrato',
      'Consultar cobranças cob.read',
    ]);
    expect(root.querySelector('strong')?.text).toBe('Aplicação de Teste');
  });

  it('takes a token with spaces around and between', async () => {
    await logIn();
    await approve();
    await type(` ${sms().slice(0, 3)} ${sms().slice(3)} `);
    expect(left()).toHaveProperty('code');
  });

  it('lets the user take another token instead', async () => {
    await logIn();
    await approve('app');
    await browser.open(pageAt(bs2Paths.consent));
    expect(browser.title).toBe('Confirme o consentimento');
    await approve('sms');
    await type(sms());
    expect(left()).toHaveProperty('code');
  });

  it('sends whoever asks for another page to the one that is due', async () => {
    await browser.open(pageAt(bs2Paths.secondFactor));
    expect(browser.title).toBe('Acesse sua conta');
    await logIn();
    await browser.open(pageAt(bs2Paths.login));
    expect(browser.title).toBe('Confirme o consentimento');
  });

  it('sends nothing of the state through the pages’ addresses', async () => {
    await logIn();
    await approve();
    expect(browser.url).not.toContain('synthetic-state');
  });

  it('asks for the login at each authorization request', async () => {
    await logIn();
    await browser.open(world.authorizationUrl());
    expect(browser.title).toBe('Acesse sua conta');
  });
});

describe('the login', () => {
  it.each([
    ['a wrong password', { username: 'correntista', password: 'wrong' }],
    ['an unknown user', { username: 'ninguem', password }],
    ['a CPF of nobody', { username: '39053344705', password }],
    ['a user of prototypes', { username: '__proto__', password: '' }],
    ['nothing', {}],
  ])('with %s shows the page again, and says not which was wrong', async (_name, fields) => {
    await browser.submit(fields);
    expect([browser.status, browser.title, browser.problem]).toEqual([
      200,
      'Acesse sua conta',
      'Usuário ou senha incorretos.',
    ]);
    expect(browser.headers.get('x-ca-err')).toBe('3001202');
    await logIn();
    expect(browser.title).toBe('Confirme o consentimento');
  });

  it('does not show again what was typed', async () => {
    await browser.submit({ username: 'typed-username', password: 'typed-password' });
    expect(browser.html).not.toMatch(/typed-/);
  });
});

describe('the second factor', () => {
  beforeEach(async () => {
    await logIn();
    await approve();
  });

  it('shows the page again after a wrong token, then goes on with the right one', async () => {
    await type(wrong());
    expect([browser.status, browser.title, browser.problem]).toEqual([200, 'Digite o token', 'Token incorreto.']);
    await type(wrong());
    await type(sms());
    expect(left()).toHaveProperty('code');
  });

  it('ends the consent at the third wrong token', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) await type(wrong());
    expect(left()).toMatchObject({ error: 'access_denied', state: 'synthetic-state' });
    expect(left()).not.toHaveProperty('code');
  });

  it('counts wrong tokens over both kinds', async () => {
    await type(wrong());
    await type('');
    await browser.open(pageAt(bs2Paths.consent));
    await approve('app');
    await type('');
    expect(left()).toMatchObject({ error: 'access_denied' });
  });

  it('says that a token has expired', async () => {
    world.tenant.clock.advance(5 * 60_000);
    await type(sms());
    expect(browser.problem).toBe('Este token expirou.');
  });

  it('says that a token was used before, in another consent of the user', async () => {
    await browser.open(pageAt(bs2Paths.consent));
    await approve('app');
    const code = world.secondFactorOf('correntista', 'app');
    await type(code);
    expect(left()).toHaveProperty('code');
    const again = async (): Promise<void> => {
      await browser.open(world.authorizationUrl());
      await logIn();
      await approve('app');
      await type(code);
    };
    await again();
    expect([browser.left, browser.problem]).toEqual([null, 'Este token já foi usado.']);
    world.tenant.patchSettings({ bs2: { secondFactorReplay: 'accept' } });
    await again();
    expect(left()).toHaveProperty('code');
  });

  it('does not take the SMS of another user', async () => {
    const mine = browser;
    browser = new Browser(world);
    await browser.open(world.authorizationUrl());
    await logIn('outra');
    await approve();
    mine.left = null;
    browser = mine;
    await type(sms('outra'));
    expect(browser.problem).toBe('Token incorreto.');
  });
});

describe('a refusal', () => {
  it('at the consent goes to the partner', async () => {
    await logIn();
    await browser.submit({ decision: 'deny' });
    expect(Object.keys(left())).toEqual(['error', 'error_description', 'state']);
    expect(left()).toMatchObject({ error: 'access_denied', state: 'synthetic-state' });
    expect(`${browser.left?.origin ?? ''}${browser.left?.pathname ?? ''}`).toBe(callback);
  });

  it('at the token goes to the partner, whatever was typed', async () => {
    await logIn();
    await approve();
    await browser.submit({ decision: 'deny', code: sms() });
    expect(left()).toMatchObject({ error: 'access_denied' });
    expect(await world.tenant.store.grants()).toEqual([]);
  });

  it('leaves no state on the redirect where none was sent', async () => {
    await browser.open(world.authorizationUrl({ state: '' }));
    await logIn();
    await browser.submit({ decision: 'deny' });
    expect(Object.keys(left())).toEqual(['error', 'error_description']);
  });

  it.each([
    {},
    { decision: 'approve' },
    { factor: 'sms' },
    { decision: 'APPROVE', factor: 'sms' },
    { decision: 'approve', factor: 'fax' },
    { decision: 'constructor', factor: '__proto__' },
  ])('is not what an incomplete form means: %j', async (fields) => {
    await logIn();
    await browser.submit(fields);
    expect([browser.left, browser.title, browser.problem]).toEqual([
      null,
      'Confirme o consentimento',
      'Escolha uma opção para continuar.',
    ]);
  });
});

describe('a form', () => {
  it('sent twice never gives a second code', async () => {
    await logIn();
    await approve();
    const { action, hidden } = browser.form;
    const fields = { ...hidden, code: sms() };
    await browser.post(action, fields);
    expect(left()).toHaveProperty('code');
    await browser.post(action, fields);
    expect(ended()).toEqual([400, '3002110', null]);
    expect(await world.tenant.store.grants()).toHaveLength(1);
  });

  it('sent many times at once gives one code', async () => {
    await logIn();
    await approve();
    const { action, hidden } = browser.form;
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: browser.cookie },
      body: new URLSearchParams({ ...hidden, code: sms() }).toString(),
    };
    const responses = await Promise.all(Array.from({ length: 20 }, () => world.fetch(action, init)));
    expect(responses.filter((response) => response.headers.get('location')?.includes('code=') === true)).toHaveLength(
      1,
    );
    expect(await world.tenant.store.grants()).toHaveLength(1);
  });

  it.each([
    ['no cookie', (cookie: string) => ({ cookie: cookie.replace(/=.*/, '=') }), {}],
    ['a foreign cookie', (cookie: string) => ({ cookie: cookie.replace(/=.*/, `=${'A'.repeat(22)}`) }), {}],
    ['no hidden field', (cookie: string) => ({ cookie }), { csrf: '' }],
    ['a foreign hidden field', (cookie: string) => ({ cookie }), { csrf: 'A'.repeat(43) }],
    ['another content type', (cookie: string) => ({ cookie, 'content-type': 'text/plain' }), {}],
  ])('with %s is nobody’s form, and changes nothing', async (_name, headers, fields) => {
    const { action, hidden } = browser.form;
    const response = await world.fetch(action, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers(browser.cookie) },
      body: new URLSearchParams({ ...hidden, username: 'correntista', password, ...fields }).toString(),
    });
    expect([response.status, response.headers.get('x-ca-err'), response.headers.get('location')]).toEqual([
      400,
      '3001103',
      null,
    ]);
    await browser.open(pageAt(bs2Paths.consent));
    expect(browser.title).toBe('Acesse sua conta');
  });

  it('of one session is not taken for another session of the same browser', async () => {
    const first = browser.form.hidden;
    await browser.open(world.authorizationUrl());
    await browser.submit({ ...first, username: 'correntista', password });
    expect(ended()).toEqual([400, '3001103', null]);
  });

  it('with a repeated or unreadable field is refused', async () => {
    const { action, hidden } = browser.form;
    for (const appended of ['&username=a&username=b', '&username=%zz', '&username=%00']) {
      const response = await world.fetch(action, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: browser.cookie },
        body: `csrf=${hidden['csrf'] ?? ''}&password=x${appended}`,
      });
      expect([response.status, response.headers.get('x-ca-err')]).toEqual([400, '3001103']);
    }
  });
});

describe('a session', () => {
  it.each([
    [599_999, 200, null],
    [600_000, 400, '3002110'],
  ])('after %i ms answers %i', async (age, status, errorCode) => {
    world.tenant.clock.advance(age);
    await browser.open(browser.url);
    expect(ended()).toEqual([status, errorCode, null]);
  });

  it('ends in the midst too, without a code', async () => {
    await logIn();
    await approve();
    const code = sms();
    world.tenant.clock.advance(600_000);
    await type(code);
    expect(ended()).toEqual([400, '3002110', null]);
    expect(await world.tenant.store.grants()).toEqual([]);
  });

  it.each(['', 'sessionID=', 'sessionID=unknown', 'sessionID=__proto__', 'sessionID=%00'])(
    'with the query %j is unknown',
    async (query) => {
      await browser.open(`${world.base}${bs2Paths.login}?${query}`);
      expect(ended()).toEqual([400, '3001110', null]);
    },
  );

  it('of another tenant is unknown', async () => {
    world.registry.create({ id: 'other' });
    await browser.open(browser.url.replace('/bs2/', '/t/other/bs2/'));
    expect(ended()).toEqual([400, '3001110', null]);
  });

  it('is over after a decision', async () => {
    await logIn();
    const { action, hidden } = browser.form;
    await browser.submit({ decision: 'deny' });
    await browser.post(action, { ...hidden, decision: 'approve', factor: 'sms' });
    expect(ended()).toEqual([400, '3002110', null]);
  });
});

describe('magic users', () => {
  it('bloqueado is told at the login', async () => {
    await logIn('bloqueado');
    expect(ended()).toEqual([403, '3001202', null]);
    expect(browser.html).toContain('bloqueado');
  });

  it('recusa denies after the login', async () => {
    await logIn('recusa');
    expect(left()).toMatchObject({ error: 'access_denied', state: 'synthetic-state' });
  });

  it.each([
    ['codigo-errado', 'Token incorreto.'],
    ['codigo-expirado', 'Este token expirou.'],
  ])('%s is told so for the right token, three times', async (username, problem) => {
    await logIn(username);
    await approve();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await type(sms(username));
      expect([browser.left, browser.problem]).toEqual([null, problem]);
    }
    await type(sms(username));
    expect(left()).toMatchObject({ error: 'access_denied' });
  });

  it('lento is kept waiting, others are not', async () => {
    vi.useFakeTimers();
    let done = false;
    const slow = logIn('lento').then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    await slow;
    expect(browser.title).toBe('Confirme o consentimento');
  });

  it('outra-empresa consents for another company', async () => {
    const grant = await world.grant({ username: 'outra-empresa' });
    expect(await (await world.balance(grant.accessToken)).json()).toEqual({ valor: 10, valorBloqueado: 0 });
  });

  it('are explained on the login page', () => {
    for (const username of [
      'bloqueado',
      'codigo-expirado',
      'codigo-errado',
      'recusa',
      'lento',
      'desenvolvedor',
      'outra-empresa',
    ]) {
      expect(browser.html).toContain(`<code>${username}</code>`);
    }
  });

  it('without a company has no account', async () => {
    world.tenant.users.put({ ...world.user('correntista'), companies: [] });
    await logIn();
    expect(ended()).toEqual([403, '3002124', null]);
  });
});

/** Each page of the way, with its headers. */
async function everyPage(): Promise<{ html: string; headers: Headers }[]> {
  const pages: { html: string; headers: Headers }[] = [];
  const keep = (): void => void pages.push({ html: browser.html, headers: browser.headers });
  keep();
  await browser.submit({ username: 'x', password: 'x' });
  keep();
  await logIn();
  keep();
  await browser.submit({});
  keep();
  await approve();
  keep();
  await type(wrong());
  keep();
  await browser.open(`${world.base}${bs2Paths.login}?sessionID=unknown`);
  keep();
  return pages;
}

describe('every page', () => {
  it('is neither framed, scripted, cached nor told to others', async () => {
    const pages = await everyPage();
    expect(pages).toHaveLength(7);
    for (const { headers } of pages) {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).not.toMatch(/unsafe|form-action|script-src/);
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'content-type': 'text/html; charset=UTF-8',
      });
    }
  });

  it('works without script: at most one form, by POST, with its fields labelled', async () => {
    for (const { html } of await everyPage()) {
      const root = parse(html);
      expect(root.querySelectorAll('script, iframe, object, embed, link, img, base')).toEqual([]);
      expect(
        root
          .querySelectorAll('*')
          .filter((element) => Object.keys(element.attributes).some((name) => /^on|^style$/i.test(name))),
      ).toEqual([]);
      for (const form of root.querySelectorAll('form')) expect(form.getAttribute('method')).toBe('post');
      expect(root.querySelectorAll('form').length).toBeLessThanOrEqual(1);
      for (const field of root.querySelectorAll('input[type=text], input[type=password]')) {
        expect(root.querySelectorAll(`label[for=${field.id}]`)).toHaveLength(1);
      }
      expect(root.querySelectorAll('h1')).toHaveLength(1);
      expect(root.querySelector('html')?.getAttribute('lang')).toBe('pt-BR');
    }
  });

  it('says that this is not the bank', async () => {
    for (const { html } of await everyPage()) expect(html).toContain('Não é o banco');
  });

  it('is to be had in English too, by a link', async () => {
    const link = parse(browser.html).querySelector('a[hreflang=en]')?.getAttribute('href') ?? '';
    await browser.open(new URL(link, browser.url).href);
    expect(browser.title).toBe('Log in to your account');
    await browser.submit({ username: 'x', password: 'x' });
    expect([browser.title, browser.problem]).toEqual(['Log in to your account', 'Wrong username or password.']);
  });

  it('shows nothing as markup that came from outside', async () => {
    const hostile = '"><img src=x onerror=alert(1)>\'';
    world.tenant.clients.put({ ...world.client, name: hostile, registeredScope: ['saldo', '<b>x</b>', "x'onload='"] });
    await browser.open(world.authorizationUrl({ state: hostile, scope: "saldo <b>x</b> x'onload='" }));
    await browser.submit({ username: hostile, password: hostile });
    expect(browser.html).not.toContain('<img');
    await logIn();
    const root = parse(browser.html);
    expect(root.querySelector('strong')?.text).toBe(hostile);
    expect(root.querySelectorAll('main li code').map((scope) => scope.text)).toEqual([
      'saldo',
      '<b>x</b>',
      "x'onload='",
    ]);
    expect(root.querySelectorAll('img, b, [onload], [onerror]')).toEqual([]);
  });

  it('sets its cookie for the bank’s own path, out of reach of scripts', async () => {
    const response = await world.fetch(browser.url);
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(response.headers.get('set-cookie')).toMatch(
      /^homologa_bs2=[A-Za-z0-9_-]{22}; Path=\/bs2\/; HttpOnly; SameSite=Lax$/,
    );
    const again = await world.fetch(browser.url, { headers: { cookie: `x=y; ${browser.cookie}` } });
    expect(again.headers.get('set-cookie')).toBe(null);
  });
});
