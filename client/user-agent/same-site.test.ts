import { describe, expect, it } from 'vitest';
import { sameSiteContext, siteOf } from './same-site.js';

describe('siteOf', () => {
  it.each([
    ['http://localhost:3000/a', 'http://localhost'],
    ['http://127.0.0.1:4010/', 'http://127.0.0.1'],
    ['http://[::1]:1/', 'http://::1'],
    ['https://id.btgpactual.com/', 'https://btgpactual.com'],
    ['https://app.example.com.br/', 'https://example.com.br'],
    ['https://bank.test/', 'https://bank.test'],
  ])('%s is %s', (url, site) => {
    expect(siteOf(new URL(url))).toBe(site);
  });
});

describe('sameSiteContext', () => {
  it.each([
    [null, 'https://app.test/', 'GET', 'strict'],
    ['http://localhost:4010/login', 'http://localhost:3000/callback', 'GET', 'strict'],
    ['http://localhost:4010/login', 'http://127.0.0.1:3000/callback', 'GET', 'lax'],
    ['https://bank.test/login', 'https://app.example/callback', 'GET', 'lax'],
    ['https://bank.test/login', 'https://app.example/callback', 'POST', 'none'],
    ['http://app.test/', 'https://app.test/', 'GET', 'lax'],
  ])('from %s to %s by %s is %s', (from, to, method, context) => {
    expect(sameSiteContext(from === null ? null : new URL(from), new URL(to), method)).toBe(context);
  });
});
