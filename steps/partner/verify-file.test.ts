import { describe, expect, it } from 'vitest';
import { parseVerifyFile } from './verify-file.js';

const least = `
bank: bs2
application: { command: node app.js }
redirectUri: http://127.0.0.1:3000/callback
connect: http://127.0.0.1:3000/connect
callApi: http://127.0.0.1:3000/balance
`;
const read = (source: string, environment: NodeJS.ProcessEnv = {}) =>
  parseVerifyFile('/ci/homologa.yaml', source, environment);

describe('a verify file', () => {
  it('needs little; the rest has defaults', () => {
    const { setups, mock, folder, expected } = read(least);
    expect({ folder, expected, mock }).toEqual({ folder: '/ci', expected: null, mock: { port: 0 } });
    expect(setups).toMatchObject([
      {
        bank: 'bs2',
        userAgent: 'http',
        windowMs: 2000,
        readyTimeoutMs: 30_000,
        login: { script: null, requests: [] },
        connect: { method: 'GET', url: 'http://127.0.0.1:3000/connect', headers: {}, body: null },
        callApi: [{ method: 'GET', url: 'http://127.0.0.1:3000/balance' }],
        refreshNow: null,
        signals: {},
      },
    ]);
  });

  it('says more of a request in an object, and a list of callApi is one for each instance', () => {
    const source = least.replace(
      'callApi: http://127.0.0.1:3000/balance',
      'callApi: [http://127.0.0.1:3001/b, { url: http://127.0.0.1:3002/b, headers: { x-a: "1" }, body: "n=1" }]',
    );
    expect(read(source).setups[0]?.callApi).toEqual([
      { method: 'GET', url: 'http://127.0.0.1:3001/b', headers: {}, body: null },
      { method: 'POST', url: 'http://127.0.0.1:3002/b', headers: { 'x-a': '1' }, body: 'n=1' },
    ]);
  });

  it('takes variables from the environment and leaves the bank’s for later', () => {
    const source = `${least}client: { id: "\${API_KEY}", secret: s }\nmock: { port: 4010 }\n`.replace(
      'command: node app.js',
      'command: node app.js, env: { A: "${bank.baseUrl}", B: "x-${API_KEY}" }',
    );
    const [setup] = read(source, { API_KEY: 'k1' }).setups;
    expect(setup?.client).toEqual({ id: 'k1', secret: 's' });
    expect(setup?.application.env).toEqual({ A: '${bank.baseUrl}', B: 'x-k1' });
  });

  it('has the members of one bank twice for a client of both', () => {
    const of = (path: string): string =>
      `{ application: { command: c }, redirectUri: http://127.0.0.1:3000/${path}, connect: http://127.0.0.1:3000/c, callApi: http://127.0.0.1:3000/b }`;
    const { setups } = read(`banks: { bs2: ${of('one')}, btg: ${of('two')} }`);
    expect(setups.map(({ bank, redirectUri }) => [bank, redirectUri])).toEqual([
      ['bs2', 'http://127.0.0.1:3000/one'],
      ['btg', 'http://127.0.0.1:3000/two'],
    ]);
  });

  it('keeps ${customer} for the requests of each customer, even where the environment has a variable of that name', () => {
    const source = `${least}customers: [ana, "bia@loja.example"]\nlogin: { url: http://127.0.0.1:3000/login, body: "u=\${customer}" }\n`;
    expect(read(source, { customer: 'x' }).setups).toMatchObject([
      {
        customers: ['ana', 'bia@loja.example'],
        login: { requests: [{ method: 'POST', url: 'http://127.0.0.1:3000/login', body: 'u=${customer}' }] },
      },
    ]);
    expect(read(least).setups[0]?.customers).toBeNull();
  });

  it('names the bank whose customers are wrong', () => {
    const one = (more: string): string =>
      `{ application: { command: c }, redirectUri: http://127.0.0.1:3000/a, connect: http://127.0.0.1:3000/c, callApi: http://127.0.0.1:3000/b${more} }`;
    expect(() => read(`banks: { bs2: ${one('')}, btg: ${one(', customers: [ana, bia]')} }`)).toThrowError(
      /banks\.btg\.customers: expected \$\{customer\} in login/,
    );
    const stray = ', window: "${customer}"';
    expect(() => read(`banks: { bs2: ${one(stray)}, btg: ${one('')} }`)).toThrowError(
      /banks\.bs2\.window: expected no \$\{customer\}/,
    );
  });

  it.each([
    ['bank: bs2', 'bank: itau', /^\/ci\/homologa\.yaml: bank: expected/],
    ['connect:', 'conect:', /conect: expected no member of this name|conect/],
    ['connect: http://127.0.0.1:3000/connect', 'connect: not an address', /connect: expected/],
    ['{ command: node app.js }', '{}', /mock\.port: expected a fixed port, got 0/],
    [
      'redirectUri: http://127.0.0.1:3000/callback',
      'redirectUri: http://localhost:3000/callback',
      /redirectUri: expected the host of connect, 127\.0\.0\.1, got localhost/,
    ],
    ['bank: bs2', 'bank: bs2\nwindow: 2s', /window: expected an ISO 8601 duration/],
    ['bank: bs2', 'bank: bs2\nsignals: { needsConsent: {} }', /needsConsent: expected status or bodyMatches/],
    ['bank: bs2', 'bank: bs2\nsignals: { needsConsent: { bodyMatches: "[" } }', /a regular expression/],
    ['bank: bs2', 'bank: bs2\nlogin: { script: ./l.mjs }', /login\.script: expected requests, or userAgent: browser/],
    ['bank: bs2', 'bank: bs2\nclient: { id: "${NOWHERE}", secret: s }', /the environment lacks NOWHERE/],
    ['bank: bs2', 'bank: [bs2', /homologa\.yaml: /],
    ['bank: bs2', 'bank: bs2\nidToken: maybe', /idToken: expected/],
    ['bank: bs2', 'bank: bs2\ncustomers: [ana]', /customers: expected at least two names/],
    ['bank: bs2', 'bank: bs2\ncustomers: [ana, ana]', /customers: expected each name once/],
    ['bank: bs2', 'bank: bs2\ncustomers: [ana, "b a"]', /customers\[1\]: expected a name of letters and digits/],
    ['bank: bs2', 'bank: bs2\ncustomers: [ana, bia]', /customers: expected \$\{customer\} in login/],
    [
      '{ command: node app.js }',
      '{ command: c, env: { A: "${customer}" } }',
      /application\.env\.A: expected no \$\{customer\}, which only requests have: login, connect/,
    ],
    ['bank: bs2', 'bank: bs2\nexpected: [{ check: a }]', /expected: expected the path of a file that lists checks/],
  ])('with %j as %j is refused, naming the member', (text, instead, message) => {
    expect(() => read(least.replace(text, instead))).toThrowError(
      expect.objectContaining({ code: 'ERR_VERIFY_FILE', message: expect.stringMatching(message) as string }),
    );
  });
});
