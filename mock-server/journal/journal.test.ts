import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bs2Paths } from '../banks/bs2/profile.js';
import type { Answer } from '../banks/exchange.js';
import { basicOf, Browser, Bs2World } from '../testing/bs2-world.js';
import { recordedExchange } from '../testing/recorded-exchange.js';
import { toHar } from './har.js';
import { Journal } from './journal.js';
import type { JournalEntry, RecordedExchange } from './journal.js';

const form = 'application/x-www-form-urlencoded';
const answerOf = (type: string, body: string, headers: readonly (readonly [string, string])[] = []): Answer => ({
  status: 200,
  headers: [...headers, ['content-type', type]],
  body,
});
const entriesOf = (...exchanges: RecordedExchange[]): JournalEntry[] => {
  const journal = new Journal(100);
  for (const exchange of exchanges) journal.record(exchange);
  return journal.entries();
};
const formEncode = (value: string): string => new URLSearchParams([['', value]]).toString().slice(1);
const escapeHtml = (value: string): string =>
  value
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** Every way in which a secret could be read out of a text. */
function guises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encodeURIComponent(secret),
    formEncode(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    json,
    escapeHtml(secret),
  ];
}
function expectHidden(text: string, ...secrets: readonly string[]): void {
  for (const secret of secrets) {
    for (const guise of guises(secret)) expect(text.includes(guise)).toBe(false);
  }
}

const secretText = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019-._~+/=%& "\'<>é\\;?#:,{}[]'), minLength: 12, maxLength: 40 })
  .filter((text) => /[a-zA-Z0-9]{3}/.test(text));
const secretName = fc.constantFrom(
  'code',
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'client_secret',
  'client_assertion',
  'code_verifier',
  'password',
  'sessionID',
  'csrf',
  'cpf',
  'Refresh_Token',
  'code[]',
  'code[0]',
);
const slots: Readonly<Record<string, (name: string, secret: string) => Partial<RecordedExchange>>> = {
  query: (name, secret) => ({
    url: `http://127.0.0.1:4010/bs2/x?a=1&${encodeURIComponent(name)}=${encodeURIComponent(secret)}&b=2`,
  }),
  fragment: (name, secret) => ({ url: `http://127.0.0.1:4010/bs2/x#${name}=${formEncode(secret)}` }),
  'address within the query': (name, secret) => ({
    url: `http://127.0.0.1:4010/bs2/x?redirect_uri=${encodeURIComponent(`https://partner.example/cb?${name}=${encodeURIComponent(secret)}`)}`,
  }),
  'path within the query': (name, secret) => ({
    url: `http://127.0.0.1:4010/bs2/x?next=${encodeURIComponent(`/cb?${name}=${formEncode(secret)}`)}`,
  }),
  form: (name, secret) => ({
    requestHeaders: new Headers({ 'content-type': form }),
    requestBody: `a=1&${formEncode(name)}=${formEncode(secret)}`,
  }),
  'form with another type': (name, secret) => ({
    requestHeaders: new Headers({ 'content-type': 'application/json' }),
    requestBody: `a=1&${name}=${formEncode(secret)}`,
  }),
  'form without a type': (name, secret) => ({ requestBody: `${name}=${formEncode(secret)}` }),
  'JSON where a form is due': (name, secret) => ({
    requestHeaders: new Headers({ 'content-type': form }),
    requestBody: JSON.stringify({ a: 1, [name]: secret }),
  }),
  'JSON in a list': (name, secret) => ({
    requestHeaders: new Headers({ 'content-type': 'application/json' }),
    requestBody: JSON.stringify([{ [name]: secret }, { b: { [name]: secret } }]),
  }),
  'multipart form': (name, secret) => ({
    requestHeaders: new Headers({ 'content-type': 'multipart/form-data; boundary=x' }),
    requestBody: `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${secret}\r\n--x--\r\n`,
  }),
  'multipart form, unquoted': (_name, secret) => ({
    requestHeaders: new Headers({ 'content-type': 'multipart/form-data; boundary=x' }),
    requestBody: `--x\nContent-Disposition: form-data; name=code\nContent-Type: text/plain\n\n${secret}\n--x--\n`,
  }),
  'token answer': (name, secret) => ({
    answer: answerOf(
      'application/json;charset=UTF-8',
      `{\r\n  "${name}":${JSON.stringify(secret)},\r\n  "token_type":"Bearer"\r\n}`,
    ),
  }),
  'token answer that is cut off': (name, secret) => ({
    answer: answerOf('application/json', `{"a":1,"${name}":${JSON.stringify(secret).slice(0, -1)}`),
  }),
  Location: (name, secret) => ({
    answer: {
      status: 302,
      headers: [['location', `https://partner.example/cb?${name}=${encodeURIComponent(secret)}&state=s`]],
      body: '',
    },
  }),
  Referer: (name, secret) => ({
    requestHeaders: new Headers({ referer: `https://partner.example/cb?${name}=${encodeURIComponent(secret)}` }),
  }),
  'hidden field': (_name, secret) => ({
    answer: answerOf(
      'text/html; charset=UTF-8',
      `<form><input type="hidden" name="csrf" value="${escapeHtml(secret)}"></form>`,
    ),
  }),
  'address in a page': (name, secret) => ({
    answer: answerOf(
      'text/html',
      `<form action="http://127.0.0.1/x?a=1&amp;${name}=${escapeHtml(encodeURIComponent(secret))}"></form><a href="?${name}=${encodeURIComponent(secret)}">x</a>`,
    ),
  }),
};
const header = (name: string, value: string): Partial<RecordedExchange> => ({
  requestHeaders: new Headers([[name, value]]),
});
const asciiSecret = fc.string({ unit: fc.constantFrom(...'abcXYZ019-._~+/'), minLength: 12, maxLength: 40 });

describe('a secret never shows, in no guise', () => {
  it.each(Object.entries(slots))('planted as %s', (_slot, plant) => {
    fc.assert(
      fc.property(secretName, secretText, (name, secret) => {
        const [entry] = entriesOf(recordedExchange(plant(name, secret)));
        const text = JSON.stringify(entry);
        for (const guise of guises(secret)) expect(text.includes(guise)).toBe(false);
        expect(text).toMatch(/«|%C2%AB/);
      }),
    );
  });

  it('planted in a header', () => {
    fc.assert(
      fc.property(asciiSecret, (secret) => {
        const exchanges = [
          header('authorization', basicOf({ id: 'l7client', secret })),
          header('authorization', `Bearer ${secret}`),
          header('authorization', `bearer   ${secret}`),
          header('authorization', `Token ${secret}`),
          header('authorization', secret),
          header('proxy-authorization', `Basic ${secret}`),
          header('x-api-key', secret),
          header('client_secret', secret),
          header('X-Access-Token', secret),
          header('cookie', `homologa_bs2=${secret}; other="${secret}"`),
          header('cookie', secret),
          header('cookie', `path=${secret}`),
          {
            answer: {
              status: 200,
              headers: [['set-cookie', `homologa_bs2=${secret}; Path=/; HttpOnly`]],
              body: '',
            } as const,
          },
        ];
        const entries = entriesOf(...exchanges.map((changes) => recordedExchange(changes)));
        expect(entries).toHaveLength(exchanges.length);
        for (const entry of entries) {
          expectHidden(JSON.stringify(entry), secret, basicOf({ id: 'l7client', secret }).slice(6));
          expect(JSON.stringify(entry)).toContain('«');
        }
      }),
    );
  });

  it('as a JWT, wherever it stands', () => {
    const jwt = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"synthetic"}').toString('base64url')}.c3ludGhldGljLXNpZ25hdHVyZQ`;
    const entries = entriesOf(
      recordedExchange({ requestBody: `some text ${jwt} and more` }),
      recordedExchange({ url: `http://127.0.0.1:4010/bs2/x?other=${jwt}` }),
      recordedExchange(header('x-other', jwt)),
      recordedExchange({ answer: answerOf('application/json', JSON.stringify({ other: jwt })) }),
      recordedExchange({ answer: answerOf('text/html', `<p>${jwt}</p>`) }),
    );
    for (const entry of entries) {
      expect(JSON.stringify(entry)).toContain('«jwt#1»');
      expectHidden(JSON.stringify(entry), jwt, 'c3ludGhldGljLXNpZ25hdHVyZQ');
    }
  });

  it('as a number or a list, which no client should send', () => {
    const entries = entriesOf(
      recordedExchange({
        requestHeaders: new Headers({ 'content-type': 'application/json' }),
        requestBody: '{"code":987654321,"password":["synthetic-secret",1]}',
      }),
    );
    expect(entries[0]?.request.body).toBe('{"code":"«code#1»","password":"«password#1»"}');
  });

  it('across the place where a long body is cut', () => {
    const secret = 'synthetic-secret-value';
    for (let before = 16_384 - 60; before < 16_384 + 10; before += 1) {
      const padding = 'x'.repeat(before);
      const [json, encoded, page] = entriesOf(
        recordedExchange({ answer: answerOf('application/json', `{"a":"${padding}","code":"${secret}"}`) }),
        recordedExchange({
          requestHeaders: new Headers({ 'content-type': form }),
          requestBody: `a=${padding}&code=${secret}`,
        }),
        recordedExchange({
          answer: answerOf('text/html', `${padding}<input type="hidden" name="csrf" value="${secret}">`),
        }),
      );
      for (const entry of [json, encoded, page]) expect(JSON.stringify(entry)).not.toContain('synthetic-se');
      expect(json?.response.body.length).toBeLessThanOrEqual(16_384);
    }
  });

  it('in a whole consent, exchange, replay, refresh and call, in entries and archive', async () => {
    const world = new Bs2World({ randomSeed: 'journal' });
    const browser = new Browser(world);
    const user = world.user('correntista');
    await browser.open(world.authorizationUrl());
    const session = new URL(browser.url).searchParams.get('sessionID') ?? '';
    const { csrf = '' } = browser.form.hidden;
    await browser.submit({ username: user.username, password: 'synthetic-wrong-password' });
    await browser.submit({ username: user.username, password: user.password });
    await browser.submit({ decision: 'approve', factor: 'sms' });
    const sms = world.secondFactorOf(user.username, 'sms');
    await browser.submit({ code: sms });
    const code = browser.left?.searchParams.get('code') ?? '';
    const first = await world.redeem(code);
    await world.statusOf(first.accessToken);
    world.tenant.faults.add({ at: 'bs2.token', times: 1, effect: { truncate: true } });
    await world.refresh(first.refreshToken);
    const second = await world.grant();
    await world.token(
      {
        grant_type: 'refresh_token',
        scope: 'saldo',
        refresh_token: second.refreshToken,
        client_id: world.client.id,
        client_secret: world.client.secret ?? '',
      },
      { authorization: null },
    );
    await world.redeem(code);
    const { username, password } = user;
    await world.token({ grant_type: 'password', scope: 'saldo', username, password });
    const live = (await world.tenant.store.grants()).flatMap(({ accessTokens, refreshTokens }) => [
      ...accessTokens,
      ...refreshTokens,
    ]);
    const cookie = browser.cookie.slice(browser.cookie.indexOf('=') + 1);
    const secrets = [
      session,
      csrf,
      password,
      'synthetic-wrong-password',
      sms,
      code,
      cookie,
      world.client.secret ?? '',
      basicOf(world.client).slice(6),
      first.accessToken,
      first.refreshToken,
      second.accessToken,
      second.refreshToken,
      ...live,
    ];
    expect(secrets.length).toBeGreaterThan(14);
    expect(secrets.every((secret) => secret.length > 5)).toBe(true);
    const entries = world.tenant.journal.entries();
    expect(entries.length).toBeGreaterThan(15);
    expectHidden(JSON.stringify(entries), ...secrets);
    expectHidden(JSON.stringify(toHar(entries, '0.0.0')), ...secrets);
    // Half of a token is as good as a hint: what a truncated answer shows of it is hidden as well.
    for (const token of [...live, first.refreshToken])
      expect(JSON.stringify(entries)).not.toContain(token.slice(0, 12));
  });
});

describe('tags', () => {
  it('are equal for equal values wherever these stand, and different for different ones', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          secretText.filter((text) => !/^\s|\s$/.test(text)),
          { minLength: 2, maxLength: 5 },
        ),
        (secrets) => {
          const encoded = (secret: string): string => encodeURIComponent(secret);
          const journal = new Journal(100);
          for (const secret of secrets) {
            journal.record(recordedExchange({ url: `http://127.0.0.1/bs2/x?code=${encoded(secret)}` }));
            journal.record(
              recordedExchange({
                requestHeaders: new Headers({ 'content-type': form }),
                requestBody: `code=${formEncode(secret)}`,
              }),
            );
            journal.record(
              recordedExchange({ answer: answerOf('application/json', JSON.stringify({ code: secret })) }),
            );
            journal.record(
              recordedExchange({
                answer: {
                  status: 302,
                  headers: [['location', `https://a.example/?code=${encoded(secret)}`]],
                  body: '',
                },
              }),
            );
          }
          const tags = journal.entries().map((entry) => /«[a-z_]+#\d+»/.exec(JSON.stringify(entry))?.[0]);
          expect(tags).toEqual(secrets.flatMap((_, index) => Array<string>(4).fill(`«code#${String(index + 1)}»`)));
          expect(journal.entries()).toEqual(journal.entries());
        },
      ),
    );
  });

  it('follow a token from its issue to its use and its replay', async () => {
    const world = new Bs2World();
    const { refreshToken } = await world.grant();
    await world.refresh(refreshToken);
    await world.refresh(refreshToken);
    const entries = world.tenant.journal.entries().slice(-3);
    const tags = entries.map(
      ({ request, response }) =>
        /refresh_token"?[:=]"?(«refresh_token#\d+»)/.exec(`${request.body}${response.body}`)?.[1],
    );
    expect(tags).toEqual(Array(3).fill(tags[0]));
    expect(tags[0]).toMatch(/^«refresh_token#\d+»$/);
  });

  it('leave everything else as it was', async () => {
    const world = new Bs2World();
    await world.clientCredentials();
    const [entry] = world.tenant.journal.entries();
    expect(entry).toMatchObject({
      id: 1,
      bank: 'bs2',
      endpoint: 'token',
      clientId: world.client.id,
      clientIdentification: 'basic',
      grantType: 'client_credentials',
      username: null,
      outcome: 'tokens',
      faults: [],
      request: {
        method: 'POST',
        url: `${world.base}${bs2Paths.token}`,
        body: 'grant_type=client_credentials&scope=saldo',
      },
      response: {
        status: 200,
        body: '{\r\n  "access_token":"«access_token#1»",\r\n  "token_type":"Bearer",\r\n  "expires_in":420,\r\n  "scope":"saldo"\r\n}',
      },
    });
    expect(entry?.request.headers).toContainEqual({ name: 'authorization', value: 'Basic «credentials#1»' });
    const state = 'https://a.example/?x=1 & é';
    const { requestBody, url } = recordedExchange({
      url: `http://127.0.0.1/bs2/x?state=${encodeURIComponent(state)}&scope=a+b`,
      requestBody: 'plain text: code',
    });
    expect(entriesOf(recordedExchange({ url, requestBody }))[0]?.request).toMatchObject({
      url,
      body: 'plain text: code',
    });
  });
});

describe('the ring', () => {
  it('keeps the newest entries, with ids that go on', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(120), (size, count) => {
        const journal = new Journal(size);
        for (let made = 0; made < count; made += 1) journal.record(recordedExchange());
        const ids = journal.entries().map(({ id }) => id);
        expect(ids).toEqual(
          Array.from({ length: Math.min(size, count) }, (_, index) => count - Math.min(size, count) + index + 1),
        );
      }),
    );
  });

  it('follows the setting, forgets when cleared, and does not count again', () => {
    const journal = new Journal(10);
    for (let made = 0; made < 10; made += 1) journal.record(recordedExchange());
    journal.resize(3);
    expect(journal.entries().map(({ id }) => id)).toEqual([8, 9, 10]);
    journal.clear();
    journal.record(recordedExchange());
    expect(journal.entries().map(({ id }) => id)).toEqual([11]);
  });

  it('holds as many as the tenant’s setting says', async () => {
    const world = new Bs2World({ settings: { journalSize: 4 } });
    for (let made = 0; made < 30; made += 1) await world.clientCredentials();
    expect(world.tenant.journal.entries().map(({ id }) => id)).toEqual([27, 28, 29, 30]);
    world.tenant.patchSettings({ journalSize: 2 });
    expect(world.tenant.journal.entries()).toHaveLength(2);
  });

  it('shows the tenant’s time', async () => {
    const world = new Bs2World();
    world.tenant.clock.freeze();
    world.tenant.clock.set(Date.UTC(2199, 0, 2, 3, 4, 5, 678));
    await world.clientCredentials();
    expect(world.tenant.journal.entries()[0]).toMatchObject({ at: '2199-01-02T03:04:05.678Z', durationMs: 0 });
  });
});

describe('the archive', () => {
  it('has the shape of HAR 1.2', async () => {
    const world = new Bs2World();
    await world.clientCredentials();
    await world.fetch(world.authorizationUrl({ scope: 'tudo' }));
    const entries = world.tenant.journal.entries();
    const har = toHar(entries, '1.2.3');
    expect(har.log).toMatchObject({ version: '1.2', creator: { name: 'homologa', version: '1.2.3' } });
    expect(har.log.entries).toHaveLength(2);
    expect(har.log.entries[0]).toMatchObject({
      startedDateTime: entries[0]?.at,
      request: {
        method: 'POST',
        httpVersion: 'HTTP/1.1',
        cookies: [],
        queryString: [],
        headersSize: -1,
        postData: { mimeType: form, text: 'grant_type=client_credentials&scope=saldo' },
      },
      response: { status: 200, content: { mimeType: 'application/json;charset=UTF-8' }, redirectURL: '' },
      cache: {},
      timings: { send: 0, receive: 0 },
    });
    expect(har.log.entries[1]).toMatchObject({
      request: { method: 'GET', bodySize: 0 },
      response: {
        status: 302,
        redirectURL: entries[1]?.response.headers.find(({ name }) => name === 'location')?.value,
      },
    });
    expect(JSON.stringify(har.log.entries[1])).toContain('"queryString":[{"name":"response_type","value":"code"},');
    expect(JSON.stringify(har.log.entries[1])).toContain(
      '"redirectURL":"http://localhost:3000/callback?error=invalid_scope&',
    );
    expect(har.log.entries[1]).not.toHaveProperty('request.postData');
  });
});

describe('hostile entries', () => {
  it('are read in no time, whatever they are made to look like', () => {
    const size = 65_000;
    const fill = (piece: string): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
    const bodies: [string, string][] = [
      ['text/html', fill('<input type="hidden" ')],
      ['text/html', `<input ${fill('type="hidden" ')}`],
      ['text/html', fill('href="?')],
      ['application/json', fill('"')],
      ['application/json', fill('"a":')],
      ['application/json', fill('"code":[')],
      ['application/json', `{"a"${fill(' ')}`],
      ['application/json', fill('"\\')],
      ['text/plain', fill('-eyJaaaaa')],
      ['text/plain', fill('eyJaaaaa.eyJ')],
      ['multipart/form-data', fill('name="code"\r\nx\r\n')],
      ['multipart/form-data', fill('name=')],
      ['multipart/form-data', fill('name="a"')],
      ['multipart/form-data', fill('name=a;')],
      [form, fill('&=')],
      [form, fill('a=?')],
      [form, fill('[')],
    ];
    for (const [type, body] of bodies) {
      const started = performance.now();
      const entries = entriesOf(
        recordedExchange({
          requestHeaders: new Headers({ 'content-type': type }),
          requestBody: body,
          answer: answerOf(type, body),
        }),
      );
      expect(entries).toHaveLength(1);
      // A generous bound for a busy machine: each takes less than 200 ms, and seconds where a pattern backtracks.
      expect([type, body.slice(0, 30), performance.now() - started < 2000]).toEqual([type, body.slice(0, 30), true]);
    }
  });
});
