import { describe, expect, it } from 'vitest';
import type { HttpTransport } from '../client/http-transport.js';
import { noteWireFacts } from '../client/wire-facts.js';
import { Redactor } from '../reports/redaction/redactor.js';
import { createExchangeLog } from './exchange-log.js';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function recorded(response: Response, redactor = new Redactor()) {
  const log = createExchangeLog(new AbortController().signal, redactor);
  const transport: HttpTransport = async () => response;
  await log.observe(transport)(new Request('https://banco.example/token'));
  const [exchange] = log.record();
  return exchange;
}

describe('the log of exchanges', () => {
  it('keeps names of headers in order, TLS, and the form of the body before it was masked', async () => {
    const body = '{\r\n  "refresh_token":"segredo-1234",\r\n  "accounts":[{"number":123456}]\r\n}';
    const response = new Response(body, { headers: { 'content-type': 'application/json', date: 'today' } });
    const tls = { serverName: 'banco.example', protocol: 'TLSv1.3' };
    noteWireFacts(response, { headerNames: ['Date', 'Content-Type'], tls });
    expect(await recorded(response)).toMatchObject({
      tls,
      response: {
        headerNames: ['Date', 'Content-Type'],
        body: '{\r\n  "refresh_token":"«refresh_token#1»",\r\n  "accounts":[{"number":"«account#1»"}]\r\n}',
        json: {
          whitespace: 'lines-crlf',
          members: [
            ['refresh_token', 'string'],
            ['accounts', 'array'],
            ['accounts[]', 'object'],
            ['accounts[].number', 'number'],
          ],
        },
      },
    });
  });

  it('says nothing of what the transport does not show', async () => {
    const exchange = await recorded(new Response('Invalid token'));
    expect(exchange).not.toHaveProperty('tls');
    expect(exchange?.response).not.toHaveProperty('headerNames');
    expect(exchange?.response).not.toHaveProperty('json');
  });

  it('masks secrets in names too', async () => {
    const redactor = new Redactor();
    redactor.learn('client_secret', 'segredo-do-cliente');
    const response = new Response('{"segredo-do-cliente":1}');
    noteWireFacts(response, { headerNames: ['X-segredo-do-cliente'], tls: null });
    expect(JSON.stringify(await recorded(response, redactor))).not.toContain('segredo-do-cliente');
  });

  it('keeps the claims of a JWT that holds what is known to be secret, masked one by one', async () => {
    const redactor = new Redactor();
    redactor.learn('username', 'maria-da-silva');
    const jwt = (sub: string) =>
      `${base64url({ alg: 'HS256' })}.${base64url({ sub, iat: 100, exp: 400 })}.c2lnbmF0dXJlLW9m`;
    for (const body of [{ id_token: jwt('maria-da-silva') }, { id_token: jwt('maria-da-silva x') }]) {
      const exchange = await recorded(new Response(JSON.stringify(body)), redactor);
      expect(exchange?.response?.body).toMatch(
        /«id_token#\d» \{'alg':'HS256'\} \{'sub':'«[^']*','iat':100,'exp':400\}/,
      );
      expect(exchange?.response?.json?.members).toEqual([['id_token', 'jwt']]);
      expect(JSON.stringify(exchange)).not.toMatch(/maria|eyJ/);
    }
  });
});
