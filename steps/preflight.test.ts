import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransportError } from '../client/transport-error.js';
import { wrongSecret } from './client-driver.js';
import { createMockTarget } from './mock-target.js';
import { preflight } from './preflight.js';
import { outsideProduction } from './production-hosts.js';
import type { BankUnderTest, Target } from './target.js';

let target: Target;
beforeAll(async () => {
  target = await createMockTarget();
});
afterAll(() => target.close());

async function withBank(bank: 'bs2' | 'btg', judge: (opened: BankUnderTest) => Promise<void>): Promise<void> {
  const opened = await target.open(bank, (transport) => transport);
  await judge(opened).finally(() => opened.close());
}

describe.each(['bs2', 'btg'] as const)('the preflight of %s', (bank) => {
  it('lets a target through that can be judged', async () => {
    await withBank(bank, async (opened) => {
      await expect(preflight(opened)).resolves.toBeUndefined();
    });
  });

  it('names the client that the bank does not know', async () => {
    await withBank(bank, async (opened) => {
      const client = { ...opened.client, secret: wrongSecret(opened.client) };
      const setting = 'client.id and client.secret';
      await expect(preflight({ ...opened, client })).rejects.toMatchObject({ code: 'ERR_PREFLIGHT', setting });
    });
  });

  it('names the redirect URI that the bank does not take', async () => {
    await withBank(bank, async (opened) => {
      const client = { ...opened.client, redirectUri: 'https://other.example/callback' };
      await expect(preflight({ ...opened, client })).rejects.toMatchObject({
        code: 'ERR_PREFLIGHT',
        setting: 'client.redirectUri and client.id',
      });
    });
  });

  it.each([
    ['a certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', {}, /certificate of .* is not trusted .*Check tls\.ca/],
    ['a connection', 'ECONNREFUSED', {}, /does not answer \(ECONNREFUSED\)\. Check baseUrl/],
    [
      'a proxy',
      'UND_ERR_ABORTED',
      { HTTPS_PROXY: 'http://u:synthetic-pass@127.0.0.1:1' },
      /; HTTPS_PROXY names a proxy/,
    ],
  ])('says what is wrong with %s', async (_what, reason, environment, expected) => {
    await withBank(bank, async (opened) => {
      const cause = { origin: '', method: 'POST', reason };
      const fetch = (): Promise<Response> =>
        Promise.reject(new TransportError('ERR_TRANSPORT_NOT_SENT', 'refused', { cause }));
      const judged = preflight({ ...opened, fetch }, environment);
      await expect(judged).rejects.toThrow(expected);
      await expect(judged).rejects.not.toThrow(/synthetic-pass/);
    });
  });

  it('names the address below which there is no bank', async () => {
    await withBank(bank, async (opened) => {
      const fetch = async (): Promise<Response> => new Response('not found', { status: 404 });
      await expect(preflight({ ...opened, fetch })).rejects.toMatchObject({ setting: 'baseUrl (or endpoints.token)' });
    });
  });

  it('leaves a redirect to production to say so itself', async () => {
    await withBank(bank, async (opened) => {
      const fetch = outsideProduction(async (request) =>
        request.method === 'POST'
          ? opened.fetch(request)
          : new Response(null, { status: 302, headers: { location: 'https://id.btgpactual.com/login' } }),
      );
      await expect(preflight({ ...opened, fetch })).rejects.toMatchObject({ code: 'ERR_PRODUCTION_HOST' });
    });
  });

  it('names the host that does not answer', async () => {
    await withBank(bank, async (opened) => {
      const fetch = (): Promise<Response> => Promise.reject(new TransportError('ERR_TRANSPORT_NOT_SENT', 'refused'));
      await expect(preflight({ ...opened, fetch })).rejects.toMatchObject({
        setting: 'baseUrl (or endpoints.token)',
      });
    });
  });
});
