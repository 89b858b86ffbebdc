import { startMockServer } from 'homologa/mock-server';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { executablePath, isMissing } from './chromium.js';
import { startShop } from './server.js';

describe.skipIf(isMissing)('a customer at a browser', { timeout: 60_000 }, () => {
  let browser;
  let mock;
  let tenant;
  let shop;
  let page;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath });
    // Cookies ignore ports: the shop is on 127.0.0.1, so the bank is another site only on localhost.
    mock = await startMockServer({ publicHost: 'localhost' });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await mock?.close();
  });
  beforeEach(async () => {
    tenant = await mock.createTenant();
    const { id, secret } = tenant.bs2.client;
    shop = await startShop({ bankUrl: tenant.bs2.baseUrl, apiKey: id, apiSecret: secret });
    page = await browser.newPage();
    await page.goto(shop.origin);
    await page.getByRole('link', { name: 'Conectar o BS2' }).click();
    await page.locator('input[name=username]').fill(tenant.user.username);
    await page.locator('input[name=password]').fill(tenant.user.password);
    await page.locator('input[name=password]').press('Enter');
  });
  afterEach(async () => {
    await page.close();
    await shop.stop();
  });

  test('consents with an SMS token and sees the balance', async () => {
    await page.locator('input[name=factor][value=sms]').check();
    await page.locator('button[name=decision][value=approve]').click();
    await page.waitForSelector('input[name=code]');
    const { sms } = await tenant.secondFactor.get(tenant.user.username); // the phone
    await page.locator('input[name=code]').fill(sms);
    await page.locator('button[name=decision][value=approve]').click();
    await page.getByRole('heading', { name: 'Saldo' }).waitFor();
    expect(await page.textContent('p')).toBe('R$ 12345.67');
  });

  test('refuses, and is told that nothing happened', async () => {
    await page.locator('button[name=decision][value=deny]').click();
    await page.getByRole('heading', { name: 'Consentimento negado' }).waitFor();
    expect(await tenant.grants.list()).toEqual([]);
  });

  test('has to connect again a month later', async () => {
    const { app } = await tenant.secondFactor.get(tenant.user.username); // always there, and moves on
    await page.locator('input[name=factor][value=app]').check();
    await page.locator('button[name=decision][value=approve]').click();
    await page.locator('input[name=code]').fill(app);
    await page.locator('button[name=decision][value=approve]').click();
    await page.getByRole('heading', { name: 'Saldo' }).waitFor();
    await tenant.clock.advance('P30D');
    await page.reload();
    await page.getByRole('link', { name: 'Conectar de novo' }).waitFor();
  });
});
