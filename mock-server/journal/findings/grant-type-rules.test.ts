import { expect, it } from 'vitest';
import { Partner } from './testing/partner.js';

it('password-grant is a warning at BS2 and failed at BTG', async () => {
  const partner = await Partner.open();
  const form = { grant_type: 'password', username: 'correntista', password: partner.tenant.user?.password ?? '' };
  expect((await partner.token('bs2', { ...form, scope: 'saldo' })).status).toBe(200);
  await partner.token('btg', { ...form, scope: 'openid' });
  await partner.connect('bs2');
  expect(await partner.found('password-grant')).toMatchObject([
    { severity: 'warning', bank: 'bs2', entry: 1 },
    { severity: 'failed', bank: 'btg', entry: 2 },
  ]);
  expect(await partner.found('grant-type-not-offered')).toEqual([]);
});

it('grant-type-not-offered is said of none and of an unknown one', async () => {
  const partner = await Partner.open();
  await partner.token('bs2', { scope: 'saldo' });
  await partner.token('btg', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code' });
  await partner.token('btg', { grant_type: 'client_credentials', scope: 'apps' });
  expect(await partner.severities('grant-type-not-offered')).toEqual(['failed', 'failed']);
});

it('token-request-not-form is said of JSON, of another content type and of nothing', async () => {
  const partner = await Partner.open();
  await partner.token('bs2', '{"grant_type":"client_credentials"}', {
    headers: { 'content-type': 'application/json' },
  });
  await partner.token('btg', 'grant_type=client_credentials', { headers: { 'content-type': 'text/plain' } });
  await partner.token('btg', '', { headers: { 'content-type': null } });
  await partner.token('bs2', { grant_type: 'client_credentials', scope: 'saldo' });
  expect((await partner.found('token-request-not-form')).map(({ message }) => message)).toEqual([
    expect.stringContaining('is JSON'),
    expect.stringContaining('lacks Content-Type'),
    expect.stringContaining('has no body'),
  ]);
});

it('client-credentials-for-banking is said at the call', async () => {
  const partner = await Partner.open();
  const { scope } = partner.client('btg');
  const { accessToken } = await partner.token('btg', { grant_type: 'client_credentials', scope });
  expect(await partner.call('btg', accessToken)).toBe(403);
  await partner.call('btg', (await partner.connect('btg')).accessToken);
  expect(await partner.found('client-credentials-for-banking')).toMatchObject([{ severity: 'failed', entry: 2 }]);
});
