import { describe, expect, it } from 'vitest';
import { exchange } from '../client/http-transport.js';
import { isProductionHost, outsideProduction } from './production-hosts.js';

describe('hosts of production', () => {
  it.each([
    ['id.btgpactual.com', true],
    ['ID.BTGPactual.com.', true],
    ['api.bs2.com', true],
    ['id.sandbox.btgpactual.com', false],
    ['apihmz.bancobonsucesso.com.br', false],
    ['id.btgpactual.com.example', false],
    ['127.0.0.1', false],
  ])('%s: %s', (host, expected) => {
    expect(isProductionHost(host)).toBe(expected);
  });

  it('get no request, also where a redirect leads there', async () => {
    const sent: string[] = [];
    const transport = outsideProduction(async ({ url }) => {
      sent.push(url);
      return new Response();
    });
    await transport(new Request('https://id.sandbox.btgpactual.com/oauth2/authorize'));
    await expect(transport(new Request('https://api.bs2.com:8443/auth'))).rejects.toMatchObject({
      code: 'ERR_PRODUCTION_HOST',
    });
    await expect(exchange(transport, new Request('https://id.btgpactual.com/login'))).rejects.toMatchObject({
      code: 'ERR_PRODUCTION_HOST',
      message: expect.stringContaining('Nothing is sent there') as string,
    });
    expect(sent).toEqual(['https://id.sandbox.btgpactual.com/oauth2/authorize']);
  });
});
