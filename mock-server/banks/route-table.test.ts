import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer } from './exchange.js';
import { RouteTable } from './route-table.js';
import type { Route } from './route-table.js';

const handle = (): ReturnType<typeof answer> => answer(200, [], '');
const route = (method: Route['method'], path: string): Route => ({ method, path, endpoint: 'api', handle });
const table = new RouteTable([
  route('GET', '/accounts'),
  route('POST', '/accounts'),
  route('GET', '/.well-known/openid-configuration'),
  route('GET', '/:companyId/accounts'),
  route('GET', '/:companyId/accounts/:accountId/balances'),
]);

describe('RouteTable', () => {
  it.each([
    ['GET', '/accounts', 'route'],
    ['POST', '/accounts', 'route'],
    ['PUT', '/accounts', 'other-method'],
    ['get', '/accounts', 'other-method'],
    ['GET', '/Accounts', 'none'],
    ['GET', '/accounts/', 'none'],
    ['GET', '/12/accounts', 'route'],
    ['POST', '/12/accounts', 'other-method'],
    ['GET', '//accounts', 'none'],
    ['GET', '/1/2/accounts', 'none'],
    ['GET', '/12/accounts/3/balances', 'route'],
    ['GET', '/12/accounts//balances', 'none'],
    ['GET', '/12/accounts/3/balances/x', 'none'],
    ['GET', '/Xwell-known/openid-configuration', 'none'],
    ['GET', '', 'none'],
  ])('%s %s is %s', (method, path, kind) => {
    expect(table.match(method, path).kind).toBe(kind);
  });

  it('says which methods are allowed', () => {
    expect(table.match('PUT', '/accounts')).toEqual({
      kind: 'other-method',
      endpoint: 'api',
      allowed: ['GET', 'POST'],
    });
  });

  it('gives segments percent-decoded, and as they came where that cannot be', () => {
    const parameters = (path: string): unknown => {
      const match = table.match('GET', path);
      return match.kind === 'route' ? match.parameters : null;
    };
    expect(parameters('/a%2Fb/accounts/%C3%A9/balances')).toEqual({ companyId: 'a/b', accountId: 'é' });
    expect(parameters('/%zz/accounts')).toEqual({ companyId: '%zz' });
    expect(parameters('/__proto__/accounts')).toEqual({ companyId: '__proto__' });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (segment) => {
        expect(parameters(`/${encodeURIComponent(segment)}/accounts`)).toEqual({ companyId: segment });
      }),
    );
  });
});
