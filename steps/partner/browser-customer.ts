import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame, Page, Response } from 'playwright-core';
import * as v from 'valibot';
import { openChromium } from '../chromium.js';
import { holdRedirects } from '../held-redirect.js';
import type { Connection, ConsentAnswer, Customer, Shown } from './customer.js';
import type { PartnerBank } from './partner-bank.js';
import { PartnerSetupError } from './right-setup.js';
import type { ShownPages } from './shown-pages.js';
import type { ApplicationRequest, PartnerSetup } from './verify-file.js';

const arrivalMs = 10_000;
const quietMs = 3_000;
const mostPages = 12;
const loginScriptSchema = v.object({ default: v.function() });

/** A customer in a real browser, for applications whose pages need a script. */
export async function createBrowserCustomer(
  bank: PartnerBank,
  setup: PartnerSetup,
  { pages, folder, name }: { readonly pages: ShownPages; readonly folder: string; readonly name: string },
): Promise<Omit<Customer, 'name'>> {
  const browser = await openChromium();
  const context = await browser.newContext({ locale: 'pt-BR' });
  const page = await context.newPage();
  const origin = new URL(setup.connect.url).origin;
  const callbacks = await holdRedirects(page, setup.redirectUri);
  let lastPage: Response | null = null;
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) lastPage = response;
    void keep(response, pages);
  });

  const send = async (request: ApplicationRequest): Promise<Shown> => {
    const answer = await context.request.fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      ...(request.body === null ? {} : { data: request.body }),
      failOnStatusCode: false,
    });
    const body = await answer.text();
    pages.add({ url: answer.url(), status: answer.status(), location: answer.headers()['location'] ?? null, body });
    return { status: answer.status(), url: answer.url(), headers: new Headers(answer.headers()), body };
  };
  const shown = async (): Promise<Shown> => ({
    status: lastPage?.status() ?? 0,
    url: page.url(),
    headers: new Headers(lastPage?.headers() ?? {}),
    body: await page.content(),
  });

  await logIn(bank, setup, { page, send, folder, name });

  return {
    async connect(answer: ConsentAnswer = {}): Promise<Connection> {
      const from = bank.traffic.next;
      const request = () => bank.traffic.since(from).find(({ endpoint }) => endpoint === 'authorize') ?? null;
      const arrival: Promise<string | null> = callbacks.next();
      await page.goto(setup.connect.url, { waitUntil: 'commit' }).catch(ignoreAbort);
      let callbackUrl = await Promise.race([arrival, untilAtBank(page, bank)]);
      if (answer.decision === 'leave' && callbackUrl === null && bank.isAtBank(page.url()))
        return { kind: 'bank-page', shown: await shown(), request: request() };
      for (let count = 0; callbackUrl === null && bank.isAtBank(page.url()) && count < mostPages; count += 1) {
        // Begun before the click, or a fast bank's next page would be missed.
        const moved = untilNext(page);
        if (!(await answerPage(page, bank, answer))) {
          return { kind: 'bank-page', shown: await shown(), request: request() };
        }
        callbackUrl = await Promise.race([arrival, moved]);
      }
      const asked = request();
      if (callbackUrl !== null && asked !== null) return { kind: 'callback', callbackUrl, request: asked };
      const isProxied = !bank.isAtBank(page.url()) && /Banco de teste do homologa/.test(await page.content());
      return { kind: isProxied ? 'proxied-login' : 'application-page', shown: await shown(), request: asked };
    },
    async deliver(callbackUrl: string): Promise<Shown> {
      callbacks.letThrough();
      lastPage = null;
      // An event and not an address: the customer may stand there already.
      const moved = untilNext(page);
      // From the page at which the customer stands, so that the browser itself judges which cookies go along.
      await page.evaluate(`location.href = ${JSON.stringify(callbackUrl)}`);
      await moved;
      await page.waitForLoadState('load', { timeout: arrivalMs }).catch(ignoreAbort);
      await page.waitForLoadState('networkidle', { timeout: quietMs }).catch(ignoreAbort);
      return shown();
    },
    send,
    cookieNames: async () => (await context.cookies(origin)).map(({ name }) => name),
    close: async () => context.close(),
  };
}

async function untilNext(page: Page): Promise<null> {
  const isMain = (frame: Frame): boolean => frame === page.mainFrame();
  await page.waitForEvent('framenavigated', { predicate: isMain, timeout: arrivalMs }).catch(ignoreAbort);
  return null;
}

async function untilAtBank(page: Page, bank: PartnerBank): Promise<null> {
  await page.waitForURL((url) => bank.isAtBank(url.href), { timeout: arrivalMs }).catch(ignoreAbort);
  return null;
}

/** Answers what a page of the mock asks; false where it asks nothing. */
async function answerPage(
  page: Page,
  bank: PartnerBank,
  { decision = 'approve', username, company }: ConsentAnswer,
): Promise<boolean> {
  await page.waitForLoadState('load');
  const credentials = bank.credentials(username);
  const field = (name: string) => page.locator(`input[name=${name}]`).first();
  const press = async (selector: string): Promise<true> => {
    await page.locator(selector).first().click({ noWaitAfter: true }).catch(ignoreAbort);
    return true;
  };
  if ((await field('password').count()) > 0) {
    await field('username').fill(credentials.username);
    await field('password').fill(credentials.password);
    return press('form[method=post] button');
  }
  const decisionButton = `button[name=decision][value=${decision}]`;
  if ((await field('code').count()) > 0) {
    await field('code').fill(await credentials.secondFactor.code());
    return press((await page.locator(decisionButton).count()) > 0 ? decisionButton : 'form[method=post] button');
  }
  const sms = page.locator('input[name=factor][value=sms]');
  if ((await sms.count()) > 0) await sms.check();
  const chosen = company === undefined ? null : page.locator(`input[name=company][value="${company}"]`);
  if (chosen !== null && (await chosen.count()) > 0) await chosen.check();
  if ((await page.locator(decisionButton).count()) > 0) return press(decisionButton);
  return (await page.locator('form[method=post] button').count()) > 0 ? press('form[method=post] button') : false;
}

interface LoggingIn {
  readonly page: Page;
  readonly send: (request: ApplicationRequest) => Promise<Shown>;
  readonly folder: string;
  readonly name: string;
}

async function logIn(
  bank: PartnerBank,
  { login }: PartnerSetup,
  { page, send, folder, name }: LoggingIn,
): Promise<void> {
  for (const request of login.requests) await send(request);
  if (login.script === null) return;
  const loaded: unknown = await import(pathToFileURL(resolve(folder, login.script)).href).catch(() => null);
  const script = v.safeParse(loginScriptSchema, loaded);
  if (!script.success) {
    throw new PartnerSetupError(
      bank.bank,
      `login.script: expected a module whose default export is a function of a page and the customer’s name, at ${login.script}`,
    );
  }
  await script.output.default(page, name);
}

async function keep(response: Response, pages: ShownPages): Promise<void> {
  const body = await response.text().catch(() => '');
  pages.add({ url: response.url(), status: response.status(), location: response.headers()['location'] ?? null, body });
}

/** A navigation that we hold, or that the page replaces by another, ends with an error of its own. */
function ignoreAbort(): null {
  return null;
}
