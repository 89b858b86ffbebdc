import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../../scripts/chromium-for-tests.js';
import {
  launchChromium,
  listenForCallback,
  openPage,
  seriousViolations,
  takeScreenshot,
} from '../../scripts/pages-in-chromium.js';
import type { VisitedPage } from '../../scripts/pages-in-chromium.js';
import { startMockServer } from '../mock-server.js';
import type { MockServer } from '../mock-server.js';
import type { TenantHandle } from '../tenant-handle.js';
import { PartnerTraffic } from './testing/partner-traffic.js';

const executablePath = chromiumForTests('Tests of the dashboard');

describe.skipIf(executablePath === null)('the dashboard', () => {
  let browser: Browser;
  let mock: MockServer;
  let tenant: TenantHandle;
  let visited: VisitedPage;
  let page: Page;

  beforeAll(async () => {
    [browser, mock] = await Promise.all([launchChromium(executablePath), startMockServer()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await mock.close();
  });
  beforeEach(async () => {
    tenant = await mock.createTenant();
    visited = await openPage(browser);
    ({ page } = visited);
  });
  afterEach(async () => {
    const { problems, requests } = visited;
    await page.context().close();
    await tenant.delete().catch(() => undefined);
    expect({ problems, elsewhere: requests.filter((url) => !url.startsWith(mock.url)) }).toEqual({
      problems: [],
      elsewhere: [],
    });
  });

  const show = (view: string): Promise<unknown> => page.goto(`${mock.url}/?tenant=${tenant.id}#/${view}`);
  const partner = (bank: 'bs2' | 'btg'): PartnerTraffic => new PartnerTraffic(mock, tenant, bank);
  const rows = () => page.getByRole('listbox').getByRole('option');
  const detail = () => page.getByRole('complementary', { name: 'Request' });
  const told = () => page.locator('.told p');

  it('teaches while nothing came in, and shows requests as they come in', async () => {
    await show('journal');
    await page.getByRole('heading', { name: 'Nothing came in yet' }).waitFor();
    await takeScreenshot(page, 'dashboard-empty');
    await page.getByRole('button', { name: 'Play a consent' }).click();
    await expect.poll(() => rows().allInnerTexts()).toHaveLength(1);
    expect(await rows().first().innerText()).toMatch(/BS2\s+GET\s+authorize[^]*302\s+code/);
    await partner('btg').redeem('no-code');
    await expect.poll(() => rows().count()).toBe(2);
    // Newest first, and a refusal says why.
    expect(await rows().first().innerText()).toMatch(
      /BTG\s+POST\s+token · authorization code[^]*400\s+invalid_grant: unknown/,
    );
  });

  it('opens a request with headers, bodies, decoded JWTs, its findings, the rule that answered and what it rests on', async () => {
    const btg = partner('btg');
    const { code } = await btg.consent();
    const tokens = await btg.tokens(btg.redeem(code));
    await btg.refresh(tokens.refresh_token);
    await btg.refresh(tokens.refresh_token);
    await show('journal');
    await rows().filter({ hasText: 'spent' }).click();
    await detail().getByText('rotated-refresh-token').first().waitFor();
    await detail().getByText('The refresh token was exchanged before').first().waitFor();
    const shown = await detail().innerText();
    expect(shown).toContain('The refresh token was exchanged before: only the newest works.');
    expect(shown).toContain('A refresh token that was exchanged for a new one does not work again.');
    expect(shown).toMatch(/refresh_token\s+«refresh_token#\d+»/);
    await detail()
      .getByText(/^\d+ headers$/)
      .first()
      .click();
    expect(await detail().innerText()).toContain('application/x-www-form-urlencoded');
    await page.getByRole('link', { name: 'See its whole life' }).waitFor();

    await rows().filter({ hasText: 'token · authorization code' }).click();
    await detail()
      .getByRole('heading', { name: /^JWT in response access_token/ })
      .waitFor();
    const jwts = await detail()
      .getByLabel(/^Decoded JWT/)
      .allInnerTexts();
    expect(jwts.join('\n')).toMatch(/"alg": "RS256"[^]*"typ": "at\+jwt"[^]*"alg": "HS256"/);
    expect(await detail().getByText('signature right').count()).toBe(2);
    const everything = await page.content();
    for (const secret of [code, tokens.access_token, tokens.refresh_token]) expect(everything).not.toContain(secret);
  });

  it('is walked by keyboard', async () => {
    const bs2 = partner('bs2');
    for (const code of ['a', 'b', 'c']) await bs2.redeem(code);
    await show('journal');
    await expect.poll(() => rows().count()).toBe(3);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.getByRole('listbox').focus();
    await page.keyboard.press('ArrowDown');
    await detail()
      .getByRole('heading', { name: /^Request 3/ })
      .waitFor();
    await page.keyboard.press('End');
    await detail()
      .getByRole('heading', { name: /^Request 1/ })
      .waitFor();
    expect(await rows().last().getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Escape');
    await page.getByRole('complementary', { name: 'Phone' }).waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
  });

  it('filters, and finds a pasted token, code or state in spite of redaction', async () => {
    const bs2 = partner('bs2');
    const { code, state } = await bs2.consent();
    const tokens = await bs2.tokens(bs2.redeem(code));
    await bs2.refresh(tokens.refresh_token);
    await bs2.call(tokens.access_token);
    await partner('btg').redeem('no-code');
    await show('journal');
    await expect.poll(() => rows().count()).toBe(5);
    const search = page.getByRole('searchbox');
    await search.fill('refresh tokens');
    await expect.poll(() => rows().count()).toBe(1);
    await search.fill('');
    await page.getByLabel('Bank').selectOption('btg');
    await expect.poll(() => rows().count()).toBe(1);
    await page.getByLabel('Bank').selectOption('both');
    await page.getByLabel('Which requests').selectOption('refused');
    await expect.poll(() => rows().count()).toBe(2);
    await page.getByLabel('Which requests').selectOption('all');

    const panel = page.getByRole('status', { name: 'What became of it' });
    const explain = async (value: string): Promise<string> => {
      await search.fill(value);
      await search.press('Enter');
      await panel.waitFor();
      await expect.poll(() => search.inputValue()).toBe('');
      return panel.innerText();
    };
    expect(await explain(tokens.refresh_token)).toMatch(
      /refresh token\s+refused now[^]*Cause of death: it was exchanged for a newer one/,
    );
    await expect.poll(() => rows().count()).toBe(2);
    await takeScreenshot(page, 'dashboard-explained');
    await panel.getByRole('button', { name: 'Close' }).click();
    expect(await explain(tokens.access_token)).toContain(
      'a newer access token of the same application and account ended it',
    );
    await panel.getByRole('button', { name: 'Close' }).click();
    expect(await explain(code)).toContain('it was redeemed before, and a code works once');
    await panel.getByRole('button', { name: 'Close' }).click();
    expect(await explain(state)).toMatch(/The state of an authorization request of/);
    await panel
      .getByRole('link', { name: /^request/ })
      .first()
      .click();
    await detail().waitFor();
  });

  it('says what an unknown value may be, and nothing of it below the next', async () => {
    await show('journal');
    const search = page.getByRole('searchbox');
    const panel = page.getByRole('status', { name: 'What became of it' });
    await search.fill('<b>nobody gave this</b>');
    await search.press('Enter');
    await panel.getByText('It may be that:').waitFor();
    expect(await panel.innerText()).not.toContain('Cause of death');
    await search.fill('x'.repeat(20_001));
    await search.press('Enter');
    await told().getByText('expected 1 to 20000 characters').waitFor();
    expect(await panel.count()).toBe(0);
    visited.problems.length = 0;
  });

  it('stays whole at an address that leads nowhere', async () => {
    await show('grants/%zz');
    await page.getByText('There is no grant').waitFor();
    await show('journal/nothing');
    await page.getByRole('heading', { name: 'Nothing came in yet' }).waitFor();
    expect(await detail().count()).toBe(0);
    await show('journal/7');
    await detail().getByText('or it never came').waitFor();
    visited.problems.length = 0;
  });

  it('keeps its views where they are when one is chosen', async () => {
    await show('journal');
    const last = page.getByRole('navigation').getByRole('link', { name: 'Settings' });
    await last.waitFor();
    const before = await last.boundingBox();
    await page.getByRole('link', { name: 'Connect my app' }).first().click();
    await page.getByRole('heading', { name: 'Connect my app' }).waitFor();
    expect(await last.boundingBox()).toEqual(before);
  });

  it('draws one grant’s life on a time line and as a sequence, with the cause of each death', async () => {
    await tenant.clock.freeze();
    const bs2 = partner('bs2');
    const { code } = await bs2.consent();
    const first = await bs2.tokens(bs2.redeem(code));
    await bs2.call(first.access_token);
    await tenant.clock.advance('PT8M');
    await bs2.call(first.access_token);
    const second = await bs2.tokens(bs2.refresh(first.refresh_token));
    await tenant.clock.advance('P30D');
    await bs2.refresh(second.refresh_token);
    await show('grants');
    await page.locator('.card h2 a').click();
    await page.getByRole('img', { name: /^5 codes and tokens/ }).waitFor();
    expect(await page.locator('.life-line .token-row').count()).toBe(5);
    const deaths = await page.getByRole('row').allInnerTexts();
    expect(deaths.map((row) => row.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringContaining('Cause of death'),
      expect.stringMatching(/^Code 1 .* once Redeemed for tokens .* request 2/),
      expect.stringMatching(/^Access token 1 .* 2 times Expired/),
      expect.stringMatching(/^Refresh token 1 .* once Exchanged for a newer refresh token .* request 5/),
      expect.stringMatching(/^Access token 2 .* never Expired/),
      expect.stringMatching(/^Refresh token 2 .* once Expired/),
    ]);
    const steps = (await page.locator('.sequence li').allInnerTexts()).map((step) => step.replaceAll(/\s+/g, ' '));
    expect(steps.join('\n')).toMatch(
      /Customer to Bank: Authorization request[^]*code on the redirect[^]*Redeemed for tokens[^]*8 min later[^]*Sent with a call \(401, expired\)[^]*Exchanged for new tokens[^]*30 d later[^]*invalid_grant: expired/,
    );
    await takeScreenshot(page, 'dashboard-grant-life');
    await page.locator('.sequence').getByRole('link', { name: 'request 2' }).click();
    await detail()
      .getByRole('heading', { name: /^Request 2/ })
      .waitFor();
  });

  it('moves the clock', async () => {
    await show('journal');
    const clock = page.getByRole('group', { name: 'Clock' });
    const now = async (): Promise<number> => Date.parse((await tenant.clock.show()).now);
    await clock.getByRole('button', { name: 'Freeze' }).click();
    await clock.getByText('UTC, frozen').waitFor();
    expect((await tenant.clock.show()).mode).toBe('frozen');
    // The pointer rests on the button that was pressed: it must be legible there, too.
    expect(await seriousViolations(page)).toEqual([]);
    let expected = await now();
    for (const [name, ms] of [
      ['+1 min', 60_000],
      ['+7 min', 420_000],
      ['+24 h', 86_400_000],
      ['+30 d', 2_592_000_000],
    ] as const) {
      await clock.getByRole('button', { name, exact: true }).click();
      expected += ms;
      await expect.poll(now).toBe(expected);
    }
    const shown = new Date(expected).toISOString().slice(11, 19);
    await expect.poll(() => clock.locator('time').innerText()).toContain(shown);
    await clock.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(async () => (await tenant.clock.show()).mode).toBe('running');
    await clock.getByRole('button', { name: 'Now' }).click();
    await expect.poll(now).toBeLessThan(Date.now() + 60_000);
  });

  it('makes a grant that is old already, brings its tokens to their last second, and revokes', async () => {
    await show('grants');
    await page.getByText('Nobody has consented yet.').waitFor();
    await page.getByLabel('Age of the new grant').selectOption('PT6M');
    await page.getByRole('button', { name: 'Make a grant' }).click();
    const made = page.getByRole('region', { name: 'The new grant’s tokens' });
    const tokens = JSON.parse(await made.getByLabel('Token response').innerText()) as Record<string, string>;
    const card = page.locator('.card');
    await expect
      .poll(() => card.innerText())
      .toMatch(/Access token\s+(59 s|1 min) left[^]*Refresh token\s+29 d 23 h left/);
    const call = async (): Promise<number> => (await partner('bs2').call(tokens['access_token'] ?? '')).status;
    await card.getByRole('button', { name: 'Access token: 1 s left' }).click();
    await told().getByText('has one second left').waitFor();
    expect((await tenant.clock.show()).mode).toBe('frozen');
    expect(await call()).toBe(200);
    await tenant.clock.advance('PT1S');
    expect(await call()).toBe(401);
    await card.getByRole('button', { name: 'Refresh token: 1 s left' }).click();
    await expect.poll(() => card.innerText()).toMatch(/Refresh token\s+1 s left/);
    await card.getByRole('button', { name: 'Revoke' }).click();
    await expect.poll(async () => (await tenant.grants.list())[0]?.revokedBecause).toBe('revoked-by-user');
    await expect.poll(() => card.innerText()).toMatch(/Refresh token\s+ended/);
  });

  it('shows on the phone the tokens that a bank’s page asks for', async () => {
    await show('journal');
    const phone = page.getByRole('complementary', { name: 'Phone' });
    const token = (title: string) => phone.locator('.token', { has: page.getByRole('heading', { name: title }) });
    await token('Last SMS').getByText('None yet').waitFor();
    const { page: bank } = await openPage(browser);
    const callback = await listenForCallback();
    const address = partner('bs2').authorizationUrl();
    address.searchParams.set('redirect_uri', callback.redirectUri);
    await bank.goto(address.href);
    await bank.getByLabel('Usuário ou CPF').fill('outra');
    await bank.getByLabel('Senha').fill('senha-de-teste');
    await bank.getByRole('button', { name: 'Entrar' }).click();
    await bank.getByLabel('Token SMS').check();
    await bank.getByRole('button', { name: 'Autorizar' }).click();
    // The phone follows who logs in.
    await expect.poll(() => phone.getByLabel('Phone of').inputValue()).toBe('outra');
    await expect.poll(() => token('Last SMS').locator('output').innerText()).toMatch(/^\d{3} \d{3}$/);
    const shown = await token('Last SMS').locator('output').innerText();
    await bank.getByLabel('Token recebido por SMS').fill(shown);
    await bank.getByRole('button', { name: 'Autorizar' }).click();
    await bank.waitForURL(/\/callback\?code=/);
    await bank.context().close();
    await callback.close();
    expect(await token('App token').locator('output').innerText()).toMatch(/^\d{3} \d{3}$/);
  });

  it('switches faults by one click, visibly on', async () => {
    await show('faults');
    const banner = page.getByText('The banks misbehave on purpose');
    expect(await banner.count()).toBe(0);
    const down = page.getByRole('switch', { name: '503 at token' });
    await down.click();
    await banner.waitFor();
    expect(await down.getAttribute('aria-checked')).toBe('true');
    expect((await partner('bs2').redeem('x')).status).toBe(503);
    // It was for the next request.
    await expect.poll(() => banner.count()).toBe(0);
    await page.getByRole('button', { name: 'Until turned off' }).click();
    await page.getByRole('button', { name: 'BTG', exact: true }).click();
    await page.getByLabel('Search the wrong answers').fill('id-token.iss-wrong');
    await page.getByRole('switch', { name: /id-token\.iss-wrong/ }).click();
    await expect
      .poll(async () => (await tenant.faults.list()).map(({ effect }) => effect.alter))
      .toEqual(['btg.id-token.iss-wrong']);
    await page.getByRole('button', { name: 'Turn all off' }).click();
    await expect.poll(() => tenant.faults.list()).toEqual([]);
    await page.getByRole('switch', { name: /id-token\.iss-wrong/, checked: false }).waitFor();
  });

  it('switches mutants by one click, visibly on', async () => {
    await show('mutants');
    await page.getByLabel('Search the mutants').fill('refresh-not-rotated');
    const mutant = page.getByRole('switch', { name: /^bs2\.refresh-not-rotated/ });
    await mutant.click();
    await page.getByText('The banks misbehave on purpose').waitFor();
    expect(await mutant.getAttribute('aria-checked')).toBe('true');
    expect((await tenant.mutants.list()).map(({ id }) => id)).toEqual(['bs2.refresh-not-rotated']);
    await mutant.click();
    await expect.poll(() => tenant.mutants.list()).toEqual([]);
  });

  it('shows clients and users, and gives a client a new secret', async () => {
    await show('people');
    const card = page.locator('.card').filter({ hasText: 'API Key' });
    await card.getByText(tenant.bs2.client?.id ?? '?').waitFor();
    await page.getByRole('row', { name: /bloqueado.*the login is locked/ }).waitFor();
    await card.getByRole('button', { name: 'New secret' }).click();
    await told().getByText('A new secret').waitFor();
    const [fresh] = await tenant.clients.list();
    expect(fresh?.secret).not.toBe(tenant.bs2.client?.secret);
    await card.getByText(fresh?.secret ?? '?').waitFor();
    await page.getByLabel('redirect_uri of the new client').fill('https://parceiro.example/volta');
    await page.getByRole('button', { name: 'Register a client' }).click();
    const registered = page.locator('.card').filter({ hasText: 'https://parceiro.example/volta' });
    await registered.getByRole('button', { name: 'Remove' }).click();
    await registered.getByRole('button', { name: 'Remove for good' }).click();
    await expect.poll(async () => (await tenant.clients.list()).length).toBe(2);
    await page.getByLabel('Username of the new user').fill('maria');
    await page.getByRole('button', { name: 'Register a user' }).click();
    await page.getByRole('row', { name: /maria/ }).waitFor();
    expect((await tenant.users.get('maria')).password).toBe('senha-de-teste');
  });

  it('gives lines to copy that connect an application', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await show('connect');
    await page.locator('.with-copy').getByRole('button', { name: 'Copy' }).click();
    await page.locator('.with-copy').getByText('Copied').waitFor();
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(copied.split('\n')).toEqual(
      expect.arrayContaining([
        `BS2_TOKEN_ENDPOINT=${tenant.bs2.tokenEndpoint}`,
        `BS2_API_KEY=${tenant.bs2.client?.id ?? ''}`,
      ]),
    );
    await page.getByRole('button', { name: 'BTG', exact: true }).click();
    for (const stack of ['Shell', 'Docker Compose', 'Spring Boot', 'ASP.NET', 'openid-client']) {
      await page.getByRole('button', { name: stack }).click();
      expect(await page.getByLabel(`Lines for ${stack}`).innerText()).toContain(tenant.btg.client?.id);
    }
  });

  it('changes settings, and says why one is refused', async () => {
    await show('settings');
    const lifetime = page.locator('#setting-bs2-accessTokenLifetime');
    await lifetime.fill('PT5M');
    await lifetime.press('Enter');
    await expect.poll(async () => (await tenant.settings.get()).bs2.accessTokenLifetime).toBe('PT5M');
    await page.locator('#setting-btg-discovery').check();
    await expect.poll(async () => (await tenant.settings.get()).btg.discovery).toBe(true);
    await page.getByRole('button', { name: 'Produção' }).click();
    await expect.poll(async () => (await tenant.settings.get()).environment).toBe('producao');
    await lifetime.fill('seven minutes');
    await lifetime.press('Enter');
    await told().getByText('ISO 8601').waitFor();
    // The refusal is what the console tells of, too.
    visited.problems.length = 0;
  });

  it('makes tenants, switches between them and resets one', async () => {
    await partner('bs2').redeem('no-code');
    await show('journal');
    await expect.poll(() => rows().count()).toBe(1);
    await page.getByRole('button', { name: 'New' }).click();
    await page.getByRole('heading', { name: 'Nothing came in yet' }).waitFor();
    const made = await page.getByLabel('Tenant').inputValue();
    expect(made).not.toBe(tenant.id);
    expect(page.url()).toContain(`tenant=${made}`);
    await page.getByLabel('Tenant').selectOption(tenant.id);
    await expect.poll(() => rows().count()).toBe(1);
    const clock = page.getByRole('group', { name: 'Clock' });
    const before = await clock.boundingBox();
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    // To be asked moves nothing.
    expect((await clock.boundingBox())?.y).toBe(before?.y);
    await page.getByRole('button', { name: 'Reset everything' }).click();
    await page.getByRole('heading', { name: 'Nothing came in yet' }).waitFor();
    await page.goBack();
    await expect.poll(() => page.getByLabel('Tenant').inputValue()).toBe(made);
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await page.getByRole('button', { name: 'Delete the tenant' }).click();
    await expect.poll(() => page.getByLabel('Tenant').inputValue()).toBe('default');
  });

  it('keeps ten thousand requests at hand and draws those that are seen', async () => {
    // One more than are sent at first: the last one must not drive out the one that is open.
    await tenant.settings.patch({ journalSize: 10_001 });
    const address = `${tenant.btg.baseUrl}/nothing-here`;
    for (let sent = 0; sent < 10_000; sent += 1) await mock.fetch(new Request(address));
    await show('journal');
    await page.getByText('10,000 requests').waitFor({ timeout: 20_000 });
    expect(await rows().count()).toBeLessThan(100);
    await page.getByRole('listbox').focus();
    await page.keyboard.press('End');
    await detail()
      .getByRole('heading', { name: /^Request 1(?!\d)/ })
      .waitFor();
    expect(await rows().last().getAttribute('aria-posinset')).toBe('10000');
    // For who has scrolled away the list stands still.
    await mock.fetch(new Request(address));
    await page.getByRole('button', { name: '1 new' }).click();
    await expect.poll(() => rows().first().innerText()).toMatch(/^10001/);
  }, 40_000);

  it('says that the mock is gone, and goes on when it is back', async () => {
    await partner('bs2').redeem('no-code');
    await show('journal');
    await page.locator('.live-live').waitFor();
    await expect.poll(() => rows().count()).toBe(1);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Freeze' }).click();
    await told().getByText('The mock does not answer').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Freeze' }).click();
    await told().getByText('The clock stands still').waitFor();
    await partner('bs2').redeem('no-code');
    await expect.poll(() => rows().count()).toBe(2);
    visited.problems.length = 0;
  });

  it('takes back that the mock does not answer as soon as it does', async () => {
    const leaving = await startMockServer();
    const { port } = new URL(leaving.listen);
    await page.goto(`${leaving.url}/#/journal`);
    await page.locator('.live-live').waitFor();
    await leaving.close();
    await page.locator('.live-lost').waitFor();
    await page.getByRole('button', { name: 'Freeze' }).click();
    await told().getByText('The mock does not answer').waitFor();
    const back = await startMockServer({ port: Number(port) });
    await page.locator('.live-live').waitFor();
    await expect.poll(() => told().count()).toBe(0);
    await page.goto('about:blank');
    await back.close();
    visited.problems.length = 0;
    visited.requests.length = 0;
  });

  it('says that a tenant is gone when it is deleted while it is looked at', async () => {
    await show('grants');
    await page.getByText('Nobody has consented yet.').waitFor();
    await tenant.delete();
    await page.getByText('it was deleted, or never was').waitFor();
    visited.problems.length = 0;
  });
});
