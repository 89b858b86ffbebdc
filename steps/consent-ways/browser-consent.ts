import type { Browser, Page, Response as PageResponse } from 'playwright-core';
import type { HttpTransport } from '../../client/http-transport.js';
import { safeText } from '../../client/safe-text.js';
import { HomologaError } from '../../foundation/homologa-error.js';
import { launchChromium } from '../chromium.js';
import type { ChromiumOptions } from '../chromium.js';
import { PrerequisiteFailure } from '../check-failure.js';
import { holdRedirects } from '../held-redirect.js';
import { ProductionHostError } from '../production-hosts.js';
import type { ConsentInput } from '../target.js';
import type { ConsentAccess, ConsentWay } from './consent-way.js';
import { browserAddress } from './http-consent.js';
import type { LoginScript } from './login-script.js';
import { trustedKeys } from './trusted-keys.js';

/** What browser mode works with. */
export interface BrowserConsentOptions {
  readonly script: LoginScript;
  /** PEM of the target's own authority; null for the system's. */
  readonly ca: string | null;
  readonly proxy: ChromiumOptions['proxy'];
  /** Default two minutes, for pages and script together. */
  readonly patienceMs?: number;
}

/** A login script did not come to the redirect; `cause` is `{ refused }`. */
export class LoginScriptError extends HomologaError {
  /** Whether the bank refused user name and password, as far as the script knows. */
  readonly refused: boolean;

  constructor(why: string, at: string, refused: boolean) {
    super('ERR_LOGIN_SCRIPT', `The login script did not come to the redirect: ${why}; the browser stands at ${at}.`, {
      cause: { refused },
    });
    this.refused = refused;
  }
}

const afterScriptMs = 10_000;

/** Lets a script log in and answer in Chromium, each time in a browser that remembers nothing. */
export function createBrowserConsent(options: BrowserConsentOptions): ConsentWay {
  const { script, ca, proxy, patienceMs = 120_000 } = options;
  let browser: Promise<Browser> | null = null;

  async function launch(addresses: readonly string[]): Promise<Browser> {
    const keys = ca === null ? [] : await trustedKeys(addresses, ca);
    return launchChromium({ trustedKeys: keys, ...(proxy === undefined ? {} : { proxy }) });
  }

  return {
    async consent(access, input) {
      if (!script.decisions.includes(input.decision)) {
        throw new PrerequisiteFailure(`a login script that can ${input.decision}`, script.decisions.join(', '));
      }
      const address = await browserAddress(access.fetch, input);
      browser ??= launch([input.authorizationUrl, address]);
      const context = await (await browser).newContext({ locale: 'pt-BR' });
      try {
        const page = await context.newPage();
        const pages = recordPages(page, access);
        const back = await walk(page, address, input, { access, script, patienceMs });
        await pages.noted();
        return back;
      } finally {
        await context.close();
      }
    },
    async close() {
      await (await browser?.catch(() => null))?.close();
      browser = null;
    },
  };
}

interface Walk {
  readonly access: ConsentAccess;
  readonly script: LoginScript;
  readonly patienceMs: number;
}

async function walk(page: Page, address: string, input: ConsentInput, { access, script, patienceMs }: Walk) {
  const { user, decision, factor = 'sms', company = null, client } = input;
  let ledTo: (host: string) => void = () => undefined;
  const production = new Promise<never>((_resolve, reject) => {
    ledTo = (host) => reject(new ProductionHostError(host, 'a page of the bank led there'));
  });
  const redirects = await holdRedirects(page, client.redirectUri, (host) => ledTo(host));
  const back = redirects.next();
  const credentials = { ...user, decision, factor, company };
  const scripted = (async (): Promise<never> => {
    await page.goto(address, { waitUntil: 'commit' }).catch(() => undefined);
    await script.run(page, credentials, () => access.secondFactorCode(user, factor));
    // The last answer may still be on its way.
    await new Promise((resolve) => setTimeout(resolve, afterScriptMs).unref());
    throw new Error('it ended, and no redirect came');
  })();
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('it took too long')), patienceMs).unref();
  });
  // Whoever loses the race ends with the browser.
  for (const other of [production, scripted, late]) other.catch(() => undefined);
  try {
    return await Promise.race([back, production, scripted, late]);
  } catch (error) {
    if (error instanceof HomologaError) throw error;
    throw new LoginScriptError(reasonOf(error, [user.password, user.username]), await standsAt(page), isRefusal(error));
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_LOGIN_REFUSED';
}

/** The first line: what follows in Playwright's errors is a log of what was typed. */
function reasonOf(error: unknown, secrets: readonly string[]): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return safeText(line.replace(/\.$/, ''), secrets);
}

async function standsAt(page: Page): Promise<string> {
  const url = URL.canParse(page.url()) ? new URL(page.url()) : null;
  const title = await page.title().catch(() => '');
  return `${url === null ? 'no page' : `${url.origin}${url.pathname}`}${title === '' ? '' : ` ("${safeText(title)}")`}`;
}

/** Notes the pages of the browser beside what the client itself exchanges; pictures and scripts are left out. */
function recordPages(page: Page, { observe }: ConsentAccess): { noted(): Promise<void> } {
  // One after another, so that the last is the one that sent the user back.
  let notes = Promise.resolve();
  page.on('response', (response) => {
    const request = response.request();
    if (!request.isNavigationRequest() || response.frame() !== page.mainFrame()) return;
    notes = notes.then(() => note(response, observe)).catch(() => undefined);
  });
  return { noted: () => notes };
}

async function note(response: PageResponse, observe: ConsentAccess['observe']): Promise<void> {
  const request = response.request();
  const status = response.status();
  const isRedirect = status >= 300 && status < 400;
  // A browser keeps no body of a redirect.
  const body = isRedirect ? null : await response.text().catch(() => '');
  const headers = new Headers();
  for (const { name, value } of await response.headersArray()) headers.append(name, value.replaceAll('\n', ', '));
  const sent = new Headers();
  for (const { name, value } of await request.headersArray()) if (!name.startsWith(':')) sent.append(name, value);
  const posted = request.postData();
  const transport: HttpTransport = async () =>
    new Response([204, 205, 304].includes(status) ? null : body, { status, headers });
  await observe(transport)(
    new Request(request.url(), {
      method: request.method(),
      headers: sent,
      ...(posted === null ? {} : { body: posted }),
    }),
  );
}
