import { expect, it } from 'vitest';
import { Partner } from './testing/partner.js';

it('user-agent-code-missing is said in production, until the code is there', async () => {
  const partner = await Partner.open({ settings: { environment: 'producao' } });
  const credentials = { grant_type: 'client_credentials', scope: 'saldo' };
  expect((await partner.token('bs2', credentials)).status).toBe(403);
  const headers = { 'user-agent': 'aplicacao/1 codigo-de-teste' };
  expect((await partner.token('bs2', credentials, { headers })).status).toBe(200);
  await partner.tenant.settings.patch({ environment: 'homologacao' });
  await partner.token('bs2', credentials);
  expect(await partner.found('user-agent-code-missing')).toMatchObject([{ severity: 'failed', entry: 1 }]);
});

it('developer-login and not-provisioned are info: nothing in the request is wrong', async () => {
  const partner = await Partner.open({ settings: { btg: { requireOperator: true } } });
  const developer = await partner.redeem('btg', await partner.code('btg', {}, 'desenvolvedor'));
  expect(await partner.call('btg', developer.accessToken)).toBe(403);
  expect(await partner.call('btg', (await partner.connect('btg')).accessToken)).toBe(200);
  expect(await partner.found('developer-login')).toMatchObject([{ severity: 'info', entry: 3 }]);

  const { id, secret, scope } = partner.client('bs2');
  const other = await Partner.open({
    clients: [{ bank: 'bs2', id, secret, scope, redirectUris: ['http://localhost:3000/callback'], provisioned: false }],
  });
  expect(await other.call('bs2', (await other.connect('bs2')).accessToken)).toBe(403);
  expect(await other.found('not-provisioned')).toMatchObject([{ severity: 'info', bank: 'bs2' }]);
  expect(await other.accused()).toEqual([]);
});
