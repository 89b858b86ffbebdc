import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRegisteredRedirectUri, isUsableRedirectUri, withParameters } from './redirect-uri.js';

const partner = { redirectUris: ['https://partner.example/callback'] };
const seeded = { redirectUris: ['http://localhost:3000/callback'], loopbackPaths: ['/callback'] };

describe('isRegisteredRedirectUri', () => {
  it('takes the registered string', () => {
    expect(isRegisteredRedirectUri(partner, 'https://partner.example/callback')).toBe(true);
  });

  it.each([
    'HTTPS://partner.example/callback',
    'https://PARTNER.example/callback',
    'https://partner.example/Callback',
    'https://partner.example/callback/',
    'https://partner.example/callback?',
    'https://partner.example/callback#',
    'https://partner.example:443/callback',
    'https://partner.example/./callback',
    'https://partner.example/x/../callback',
    'https://partner.example/%63allback',
    'https://partner.example/callback%2f..',
    'https://partner.example@attacker.example/callback',
    'https://user@partner.example/callback',
    'https://partner.example.attacker.example/callback',
    'https://partner.example/callback.attacker.example',
    'http://partner.example/callback',
    '//partner.example/callback',
    ' https://partner.example/callback',
    'https://partner.example/callback ',
    'https://partner.example\\@attacker.example/callback',
    'javascript:alert(1)',
    '',
  ])('refuses the near miss %j', (near) => {
    expect(isRegisteredRedirectUri(partner, near)).toBe(false);
  });

  it('compares ports of a registered loopback address too, where no loopback path is registered', () => {
    const own = { redirectUris: ['http://127.0.0.1:3000/callback'] };
    expect(isRegisteredRedirectUri(own, 'http://127.0.0.1:3000/callback')).toBe(true);
    expect(isRegisteredRedirectUri(own, 'http://127.0.0.1:3001/callback')).toBe(false);
    expect(isRegisteredRedirectUri(own, 'http://localhost:3000/callback')).toBe(false);
  });

  it('takes any port of the three loopback names for a loopback path', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('127.0.0.1', '[::1]', 'localhost'),
        fc.integer({ min: 1, max: 65535 }),
        (host, port) => {
          expect(isRegisteredRedirectUri(seeded, `http://${host}:${String(port)}/callback`)).toBe(true);
        },
      ),
    );
    expect(isRegisteredRedirectUri(seeded, 'http://localhost/callback')).toBe(true);
  });

  it.each([
    'https://localhost:3000/callback',
    'http://LOCALHOST:3000/callback',
    'http://localhost:3000/callback/',
    'http://localhost:3000/Callback',
    'http://localhost:3000/x/../callback',
    'http://localhost:3000/callback?next=https://attacker.example',
    'http://localhost:3000/callback#x',
    'http://user@localhost:3000/callback',
    'http://user:pass@127.0.0.1/callback',
    'http://localhost.attacker.example/callback',
    'http://localhost@attacker.example/callback',
    'http://attacker.example/callback',
    'http://127.0.0.2:3000/callback',
    'http://127.1:3000/callback',
    'http://2130706433/callback',
    'http://0x7f.1/callback',
    'http://0.0.0.0/callback',
    'http://[::ffff:127.0.0.1]/callback',
    'http://[0:0:0:0:0:0:0:1]/callback',
    'http://localhost:0003000/callback',
    'http://localhost:/callback',
    'http://localhost:99999/callback',
    'http:localhost/callback',
    'http:\\\\localhost\\callback',
    'http://localhost./callback',
    'http://loc\talhost/callback',
  ])('refuses the loopback near miss %j', (near) => {
    expect(isRegisteredRedirectUri(seeded, near)).toBe(false);
  });

  it('never takes an address whose host is not loopback and which was not registered', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (uri) => {
        if (isRegisteredRedirectUri(seeded, uri))
          expect(['localhost', '127.0.0.1', '[::1]']).toContain(new URL(uri).hostname);
      }),
    );
  });
});

describe('withParameters', () => {
  it.each([
    ['https://a.example/cb', 'https://a.example/cb?code=x%26y&state=1'],
    ['https://a.example/cb?keep=1', 'https://a.example/cb?keep=1&code=x%26y&state=1'],
    ['https://a.example/cb?', 'https://a.example/cb?code=x%26y&state=1'],
    ['https://a.example/cb?keep=1&', 'https://a.example/cb?keep=1&code=x%26y&state=1'],
  ])('keeps the query of %s', (uri, expected) => {
    expect(
      withParameters(uri, [
        ['code', 'x&y'],
        ['state', '1'],
      ]),
    ).toBe(expected);
  });

  it('carries any value there and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const url = new URL(withParameters('https://a.example/cb?keep=1', [['state', value]]));
        expect(url.searchParams.get('state')).toBe(value);
        expect(url.searchParams.get('keep')).toBe('1');
        expect([...url.searchParams.keys()]).toEqual(['keep', 'state']);
      }),
    );
  });
});

describe('isUsableRedirectUri', () => {
  it.each(['https://a.example/cb', 'http://127.0.0.1:3000/cb?x=1', 'https://a.example'])('takes %s', (uri) => {
    expect(isUsableRedirectUri(uri)).toBe(true);
  });

  it.each([
    '',
    '/cb',
    'a.example/cb',
    'https://a.example/cb#',
    'https://a.example/cb#x',
    'https://user:pass@a.example/cb',
    'javascript:alert(1)',
    'data:text/html,x',
    'app://cb',
    'https://a.example/a b',
    'https://a.example/"><script>',
    'https://a.example\\cb',
    'https://a.example/cb\r\nSet-Cookie: x=1',
    // A header cannot carry these as they are: an address with them is sent percent-encoded.
    'https://a.example/retorno/ação/你好',
  ])('refuses %j', (uri) => {
    expect(isUsableRedirectUri(uri)).toBe(false);
  });
});
