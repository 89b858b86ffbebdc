import { describe, expect, it } from 'vitest';
import type { Answer } from '../banks/exchange.js';
import {
  parameterOf,
  readAuthorizationResponse,
  withAuthorizationResponse,
  withParameter,
  withoutParameter,
} from './authorization-response.js';

function redirect(location: string): Answer {
  return {
    status: 302,
    headers: [
      ['location', location],
      ['x-other', '1'],
    ],
    body: '',
    toPartner: true,
  };
}

function read(location: string) {
  const response = readAuthorizationResponse(redirect(location));
  if (response === null) throw new Error(`${location} carries no authorization response.`);
  return response;
}

describe('an authorization response', () => {
  it.each([
    'http://localhost:3000/callback?code=c&state=a%20b%2Bc%26d',
    'http://localhost:3000/callback?error=access_denied&error_description=N%C3%A3o&iss=https%3A%2F%2Fid.invalid&state=e',
    'https://app.invalid/r?code=proprio&state=proprio&x&code=c&state=e',
    'http://localhost:3000/callback?code=c%3D%3D',
  ])('is read from %s and written as it was', (location) => {
    const answer = redirect(location);
    expect(withAuthorizationResponse(answer, read(location))).toEqual(answer);
  });

  it('leaves the query of the redirect_uri alone', () => {
    const response = read('https://app.invalid/r?state=proprio&code=c&state=e');
    expect(response.redirectUri).toBe('https://app.invalid/r?state=proprio&');
    expect(response.parameters).toEqual([
      ['code', 'c'],
      ['state', 'e'],
    ]);
  });

  it.each(['http://localhost:3000/callback', 'http://localhost:3000/callback?state=e', 'http://app.invalid/#code=c'])(
    'is not in %s',
    (location) => {
      expect(readAuthorizationResponse(redirect(location))).toBe(null);
    },
  );

  it('is not in an answer without Location', () => {
    expect(readAuthorizationResponse({ status: 200, headers: [], body: '' })).toBe(null);
  });

  it('changes and drops a parameter that is there', () => {
    const response = read('http://localhost:3000/callback?code=c&state=e');
    expect(parameterOf(withParameter(response, 'state', (state) => `${state}!`) ?? response, 'state')).toBe('e!');
    expect(withoutParameter(response, 'state')?.parameters).toEqual([['code', 'c']]);
    expect(withParameter(response, 'iss', () => 'i')).toBe(null);
    expect(withoutParameter(response, 'iss')).toBe(null);
  });
});
