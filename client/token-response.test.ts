import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HomologaError } from '../foundation/homologa-error.js';
import { retryAfterSeconds, type HttpAnswer } from './http-answer.js';
import { TokenEndpointError } from './token-endpoint-error.js';
import { judgeTokenResponse } from './token-response.js';

const context = { requestedAt: 1_000_000, requestedScope: 'saldo' };
const minimal = { access_token: 'synthetic-access', token_type: 'Bearer' };

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return {
    status,
    headers: new Headers({ 'content-type': 'application/json;charset=UTF-8', ...headers }),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function failure(given: HttpAnswer): HomologaError {
  try {
    judgeTokenResponse(given, context);
  } catch (error) {
    if (error instanceof HomologaError) return error;
    throw error;
  }
  throw new Error('the answer was accepted');
}

describe('judgeTokenResponse', () => {
  it('reads BS2’s CRLF pretty print', () => {
    const body =
      '{\r\n  "access_token":"synthetic-access",\r\n  "token_type":"Bearer",\r\n  "expires_in":420,\r\n  "refresh_token":"synthetic-refresh",\r\n  "scope":"saldo extrato"\r\n}';
    expect(judgeTokenResponse(answer(200, body), context)).toEqual({
      accessToken: 'synthetic-access',
      accessTokenExpiresAt: 1_420_000,
      expiresInSeconds: 420,
      refreshToken: 'synthetic-refresh',
      scope: 'saldo extrato',
      idToken: null,
      idTokenClaims: null,
      requestedAt: 1_000_000,
    });
  });

  it.each([
    [minimal, { accessTokenExpiresAt: null, refreshToken: null, scope: 'saldo' }],
    [{ ...minimal, token_type: 'bEARER' }, {}],
    [
      { ...minimal, company_id: '1', scope: '', refresh_token: '' },
      { scope: 'saldo', refreshToken: null },
    ],
    [{ ...minimal, expires_in: '300' }, { accessTokenExpiresAt: 1_300_000 }],
    [{ ...minimal, expires_in: 0 }, { accessTokenExpiresAt: 1_000_000 }],
    [{ ...minimal, expires_in: -1 }, { accessTokenExpiresAt: null }],
    [{ ...minimal, expires_in: 'soon' }, { accessTokenExpiresAt: null }],
    [{ ...minimal, access_token: 'x'.repeat(100_000) }, {}],
  ])('accepts %j', (body, expected) => {
    expect(judgeTokenResponse(answer(200, body), context)).toMatchObject(expected);
  });

  it('accepts an answer without content type, and +json', () => {
    const bare = { ...answer(200, minimal), headers: new Headers() };
    expect(judgeTokenResponse(bare, context).accessToken).toBe('synthetic-access');
    const other = answer(200, minimal, { 'content-type': 'application/oauth+json' });
    expect(judgeTokenResponse(other, context).accessToken).toBe('synthetic-access');
  });

  it.each([
    [answer(302, '', { location: '/x' }), 'ERR_TOKEN_RESPONSE_STATUS'],
    [answer(204, ''), 'ERR_TOKEN_RESPONSE_STATUS'],
    [answer(201, minimal), 'ERR_TOKEN_RESPONSE_STATUS'],
    [answer(200, '<html>', { 'content-type': 'text/html' }), 'ERR_TOKEN_RESPONSE_CONTENT_TYPE'],
    [answer(200, ''), 'ERR_TOKEN_RESPONSE_MALFORMED'],
    [answer(200, '{"access_token":"synth'), 'ERR_TOKEN_RESPONSE_MALFORMED'],
    [answer(200, '[]'), 'ERR_TOKEN_RESPONSE_MALFORMED'],
    [answer(200, 'null'), 'ERR_TOKEN_RESPONSE_MALFORMED'],
    [answer(200, '"text"'), 'ERR_TOKEN_RESPONSE_MALFORMED'],
    [answer(200, { token_type: 'Bearer' }), 'ERR_TOKEN_RESPONSE_ACCESS_TOKEN'],
    [answer(200, { ...minimal, access_token: 7 }), 'ERR_TOKEN_RESPONSE_ACCESS_TOKEN'],
    [answer(200, { ...minimal, access_token: '' }), 'ERR_TOKEN_RESPONSE_ACCESS_TOKEN'],
    [answer(200, { access_token: 'synthetic-access' }), 'ERR_TOKEN_RESPONSE_TOKEN_TYPE'],
    [answer(200, { ...minimal, token_type: 'mac' }), 'ERR_TOKEN_RESPONSE_TOKEN_TYPE'],
    [answer(400, { error: 'invalid_grant' }), 'ERR_TOKEN_REFUSED'],
    [answer(400, '<html>', { 'content-type': 'text/html' }), 'ERR_TOKEN_REFUSED'],
    [answer(401, { error: 'invalid_client' }), 'ERR_TOKEN_REFUSED'],
    [answer(429, ''), 'ERR_TOKEN_RATE_LIMITED'],
    [answer(500, ''), 'ERR_TOKEN_SERVER_ERROR'],
    [answer(503, { error: 'invalid_grant' }), 'ERR_TOKEN_SERVER_ERROR'],
  ])('%# refuses with %s', (given, code) => {
    expect(failure(given).code).toBe(code);
  });

  it('reports what the bank said, masked', () => {
    const error = failure(
      answer(400, { error: 'invalid_grant', error_description: 'No token 00000000-0000-4000-8000-000000000000' }),
    );
    expect(error).toBeInstanceOf(TokenEndpointError);
    expect(error).toMatchObject({ status: 400, error: 'invalid_grant', errorDescription: 'No token [masked]' });
  });

  it('reports Retry-After', () => {
    expect(failure(answer(429, '', { 'retry-after': '17' }))).toMatchObject({ retryAfterSeconds: 17 });
  });

  it('any bytes are judged, never a crash, and no secret is repeated', () => {
    const secret = 'synthetic-secret-0001';
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constant(JSON.stringify({ error: secret, error_description: secret })),
    );
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), text, (status, body) => {
        try {
          judgeTokenResponse(answer(status, body), { ...context, secrets: [secret] });
        } catch (error) {
          expect(error).toBeInstanceOf(HomologaError);
          expect(JSON.stringify([String(error), error, error instanceof Error && error.cause])).not.toContain(secret);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('retryAfterSeconds', () => {
  it.each([
    [{}, null],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '60' }, 60],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:10 GMT' }, 60],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:01:10 GMT', date: 'Thu, 01 Jan 1970 00:01:00 GMT' }, 10],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:01 GMT' }, 0],
  ])('%j at 10 s gives %s', (headers, expected) => {
    expect(retryAfterSeconds(new Headers(headers), 10_000)).toBe(expected);
  });
});
