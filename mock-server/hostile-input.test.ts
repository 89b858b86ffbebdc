import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BankId } from './banks/bank-id.js';
import { bs2Paths } from './banks/bs2/profile.js';
import { btgPaths, dedicatedCompany } from './banks/btg/profile.js';
import { basicOf, Bs2World, callback, readTokenAnswer } from './testing/bs2-world.js';

/** A bank, as strangers see it. */
interface BankUnderTest {
  readonly bank: BankId;
  readonly paths: readonly string[];
  /** Whether an answer to a bad request has the bank's own shape. */
  isOwnShape(status: number, headers: Headers, text: string): boolean;
  /** What the bank answers whatever else happened: whether a good request works. */
  worksStill(world: Bs2World): Promise<boolean>;
  /** A credential that a request may carry. */
  credentials(world: Bs2World): readonly string[];
}

const gatewayJson = /^\{\r\n {2}"error":"[a-z_]+",\r\n {2}"error_description":"[^"\r\n]+"\r\n\}$/;

const bs2: BankUnderTest = {
  bank: 'bs2',
  paths: Object.values(bs2Paths),
  isOwnShape: (status, headers, text) => {
    const type = headers.get('content-type');
    if (type === 'application/json;charset=UTF-8') return gatewayJson.test(text);
    if (type === 'text/html; charset=UTF-8')
      return /^\d{7}$/.test(headers.get('x-ca-err') ?? '') && text.startsWith('<!doctype html>');
    if (type === 'text/plain;charset=UTF-8') return status === 401 && text === 'Invalid token';
    if (type === 'application/json;charset=utf-8')
      return status === 400 && /^\[\{"tag":"[A-Za-z]+","descricao":"[^"]+"\}\]$/.test(text);
    return type === null && text === '' && (status === 403 || status === 404);
  },
  worksStill: async (world) => (await world.clientCredentials()).status === 200,
  credentials: (world) => [basicOf(world.client), basicOf({ id: '__proto__', secret: 'constructor' })],
};

const rfcJson = /^\{"error":"[A-Za-z_]+","error_description":"[\x20-\x21\x23-\x5B\x5D-\x7E]+"(,"brn":"[a-z:-]+")?\}$/;

const btg: BankUnderTest = {
  bank: 'btg',
  paths: Object.values(btgPaths).map((path) =>
    path.replace(':companyId', dedicatedCompany).replace(':accountId', `${dedicatedCompany}-208-50-100001`),
  ),
  isOwnShape: (_status, headers, text) =>
    headers.get('content-type') === 'text/html; charset=UTF-8'
      ? text.startsWith('<!doctype html>')
      : headers.get('content-type') === 'application/json' && rfcJson.test(text),
  worksStill: async (world) => {
    const client = world.tenant.clients.first('btg');
    if (client === undefined) return false;
    const response = await world.fetch(`${world.tenant.links.btg.publicBase}${btgPaths.token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: basicOf(client) },
      body: 'grant_type=client_credentials',
    });
    return response.status === 200;
  },
  credentials: (world) => world.tenant.clients.list().map(basicOf),
};

/** Another bank is one more line. */
const banksUnderTest: readonly BankUnderTest[] = [bs2, btg];

const names = fc.constantFrom(
  'grant_type',
  'code',
  'redirect_uri',
  'scope',
  'refresh_token',
  'client_id',
  'client_secret',
  'state',
  'response_type',
  'username',
  'password',
  'csrf',
  'decision',
  'factor',
  'sessionID',
  'lang',
  'dataReferencia',
  'movimentoInicial',
  'movimentoFinal',
  'inicio',
  'code[]',
  'scope[0]',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  '',
);
const values = fc.oneof(
  fc.constantFrom(
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'password',
    'code',
    'saldo',
    'saldo extrato',
    callback,
    '',
    ' ',
    '__proto__',
    'constructor',
    'https://attacker.example/',
    'javascript:alert(1)',
    '<script>alert(1)</script>',
    "' OR '1'='1",
    '../../etc/passwd',
    '${7*7}',
    '9'.repeat(400),
    '-1',
    '1e309',
    'NaN',
    '\u202E',
    '\uD83D\uDE00',
  ),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const encodedPair = fc.oneof(
  fc.tuple(names, values).map(([name, value]) => new URLSearchParams([[name, value]]).toString()),
  fc
    .tuple(names, fc.constantFrom('%', '%zz', '%00', '%ff', '%c3%28', '%ed%a0%80', '+', '%2500', '=', '&&'))
    .map(([name, value]) => `${name}=${value}`),
  fc.constantFrom('&', '=', '?', '%', ';', 'a', '[]=1'),
);
const encoded = fc.array(encodedPair, { maxLength: 10 }).map((pairs) => pairs.join('&'));
const query = encoded.map((text) => text.replaceAll(/[#\s]/g, ''));
const methods = fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'PROPFIND');
const bodies = fc.oneof(
  encoded,
  fc.json(),
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '{"grant_type":"client_credentials"}',
    '{"__proto__":{"x":1}}',
    '\0',
    '\uFEFFgrant_type=x',
    'x'.repeat(70_000),
    `code=${'%41'.repeat(30_000)}`,
    'a&'.repeat(30_000),
  ),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);
const contentTypes = fc.constantFrom(
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/json',
  'text/plain',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'nonsense',
  '',
);
const authorizations = fc.oneof(
  fc.constantFrom(
    null,
    '',
    'Basic',
    'Basic ',
    'Basic !!!',
    'Basic =',
    `Basic ${Buffer.from('no colon').toString('base64')}`,
    `Basic ${Buffer.from(':').toString('base64')}`,
    `Basic ${Buffer.from([0xff, 0x3a, 0x00]).toString('base64')}`,
    'Bearer',
    'Bearer x',
    'Bearer __proto__',
    'Digest x',
    `Basic ${'QQ'.repeat(4000)}`,
  ),
  fc.string({ unit: fc.constantFrom(...' !"#$%&\'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~'), maxLength: 60 }),
);
const headers = fc.record(
  {
    accept: fc.constantFrom('application/json', 'text/html', '*/*', 'json', '\u00ff'),
    'accept-language': fc.constantFrom('en', 'pt', ',,,;q=', '*'),
    cookie: fc.constantFrom('homologa_bs2=x', `homologa_bs2=${'A'.repeat(22)}`, '=', ';;;', '__proto__=1'),
    'content-length': fc.constantFrom('0', '5', '-1', 'x', '1e9', '99999999999'),
    'x-forwarded-host': fc.constant('attacker.example'),
    'user-agent': fc.constantFrom('', 'x'.repeat(5000)),
  },
  { requiredKeys: [] },
);

describe.each(banksUnderTest)('bad requests to $bank', (under) => {
  const paths = fc.oneof(
    fc.constantFrom(...under.paths),
    fc.constantFrom(...under.paths).map((path) => `${path}/`),
    fc.constantFrom(...under.paths).map((path) => path.toUpperCase()),
    fc.constantFrom(
      '',
      '/',
      '//',
      '/%',
      '/%00',
      '/%ff',
      '/..%2f..%2fetc',
      '/__proto__',
      '/constructor',
      `/${'x/'.repeat(500)}`,
      '/?',
      '/;x=1',
    ),
    fc.webPath(),
  );

  it('get a 4xx of the bank’s own shape, never a 5xx, and the next good request works', async () => {
    const world = new Bs2World();
    const credentials = fc.constantFrom(...under.credentials(world));
    const url = fc
      .tuple(paths, query)
      .map(([path, text]) => `${world.tenant.links[under.bank].publicBase}${path}?${text}`)
      .filter((text) => URL.canParse(text));
    await fc.assert(
      fc.asyncProperty(
        methods,
        url,
        headers,
        contentTypes,
        fc.oneof(authorizations, credentials),
        bodies,
        async (method, target, others, contentType, authorization, body) => {
          const sent = new Headers(others);
          if (contentType !== '') sent.set('content-type', contentType);
          if (authorization !== null) sent.set('authorization', authorization);
          const withBody = method !== 'GET' && method !== 'HEAD';
          const request = new Request(target, { method, headers: sent, ...(withBody ? { body } : {}) });
          // Dots in a path may lead out of the bank; that is no bank's to answer.
          if (!request.url.startsWith(`${world.tenant.links[under.bank].publicBase}/`)) return;
          const handled = await world.application.handle(request, { kind: 'main' }, { address: '127.0.0.1' });
          if (handled.kind !== 'bank') throw new Error(`No bank answers at ${request.url}.`);
          const { answer, transport } = handled.delivery;
          const given = new Headers(answer.headers.map(([name, value]): [string, string] => [name, value]));
          expect(transport).toBe('complete');
          expect(answer.status).toBeLessThan(500);
          expect(answer.body).not.toMatch(
            /node:|node_modules|\bat (async )?[\w.]+ \(|\.ts:\d|\.js:\d|TypeError|RangeError|URIError/,
          );
          expect(answer.body).not.toContain('<script');
          if (answer.status >= 400) {
            expect([answer.status, answer.body, under.isOwnShape(answer.status, given, answer.body)]).toEqual([
              answer.status,
              answer.body,
              true,
            ]);
          } else if (answer.status === 302) {
            const location = given.get('location') ?? '';
            expect(
              location.startsWith(`${world.tenant.links[under.bank].publicBase}/`) ||
                location.startsWith(`${callback}?`),
            ).toBe(true);
          } else expect(answer.status).toBe(200);
        },
      ),
      { numRuns: 1500 },
    );
    expect(await under.worksStill(world)).toBe(true);
    expect(() => JSON.stringify(world.tenant.journal.entries())).not.toThrow();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('change nothing: no grant, no code, no token comes of them', async () => {
    const world = new Bs2World();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...under.paths), encoded, authorizations, async (path, body, authorization) => {
        const sent = {
          'content-type': 'application/x-www-form-urlencoded',
          ...(authorization === null ? {} : { authorization }),
        };
        await world.fetch(`${world.tenant.links[under.bank].publicBase}${path}`, {
          method: 'POST',
          headers: sent,
          body,
        });
      }),
      { numRuns: 300 },
    );
    expect(await world.tenant.store.grants()).toEqual([]);
  });

  it.each([65_536, 65_537, 1_048_576])('with a body of %i bytes are read as far as a form goes', async (size) => {
    const world = new Bs2World();
    for (const path of under.paths) {
      for (const streamed of [false, true]) {
        const bytes = Buffer.alloc(size, 'a');
        const body = streamed
          ? new ReadableStream<Uint8Array>({
              start: (controller) => {
                controller.enqueue(bytes);
                controller.close();
              },
            })
          : bytes;
        const init = {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            ...(streamed ? {} : { 'content-length': String(size) }),
          },
          duplex: 'half' as const,
        };
        const { answer } = await world.deliver(`${world.tenant.links[under.bank].publicBase}${path}`, init);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        // Where the bank has nothing, or nothing for this method, it does not matter how much was sent.
        if (size <= 65_536) expect(answer.status).not.toBe(413);
        else expect([413, 405, 404]).toContain(answer.status);
        if (size > 65_536 && path.endsWith('/token')) expect(answer.status).toBe(413);
      }
    }
    expect(await under.worksStill(world)).toBe(true);
  });
});

describe('addresses that lead to no bank', () => {
  it.each([
    '/bs3/x',
    '/BS2/x',
    '/t/unknown/bs2/x',
    '/t//bs2/x',
    '/t/a%2fb/bs2/x',
    '/t/__proto__/bs2/x',
    `/t/${'x'.repeat(65)}/bs2/x`,
    '/bs2x',
    '/favicon.ico',
  ])('are a 404: %s', async (path) => {
    const world = new Bs2World();
    const handled = await world.application.handle(
      new Request(`http://127.0.0.1:4010${path}`),
      { kind: 'main' },
      { address: null },
    );
    expect(handled.kind).toBe('response');
    if (handled.kind !== 'response') return;
    expect([handled.response.status, handled.response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json',
    ]);
    expect(await handled.response.json()).toMatchObject({ status: 404, title: 'Not Found' });
  });

  it.each([
    ['/', 'dashboard'],
    ['/_mock', 'control'],
    ['/_mock/tenants', 'control'],
  ])('%s is the %s', async (path, name) => {
    const handled = await new Bs2World().application.handle(
      new Request(`http://127.0.0.1:4010${path}`),
      { kind: 'main' },
      { address: null },
    );
    expect(handled.kind === 'response' && (await handled.response.text())).toBe(name);
  });
});

describe('a request that nobody meant ill', () => {
  it('is not mistaken for a bad one: every character that a form can carry', async () => {
    const world = new Bs2World();
    const client = world.addClient({ id: 'l7 ção/+%&=:', secret: 'sé:cr et+%&=/' });
    const answer = await world.clientCredentials(client);
    expect(answer.status).toBe(200);
    const response = await world.fetch(bs2Paths.token, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret ?? '',
      }),
    });
    expect((await readTokenAnswer(response)).status).toBe(200);
  });
});
