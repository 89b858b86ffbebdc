import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransportError } from '../client/transport-error.js';
import { wrongSecret } from './client-driver.js';
import { createMockTarget } from './mock-target.js';
import { preflight } from './preflight.js';
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

  it('names the host that does not answer', async () => {
    await withBank(bank, async (opened) => {
      const fetch = (): Promise<Response> => Promise.reject(new TransportError('ERR_TRANSPORT_NOT_SENT', 'refused'));
      await expect(preflight({ ...opened, fetch })).rejects.toMatchObject({
        setting: 'baseUrl (or endpoints.token)',
      });
    });
  });
});
