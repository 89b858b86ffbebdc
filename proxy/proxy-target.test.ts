import { describe, expect, test } from 'vitest';
import { judgeTarget, parseTunnelTarget, parseWholeUrl } from './proxy-target.js';

function tunnelTo(text: string, passThrough = false): string {
  const target = parseTunnelTarget(text);
  if (target === null) return 'unreadable';
  const judgement = judgeTarget(target, passThrough);
  if (judgement.kind === 'bank') return judgement.ownHost.host;
  return judgement.kind === 'refused' ? judgement.why : judgement.kind;
}

describe('a tunnel', () => {
  test.each([
    ['id.btgpactual.com:443', 'id.btgpactual.com'],
    ['ID.SANDBOX.BTGPactual.com:443', 'id.sandbox.btgpactual.com'],
    ['id.btgpactual.com.:443', 'id.btgpactual.com'],
    ['api.bs2.com:8443', 'api.bs2.com'],
    ['api.empresas.btgpactual.com:8443', 'bank-port'],
    ['id.btgpactual.com:80', 'bank-port'],
    ['www.btgpactual.com:443', 'bank-domain'],
    ['btgpactual.com:443', 'bank-domain'],
    ['app.empresashml.bs2.com:443', 'bank-domain'],
    ['id.btgpactual.com.example:443', 'other-host'],
    ['notbs2.com:443', 'other-host'],
    ['example.com:443', 'other-host'],
    ['localhost:3000', 'loopback'],
    ['[::1]:3000', 'loopback'],
    ['127.0.0.1:3000', 'loopback'],
    ['192.0.2.7:443', 'other-host'],
  ])('to %s leads to: %s', (text, outcome) => {
    expect(tunnelTo(text)).toBe(outcome);
  });

  test.each([
    ['example.com:443', 'elsewhere'],
    ['localhost:3000', 'elsewhere'],
    ['127.1:3000', 'elsewhere'],
    ['[::1]:3000', 'elsewhere'],
    ['192.0.2.7:443', 'bare-address'],
    ['0xC0000207:443', 'bare-address'],
    ['3221225991:443', 'bare-address'],
    ['[2001:db8::7]:443', 'bare-address'],
    ['[::ffff:192.0.2.7]:443', 'bare-address'],
    ['id.btgpactual.com:443', 'id.btgpactual.com'],
    ['id.btgpactual.com:22', 'bank-port'],
    ['devs.bs2.com:443', 'bank-domain'],
    ['ｉｄ.btgpactual.com:443', 'id.btgpactual.com'],
    ['devs.bs2.com%2e:443', 'bank-domain'],
  ])('to %s leads, with pass-through, to: %s', (text, outcome) => {
    expect(tunnelTo(text, true)).toBe(outcome);
  });

  test.each([
    '',
    'id.btgpactual.com',
    'https://id.btgpactual.com:443',
    'id.btgpactual.com:443/',
    'a@b:443',
    ':443',
    'x:99999',
    'a b:1',
    '[::1:443',
    'x:443 ',
  ])('to %j is unreadable', (text) => {
    expect(tunnelTo(text)).toBe('unreadable');
  });
});

describe('a whole URL', () => {
  test.each([
    ['http://id.btgpactual.com/a?b=c', 80, '/a?b=c'],
    ['HTTPS://id.btgpactual.com', 443, '/'],
    ['https://api.bs2.com:8443/a/../b', 8443, '/b'],
    ['http://id.btgpactual.com//x', 80, '//x'],
  ])('%s is read', (text, port, path) => {
    expect(parseWholeUrl(text)).toMatchObject({ target: { port }, path });
  });

  test.each(['/a', 'ftp://id.btgpactual.com/', 'http://', 'http://a b/', '*'])('%j is none', (text) => {
    expect(parseWholeUrl(text)).toBeNull();
  });

  test('of a bank is played by https at its ports and by http at the usual one', () => {
    const judge = (url: string) => {
      const asked = parseWholeUrl(url);
      return asked === null ? null : judgeTarget(asked.target, true);
    };
    expect(judge('http://id.btgpactual.com/')).toMatchObject({ kind: 'bank' });
    expect(judge('https://id.btgpactual.com/')).toMatchObject({ kind: 'bank' });
    expect(judge('http://id.btgpactual.com:443/')).toMatchObject({ kind: 'refused', why: 'bank-port' });
    expect(judge('https://example.com/')).toMatchObject({ kind: 'refused', why: 'whole-https-url' });
    expect(judge('http://example.com/')).toEqual({ kind: 'elsewhere' });
  });
});
