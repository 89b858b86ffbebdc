import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { basicOf, Bs2World, callback, readTokenAnswer } from '../../testing/bs2-world.js';
import type { TokenAnswer } from '../../testing/bs2-world.js';
import { bs2Paths } from './profile.js';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const scope = 'saldo extrato pagamento transferencia';
const errorBody = (error: string, description: string): string =>
  `{\r\n  "error":"${error}",\r\n  "error_description":"${description}"\r\n}`;
const duplicate = ['invalid_request', 'Missing or duplicate parameters', '3003103'] as const;
const badGrant = ['invalid_grant', 'The given grant is invalid', '3003113'] as const;
const badScope = ['invalid_scope', 'No registered scope value for this client has been requested', '3003115'] as const;
const badUser = ['invalid_grant', 'Resource Owner authentication failed', '3003202'] as const;

let world = new Bs2World();
beforeEach(() => {
  world = new Bs2World();
  world.tenant.clock.freeze();
});

function expectRefusal(answer: TokenAnswer, [error, description, errorCode]: readonly [string, string, string]): void {
  expect(answer.text).toBe(errorBody(error, description));
  expect(answer.status).toBe(400);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'x-ca-err': errorCode,
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'content-type': 'application/json;charset=UTF-8',
  });
  expect(answer.headers.has('www-authenticate')).toBe(false);
}

describe('a success', () => {
  it('is CRLF pretty print in the recorded order, with GUIDs and the granted scope', async () => {
    const answer = await world.grant();
    const { accessToken, refreshToken } = answer;
    expect(answer.text).toBe(
      `{\r\n  "access_token":"${accessToken}",\r\n  "token_type":"Bearer",\r\n  "expires_in":420,\r\n  "refresh_token":"${refreshToken}",\r\n  "scope":"${scope}"\r\n}`,
    );
    expect(answer.status).toBe(200);
    expect([accessToken, refreshToken].every((token) => guid.test(token))).toBe(true);
    expect(Object.fromEntries(answer.headers)).toEqual({
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'content-type': 'application/json;charset=UTF-8',
      date: new Date(world.tenant.clock.now()).toUTCString(),
    });
  });

  it('has no refresh token for client_credentials', async () => {
    const answer = await world.clientCredentials();
    expect(answer.text).toBe(
      `{\r\n  "access_token":"${answer.accessToken}",\r\n  "token_type":"Bearer",\r\n  "expires_in":420,\r\n  "scope":"saldo"\r\n}`,
    );
  });

  it('gives client_credentials the scope of the client where none is named', async () => {
    expect((await world.token({ grant_type: 'client_credentials' })).member('scope')).toBe(scope);
  });

  it('authenticates the client by the body too, and ignores the query', async () => {
    const { id, secret } = world.client;
    const form = { grant_type: 'client_credentials', scope: 'saldo', client_id: id, client_secret: secret ?? '' };
    expect((await world.token(form, { authorization: null })).status).toBe(200);
    const query = new URLSearchParams(form).toString();
    const answer = await world.fetch(`${bs2Paths.token}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&scope=saldo',
    });
    expect(answer.status).toBe(401);
  });

  it('ignores unknown parameters, empty ones, and a media type parameter', async () => {
    const answer = await world.fetch(bs2Paths.token, {
      method: 'POST',
      headers: {
        'content-type': 'Application/X-WWW-Form-URLencoded; charset=UTF-8',
        authorization: basicOf(world.client),
      },
      body: 'grant_type=client_credentials&scope=saldo&__proto__=1&constructor=2&code=&unknown=x',
    });
    expect(answer.status).toBe(200);
  });
});

describe('wrong client credentials', () => {
  const unknown = { id: 'l7unknown', secret: 'x' };
  it.each([
    ['an unknown client', (): string => basicOf(unknown)],
    ['a wrong secret', (): string => basicOf({ ...world.client, secret: 'wrong' })],
    ['an empty secret', (): string => basicOf({ ...world.client, secret: '' })],
    ['an id in another case', (): string => basicOf({ ...world.client, id: world.client.id.toUpperCase() })],
    ['another scheme', (): string => 'Bearer x'],
    ['broken base64', (): string => 'Basic !!!'],
    ['an id of a prototype', (): string => basicOf({ id: '__proto__', secret: 'constructor' })],
    ['a client of the other bank', (): string => basicOf(world.tenant.clients.first('btg') ?? unknown)],
    ['nothing', (): null => null],
  ])('are answered as recorded: %s', async (_name, authorization) => {
    const answer = await world.token(
      { grant_type: 'client_credentials', scope: 'saldo' },
      { authorization: authorization() },
    );
    expect(answer.status).toBe(401);
    expect(answer.text).toBe(errorBody('invalid_client', 'The given client credentials were not valid'));
    expect(Object.fromEntries(answer.headers)).toEqual({
      'www-authenticate': 'Basic error="Invalid or missing credentials"',
      connection: 'close',
      'x-ca-err': '3003201',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'content-type': 'application/json;charset=UTF-8',
      date: new Date(world.tenant.clock.now()).toUTCString(),
    });
  });

  it('are answered so before anything else is judged, also with the secret in the body', async () => {
    const form = { grant_type: 'nonsense', client_id: world.client.id, client_secret: 'wrong' };
    expect((await world.token(form, { authorization: null })).headers.get('x-ca-err')).toBe('3003201');
    expect((await world.token({ ...form, client_secret: '' }, { authorization: null })).headers.get('x-ca-err')).toBe(
      '3003201',
    );
  });
});

describe('refusals', () => {
  it.each([
    ['no grant_type', {}, duplicate],
    ['an empty grant_type', { grant_type: '' }, duplicate],
    ['a code grant without code', { grant_type: 'authorization_code', redirect_uri: callback }, duplicate],
    ['a code grant without redirect_uri', { grant_type: 'authorization_code', code: 'x' }, duplicate],
    ['a refresh without token', { grant_type: 'refresh_token', scope }, duplicate],
    ['a refresh without scope', { grant_type: 'refresh_token', refresh_token: 'x' }, duplicate],
    ['a password grant without password', { grant_type: 'password', scope, username: 'correntista' }, duplicate],
    ['two ways of authentication', { grant_type: 'client_credentials', client_secret: 'x' }, duplicate],
    ['another client in the body', { grant_type: 'client_credentials', client_id: 'x' }, duplicate],
    ['an unknown code', { grant_type: 'authorization_code', code: 'x', redirect_uri: callback }, badGrant],
    ['an unknown refresh token', { grant_type: 'refresh_token', scope, refresh_token: 'x' }, badGrant],
    ['a refresh token of a prototype', { grant_type: 'refresh_token', scope, refresh_token: '__proto__' }, badGrant],
    ['a scope that is not registered', { grant_type: 'client_credentials', scope: 'saldo tudo' }, badScope],
    ['a scope with a forbidden character', { grant_type: 'client_credentials', scope: '"' }, badScope],
    [
      'an unregistered scope with a password',
      { grant_type: 'password', scope: 'tudo', username: 'x', password: 'x' },
      badScope,
    ],
    ['an unknown user', { grant_type: 'password', scope: 'saldo', username: 'x', password: 'x' }, badUser],
    ['a wrong password', { grant_type: 'password', scope: 'saldo', username: 'correntista', password: 'x' }, badUser],
    [
      'a grant type of others',
      { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' },
      ['unsupported_grant_type', 'The given grant_type is not supported', '3003119'],
    ],
    [
      'a grant type of a prototype',
      { grant_type: 'constructor' },
      ['unsupported_grant_type', 'The given grant_type is not supported', '3003119'],
    ],
  ] as const)('%s', async (_name, form, refusal) => {
    expectRefusal(await world.token(form), refusal);
  });

  it.each([
    ['a repeated parameter', 'grant_type=client_credentials&scope=saldo&scope=saldo'],
    ['a repeated unknown parameter', 'grant_type=client_credentials&scope=saldo&x=1&x=1'],
    ['broken percent-encoding', 'grant_type=client_credentials&scope=%zz'],
    ['broken UTF-8', 'grant_type=client_credentials&scope=saldo&x=%ff'],
    ['a NUL', 'grant_type=client_credentials&scope=saldo%00'],
  ])('%s', async (_name, body) => {
    expectRefusal(await world.token(body), duplicate);
  });

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencodedx'])(
    'a body of type %s',
    async (type) => {
      const response = await world.fetch(bs2Paths.token, {
        method: 'POST',
        headers: { 'content-type': type, authorization: basicOf(world.client) },
        body: JSON.stringify({ grant_type: 'client_credentials', scope: 'saldo' }),
      });
      expectRefusal(await readTokenAnswer(response), duplicate);
    },
  );

  it('a locked user, told like a wrong password', async () => {
    const { username, password } = world.user('bloqueado');
    expectRefusal(await world.token({ grant_type: 'password', scope: 'saldo', username, password }), badUser);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('the method %s', async (method) => {
    const response = await world.fetch(bs2Paths.token, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(response.headers.get('x-ca-err')).toBe('3003103');
    expect(await response.text()).toMatch(
      /^\{\r\n {2}"error":"invalid_request",\r\n {2}"error_description":"[^"]+"\r\n\}$/,
    );
  });

  it('never repeats what was sent', async () => {
    const values = fc.stringMatching(/^[A-Za-z0-9<>"']{8,40}$/);
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.constantFrom('grant_type', 'code', 'refresh_token', 'scope', 'redirect_uri', 'username'),
        async (value, name) => {
          const form = {
            grant_type: 'authorization_code',
            code: 'c',
            redirect_uri: callback,
            scope: 'saldo',
            refresh_token: 'r',
            [name]: value,
          };
          const answer = await world.token(form);
          expect(answer.status).toBe(400);
          expect(answer.text).not.toContain(value);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('authorization codes', () => {
  it('work once; a replay is refused and revokes what the code gave', async () => {
    const code = await world.code();
    const { accessToken, refreshToken } = await world.redeem(code);
    expect(await world.statusOf(accessToken)).toBe(200);
    expectRefusal(await world.redeem(code), badGrant);
    expect(await world.statusOf(accessToken)).toBe(401);
    expectRefusal(await world.refresh(refreshToken), badGrant);
  });

  it('revoke nothing at a replay where the setting says so', async () => {
    world.tenant.patchSettings({ bs2: { codeReplayRevokesTokens: false } });
    const code = await world.code();
    const { accessToken } = await world.redeem(code);
    expectRefusal(await world.redeem(code), badGrant);
    expect(await world.statusOf(accessToken)).toBe(200);
  });

  it('do not work for another client, and are not lost by its attempt, spent or not', async () => {
    const other = world.addClient();
    const code = await world.code();
    expectRefusal(await world.redeem(code, other), badGrant);
    const { accessToken } = await world.redeem(code);
    expectRefusal(await world.redeem(code, other), badGrant);
    expect(await world.statusOf(accessToken)).toBe(200);
  });

  it.each([
    'http://localhost:3000/callback/',
    'http://127.0.0.1:3000/callback',
    'http://localhost:3000/callback?',
    'https://attacker.example/',
  ])('do not work with the redirect_uri %s', async (redirectUri) => {
    const code = await world.code();
    expectRefusal(await world.redeem(code, world.client, redirectUri), badGrant);
    expect((await world.redeem(code)).status).toBe(200);
  });

  it('are bound to the loopback address that was asked for', async () => {
    const redirectUri = 'http://127.0.0.1:49152/callback';
    const code = await world.code({ redirectUri });
    expectRefusal(await world.redeem(code), badGrant);
    expect((await world.redeem(code, world.client, redirectUri)).status).toBe(200);
  });

  it.each([
    [599, 200],
    [600, 400],
    [601, 400],
  ])('after %i seconds: %i', async (seconds, status) => {
    const code = await world.code();
    world.tenant.clock.advance(seconds * 1000);
    expect((await world.redeem(code)).status).toBe(status);
  });
});

describe('refreshing', () => {
  it('gives a new pair, and kills the old refresh token and the old access token at once', async () => {
    const first = await world.grant();
    const second = await world.refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await world.statusOf(first.accessToken)).toBe(401);
    expect(await world.statusOf(second.accessToken)).toBe(200);
    expectRefusal(await world.refresh(first.refreshToken), badGrant);
    expect(await world.statusOf(second.accessToken)).toBe(200);
    expect((await world.refresh(second.refreshToken)).status).toBe(200);
  });

  it('works when the access token has expired', async () => {
    const { accessToken, refreshToken } = await world.grant();
    world.tenant.clock.advance(420_000);
    expect(await world.statusOf(accessToken)).toBe(401);
    expect((await world.refresh(refreshToken)).status).toBe(200);
  });

  it('is refused without scope, and the token is still good', async () => {
    const { refreshToken } = await world.grant();
    expectRefusal(await world.token({ grant_type: 'refresh_token', refresh_token: refreshToken }), duplicate);
    expect((await world.refresh(refreshToken)).status).toBe(200);
    world.tenant.patchSettings({ bs2: { requireScopeOnRefresh: false } });
    const { refreshToken: next } = await world.grant();
    expect((await world.token({ grant_type: 'refresh_token', refresh_token: next })).member('scope')).toBe(scope);
  });

  it('narrows the access token only: the next refresh may ask for the whole grant again', async () => {
    const { refreshToken } = await world.grant();
    const narrow = await world.refresh(refreshToken, world.client, 'extrato');
    expect(narrow.member('scope')).toBe('extrato');
    expect(await world.statusOf(narrow.accessToken)).toBe(403);
    expect((await world.refresh(narrow.refreshToken)).member('scope')).toBe(scope);
  });

  it('refuses a scope beyond the grant, and the token is still good', async () => {
    const { refreshToken } = await world.grant({ scope: 'saldo' });
    expectRefusal(await world.refresh(refreshToken, world.client, 'saldo extrato'), badScope);
    expect((await world.refresh(refreshToken, world.client, 'saldo')).status).toBe(200);
  });

  it('is refused to another client, and the token is still good', async () => {
    const other = world.addClient();
    const { refreshToken } = await world.grant();
    expectRefusal(await world.refresh(refreshToken, other), badGrant);
    expect((await world.refresh(refreshToken)).status).toBe(200);
  });

  it('takes neither an access token nor a code', async () => {
    const code = await world.code();
    expectRefusal(await world.refresh(code), badGrant);
    const { accessToken, refreshToken } = await world.redeem(code);
    expectRefusal(await world.refresh(accessToken), badGrant);
    expectRefusal(await world.redeem(refreshToken), badGrant);
    expect(await world.statusOf(refreshToken)).toBe(401);
  });

  it('starts a new thirty days each time, exact to the second', async () => {
    const days30 = 30 * 86_400_000;
    const { clock } = world.tenant;
    let { refreshToken } = await world.grant();
    for (let rotation = 0; rotation < 3; rotation += 1) {
      clock.advance(days30 - 1000);
      ({ refreshToken } = await world.refresh(refreshToken));
    }
    clock.advance(days30);
    expectRefusal(await world.refresh(refreshToken), badGrant);
  });

  it('does not rotate where the setting says so, and still kills the old access token', async () => {
    world.tenant.patchSettings({ bs2: { refreshTokenRotation: false } });
    const first = await world.grant();
    const second = await world.refresh(first.refreshToken);
    expect(second.member('refresh_token')).toBe(undefined);
    expect(await world.statusOf(first.accessToken)).toBe(401);
    expect((await world.refresh(first.refreshToken)).status).toBe(200);
  });

  it('revokes the grant at a replay where the setting says so', async () => {
    world.tenant.patchSettings({ bs2: { refreshTokenReuse: 'revoke-grant' } });
    const first = await world.grant();
    const second = await world.refresh(first.refreshToken);
    expectRefusal(await world.refresh(first.refreshToken), badGrant);
    expect(await world.statusOf(second.accessToken)).toBe(401);
    expectRefusal(await world.refresh(second.refreshToken), badGrant);
  });

  it('honours the old refresh token for a while where the setting says so', async () => {
    world.tenant.patchSettings({ bs2: { refreshTokenReuse: { grace: 'PT10S' } } });
    const { refreshToken } = await world.grant();
    await world.refresh(refreshToken);
    world.tenant.clock.advance(9000);
    const again = await world.refresh(refreshToken);
    expect(await world.statusOf(again.accessToken)).toBe(200);
    world.tenant.clock.advance(1000);
    expectRefusal(await world.refresh(refreshToken), badGrant);
  });
});

describe('lifetimes', () => {
  const days = 86_400;
  it.each([
    ['access token', 419, 200, 200],
    ['access token', 420, 401, 200],
    ['access token', 421, 401, 200],
    ['refresh token', 30 * days - 1, 401, 200],
    ['refresh token', 30 * days, 401, 400],
    ['refresh token', 30 * days + 1, 401, 400],
  ])('of the %s, after %i seconds', async (_name, seconds, resource, refresh) => {
    const { accessToken, refreshToken } = await world.grant();
    world.tenant.clock.advance(seconds * 1000);
    expect(await world.statusOf(accessToken)).toBe(resource);
    expect((await world.refresh(refreshToken)).status).toBe(refresh);
  });

  it.each([
    [599, 200],
    [600, 400],
    [601, 400],
  ])('of the password grant’s refresh token, after %i seconds: %i', async (seconds, status) => {
    const { username, password } = world.user('correntista');
    const answer = await world.token({ grant_type: 'password', scope: 'saldo', username, password });
    expect([answer.status, answer.member('scope')]).toEqual([200, 'saldo']);
    expect(await world.statusOf(answer.accessToken)).toBe(200);
    world.tenant.clock.advance(seconds * 1000);
    expect((await world.refresh(answer.refreshToken, world.client, 'saldo')).status).toBe(status);
  });

  it('takes the CPF as username, with or without punctuation', async () => {
    const { password } = world.user('correntista');
    for (const username of ['11144477735', '111.444.777-35']) {
      expect((await world.token({ grant_type: 'password', scope: 'saldo', username, password })).status).toBe(200);
    }
  });

  it('are those of the client where it has its own: 48 hours for Cobrança, 1680 seconds for a product', async () => {
    const client = world.addClient({ settings: { refreshTokenLifetime: 'PT48H', accessTokenLifetime: 'PT1680S' } });
    const answer = await world.grant({ client });
    expect(answer.member('expires_in')).toBe(1680);
    world.tenant.clock.advance(1_679_000);
    expect(await world.statusOf(answer.accessToken)).toBe(200);
    world.tenant.clock.advance(48 * 3_600_000 - 1_680_000);
    const next = await world.refresh(answer.refreshToken, client);
    expect(next.status).toBe(200);
    world.tenant.clock.advance(48 * 3_600_000);
    expectRefusal(await world.refresh(next.refreshToken, client), badGrant);
    expect((await world.grant()).member('expires_in')).toBe(420);
  });

  it('follow a changed setting from the next token on', async () => {
    const { refreshToken } = await world.grant();
    world.tenant.patchSettings({ bs2: { accessTokenLifetime: 'PT2M' } });
    expect((await world.refresh(refreshToken)).member('expires_in')).toBe(120);
  });
});

describe('a new access token', () => {
  it('kills those of other grants of the same application and account', async () => {
    const first = await world.grant();
    const second = await world.grant();
    expect([await world.statusOf(first.accessToken), await world.statusOf(second.accessToken)]).toEqual([401, 200]);
    const third = await world.refresh(first.refreshToken);
    expect([await world.statusOf(second.accessToken), await world.statusOf(third.accessToken)]).toEqual([401, 200]);
    expect((await world.refresh(second.refreshToken)).status).toBe(200);
  });

  it('leaves those of another user, and of another client, alone', async () => {
    const other = world.addClient();
    const tokens = [
      await world.grant(),
      await world.grant({ username: 'outra' }),
      await world.grant({ client: other }),
      await world.clientCredentials(),
    ];
    expect(await Promise.all(tokens.map(({ accessToken }) => world.statusOf(accessToken)))).toEqual([
      200, 200, 200, 200,
    ]);
  });

  it.each([
    ['grant', [200, 401, 200]],
    ['never', [200, 200, 200]],
  ] as const)('kills less where the setting is %s', async (previousAccessTokenDies, statuses) => {
    world.tenant.patchSettings({ bs2: { previousAccessTokenDies } });
    const [other, first] = [await world.grant(), await world.grant()];
    const second = await world.refresh(first.refreshToken);
    const tokens = [other, first, second];
    expect(await Promise.all(tokens.map(({ accessToken }) => world.statusOf(accessToken)))).toEqual(statuses);
  });

  it('of client_credentials kills the one before', async () => {
    const [first, second] = [await world.clientCredentials(), await world.clientCredentials()];
    expect([await world.statusOf(first.accessToken), await world.statusOf(second.accessToken)]).toEqual([401, 200]);
    expect(await world.tenant.store.grants()).toHaveLength(1);
  });
});
