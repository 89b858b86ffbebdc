import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strictAuthorizationPolicy } from './authorization-policy.js';
import type { AuthorizationRules } from './authorization-policy.js';
import { judgeAuthorizationRequest } from './authorization-request.js';
import type { AuthorizationClient, AuthorizationDecision } from './authorization-request.js';
import { RequestParameters } from './request-parameters.js';

const client: AuthorizationClient = {
  type: 'confidential',
  registeredScope: ['openid', 'saldo', 'extrato'],
  redirectUris: ['https://partner.example/callback', 'https://partner.example/other?keep=1'],
};
const publicClient: AuthorizationClient = { ...client, type: 'public' };
const lenient: AuthorizationRules = {
  requireState: false,
  requiredScope: [],
  missingScopeError: 'invalid_request',
  unregisteredScope: 'refuse',
  httpsRedirectUris: false,
  openIdConnect: false,
};
const openId: AuthorizationRules = {
  ...lenient,
  requiredScope: ['openid'],
  missingScopeError: 'invalid_scope',
  openIdConnect: true,
};
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const complete = {
  response_type: 'code',
  redirect_uri: 'https://partner.example/callback',
  scope: 'openid saldo',
  state: 's t&a=t/e',
};

function judge(
  changes: Readonly<Record<string, string | undefined>>,
  rules: AuthorizationRules = lenient,
  judged: AuthorizationClient = client,
  appended = '',
): AuthorizationDecision {
  const entries = Object.entries({ ...complete, ...changes }).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return judgeAuthorizationRequest(
    new RequestParameters(`${new URLSearchParams(entries).toString()}${appended}`),
    judged,
    strictAuthorizationPolicy(rules),
  );
}

describe('judgeAuthorizationRequest', () => {
  it('lets a complete request go on to the login, with what the login needs', () => {
    expect(judge({})).toEqual({
      kind: 'accepted',
      request: {
        redirectUri: complete.redirect_uri,
        state: complete.state,
        scope: ['openid', 'saldo'],
        nonce: null,
        codeChallenge: null,
        maxAgeSeconds: null,
      },
    });
  });

  it('keeps nonce, challenge and max_age where the bank knows them, and ignores them where it does not', () => {
    const sent = {
      nonce: 'n',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      max_age: '60',
      prompt: 'login consent',
      response_mode: 'query',
    };
    const accepted = judge(sent, openId);
    expect(accepted.kind === 'accepted' && accepted.request).toMatchObject({
      nonce: 'n',
      codeChallenge: challenge,
      maxAgeSeconds: 60,
    });
    const ignored = judge({ ...sent, prompt: 'none', code_challenge_method: 'plain' }, lenient);
    expect(ignored.kind === 'accepted' && ignored.request).toMatchObject({
      nonce: null,
      codeChallenge: null,
      maxAgeSeconds: null,
    });
  });

  it.each([
    ['no redirect_uri', { redirect_uri: undefined }, '', 'redirect-uri-missing'],
    ['an empty redirect_uri', { redirect_uri: '' }, '', 'redirect-uri-missing'],
    ['a redirect_uri of nobody', { redirect_uri: 'https://attacker.example/' }, '', 'redirect-uri-mismatch'],
    [
      'a redirect_uri with more query',
      { redirect_uri: 'https://partner.example/callback?x=1' },
      '',
      'redirect-uri-mismatch',
    ],
    [
      'redirect_uri twice, the same',
      {},
      `&redirect_uri=${encodeURIComponent(complete.redirect_uri)}`,
      'redirect-uri-repeated',
    ],
    ['redirect_uri twice, another', {}, '&redirect_uri=https://attacker.example/', 'redirect-uri-repeated'],
    ['broken percent-encoding anywhere', {}, '&x=%zz', 'malformed'],
    ['broken UTF-8 anywhere', {}, '&x=%ff', 'malformed'],
    ['a NUL anywhere', {}, '&x=%00', 'malformed'],
  ] as const)('does not redirect: %s', (_name, changes, appended, why) => {
    expect(judge(changes, lenient, client, appended)).toEqual({ kind: 'page', why });
  });

  it('does not redirect to http where the bank wants https, registered or not', () => {
    const insecure = { ...client, redirectUris: ['http://partner.example/callback'] };
    const decision = judge(
      { redirect_uri: 'http://partner.example/callback' },
      { ...lenient, httpsRedirectUris: true },
      insecure,
    );
    expect(decision).toEqual({ kind: 'page', why: 'redirect-uri-insecure' });
    expect(judge({}, { ...lenient, httpsRedirectUris: true }).kind).toBe('accepted');
  });

  it.each([
    ['no response_type', { response_type: undefined }, lenient, 'invalid_request'],
    ['an empty response_type', { response_type: '' }, lenient, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, lenient, 'unsupported_response_type'],
    ['the hybrid flow', { response_type: 'code id_token' }, openId, 'unsupported_response_type'],
    ['no state where it is asked for', { state: undefined }, { ...lenient, requireState: true }, 'invalid_request'],
    ['no scope', { scope: undefined }, lenient, 'invalid_request'],
    ['no scope where that is its own error', { scope: undefined }, openId, 'invalid_scope'],
    ['a scope with a forbidden character', { scope: 'saldo "x"' }, lenient, 'invalid_scope'],
    ['a scope of spaces', { scope: '   ' }, lenient, 'invalid_scope'],
    ['a scope without the mandatory one', { scope: 'saldo' }, openId, 'invalid_scope'],
    ['a scope that differs in case', { scope: 'SALDO' }, lenient, 'invalid_scope'],
    ['a scope that nobody registered', { scope: 'tudo' }, lenient, 'invalid_scope'],
    ['a scope of which one was not registered', { scope: 'saldo tudo' }, lenient, 'invalid_scope'],
    [
      'only unregistered scopes where those are ignored',
      { scope: 'tudo' },
      { ...lenient, unregisteredScope: 'ignore' },
      'invalid_scope',
    ],
    ['a method without challenge', { code_challenge_method: 'S256' }, openId, 'invalid_request'],
    ['a challenge without method', { code_challenge: challenge }, openId, 'invalid_request'],
    ['a plain challenge', { code_challenge: challenge, code_challenge_method: 'plain' }, openId, 'invalid_request'],
    [
      'a challenge that is no S256',
      { code_challenge: 'short', code_challenge_method: 'S256' },
      openId,
      'invalid_request',
    ],
    ['an unknown prompt', { prompt: 'login maybe' }, openId, 'invalid_request'],
    ['prompt=none', { prompt: 'none' }, openId, 'login_required'],
    ['prompt=none with another', { prompt: 'none login' }, openId, 'invalid_request'],
    ['a response_mode other than query', { response_mode: 'form_post' }, openId, 'invalid_request'],
    ['a max_age that is no number', { max_age: '-1' }, openId, 'invalid_request'],
  ] as const)('sends an error to the partner: %s', (_name, changes, rules, error) => {
    const decision = judge(changes, rules);
    expect(decision).toMatchObject({ kind: 'redirect', error, redirectUri: complete.redirect_uri });
    expect(decision).toHaveProperty('state', 'state' in changes ? null : complete.state);
  });

  it('wants a challenge of public clients', () => {
    expect(judge({}, openId, publicClient)).toMatchObject({ kind: 'redirect', error: 'invalid_request' });
    expect(judge({ code_challenge: challenge, code_challenge_method: 'S256' }, openId, publicClient).kind).toBe(
      'accepted',
    );
  });

  it('refuses a repeated parameter of any name, and trusts neither value of a repeated state', () => {
    expect(judge({}, lenient, client, '&scope=saldo')).toMatchObject({
      kind: 'redirect',
      error: 'invalid_request',
      state: complete.state,
    });
    expect(judge({}, lenient, client, '&x=1&x=2')).toMatchObject({ kind: 'redirect', error: 'invalid_request' });
    expect(judge({}, lenient, client, '&state=other')).toMatchObject({
      kind: 'redirect',
      error: 'invalid_request',
      state: null,
    });
  });

  it('treats a parameter without a value as absent, and ignores unknown ones', () => {
    const decision = judge({ state: '' }, lenient, client, '&__proto__=1&constructor=2&unknown=3');
    expect(decision.kind === 'accepted' && decision.request.state).toBe(null);
  });

  it('grants the registered part where the rest is ignored, in the order asked for and once each', () => {
    const decision = judge({ scope: 'tudo extrato saldo extrato' }, { ...lenient, unregisteredScope: 'ignore' });
    expect(decision.kind === 'accepted' && decision.request.scope).toEqual(['extrato', 'saldo']);
  });

  it('keeps any state byte for byte', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((state) => !/[\0\uFFFD]/.test(state)),
        (state) => {
          const accepted = judge({ state });
          expect(accepted.kind === 'accepted' && accepted.request.state).toBe(state);
          const refused = judge({ state, scope: 'tudo' });
          expect(refused.kind === 'redirect' && refused.state).toBe(state);
        },
      ),
    );
  });

  it('redirects to nothing but a registered address, whatever is sent', () => {
    const values = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string(),
      fc.constantFrom(...client.redirectUris),
    );
    fc.assert(
      fc.property(values, fc.string(), fc.string(), (redirectUri, scope, responseType) => {
        const decision = judge({ redirect_uri: redirectUri, scope, response_type: responseType });
        const target =
          decision.kind === 'redirect'
            ? decision.redirectUri
            : decision.kind === 'accepted'
              ? decision.request.redirectUri
              : null;
        expect(target === null || client.redirectUris.includes(target)).toBe(true);
        if (client.redirectUris.includes(redirectUri)) expect(decision.kind).not.toBe('page');
      }),
    );
  });
});
