import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../../scripts/chromium-for-tests.js';
import {
  launchChromium,
  lookIn,
  openPage,
  seriousViolations,
  sidewaysOverflow,
  takeScreenshot,
  views,
} from '../../scripts/pages-in-chromium.js';
import type { VisitedPage } from '../../scripts/pages-in-chromium.js';
import { startMockServer } from '../mock-server.js';
import type { MockServer } from '../mock-server.js';
import { PartnerTraffic } from './testing/partner-traffic.js';

const executablePath = chromiumForTests('Tests of the dashboard’s views');
const mostBytes = 150_000;

describe.skipIf(executablePath === null)('the dashboard’s views', () => {
  let browser: Browser;
  let mock: MockServer;
  let visited: VisitedPage;
  let grantId = '';
  let spentToken = '';

  beforeAll(async () => {
    [browser, mock] = await Promise.all([launchChromium(executablePath), startMockServer()]);
    const { defaultTenant: tenant } = mock;
    for (const bank of ['bs2', 'btg'] as const) {
      const partner = new PartnerTraffic(mock, tenant, bank);
      const { code } = await partner.consent();
      const tokens = await partner.tokens(partner.redeem(code));
      await partner.call(tokens.access_token);
      await tenant.clock.advance('PT2H');
      await partner.call(tokens.access_token);
      await partner.refresh(tokens.refresh_token);
      await partner.refresh(tokens.refresh_token);
      await partner.redeem(code);
      spentToken = tokens.refresh_token;
    }
    await tenant.grants.create({ bank: 'bs2', age: 'P29D' });
    grantId = (await tenant.grants.list()).find(({ bank, origin }) => bank === 'btg' && origin === 'consent')?.id ?? '';
    await tenant.faults.create({ at: 'btg.token', times: 0, effect: { status: 503 } });
    await tenant.mutants.set(['bs2.refresh-not-rotated']);
    visited = await openPage(browser);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await mock.close();
  });

  it('come from this server alone, without inline scripts, in less than 150 kB', async () => {
    const { page, problems, requests } = await openPage(browser);
    const sizes: number[] = [];
    const policies: string[] = [];
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (path !== '/' && !path.startsWith('/dashboard/')) return;
      policies.push(response.headers()['content-security-policy'] ?? '');
      void response.body().then((body) => sizes.push(body.byteLength));
    });
    await page.goto(mock.url);
    await page.getByRole('listbox').waitFor();
    expect(requests.filter((url) => !url.startsWith(mock.url) && !url.startsWith('data:'))).toEqual([]);
    expect(problems).toEqual([]);
    await expect.poll(() => sizes.length).toBe(3);
    expect(policies).toHaveLength(3);
    for (const policy of policies) {
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe');
    }
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThan(mostBytes);
    await page.context().close();
  });

  const places = [
    'journal',
    'request',
    'explained',
    'empty',
    'grants',
    'life',
    'phone',
    'faults',
    'mutants',
    'people',
    'connect',
    'settings',
  ];
  it.each(places)(
    '%s: nothing that axe-core finds serious, nothing to scroll sideways, in both colours and sizes',
    async (place) => {
      const { page, problems } = visited;
      const [newest] = (await mock.defaultTenant.journal.list())
        .filter(({ findings }) => findings.length > 0)
        .slice(-1);
      const fragment =
        place === 'life' ? `grants/${grantId}` : place === 'request' ? `journal/${String(newest?.id)}` : place;
      const shown = place === 'explained' || place === 'empty' ? 'journal' : fragment;
      const tenant = place === 'empty' ? await mock.createTenant() : mock.defaultTenant;
      await page.goto(`${mock.url}/?tenant=${tenant.id}#/${shown}`);
      await page.locator('.live-live').waitFor();
      const ready: Readonly<Record<string, string>> = {
        life: '.sequence',
        request: '.finding',
        grants: '.card',
        people: 'tbody tr',
      };
      await page
        .locator(ready[place] ?? 'main')
        .first()
        .waitFor();
      if (place === 'explained') {
        await page.getByRole('searchbox').fill(spentToken);
        await page.keyboard.press('Enter');
        await page.locator('.explanation.dead').waitFor();
      }
      // Two hundred switches of one kind are looked at in a few.
      if (place === 'mutants') await page.getByRole('searchbox').fill('refresh-');
      for (const view of views) {
        await lookIn(page, view);
        await takeScreenshot(page, `dashboard-${place}-${view.name}`);
        expect.soft(await sidewaysOverflow(page), `${place} ${view.name}`).toBe(0);
        expect.soft(await seriousViolations(page), `${place} ${view.name}`).toEqual([]);
      }
      await lookIn(page, views[0] ?? { name: '', viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
      expect(problems).toEqual([]);
    },
    40_000,
  );

  it('without a script say where else everything is', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(mock.url);
    expect(await page.locator('noscript').isVisible()).toBe(true);
    await page.context().close();
  });
});
