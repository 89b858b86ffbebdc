import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../../scripts/chromium-for-tests.js';
import {
  launchChromium,
  listenForCallback,
  lookIn,
  openPage,
  seriousViolations,
  sidewaysOverflow,
  takeScreenshot,
  views,
} from '../../scripts/pages-in-chromium.js';
import type { Callback } from '../../scripts/pages-in-chromium.js';
import { startMockServer } from '../mock-server.js';
import type { MockServer } from '../mock-server.js';
import type { TenantHandle } from '../tenant-handle.js';
import type { BankId } from './bank-id.js';

const executablePath = chromiumForTests('Tests of the banks’ pages');
const password = 'senha-de-teste';

describe.skipIf(executablePath === null)('the banks’ pages', () => {
  let browser: Browser;
  let mock: MockServer;
  let callback: Callback;
  let tenant: TenantHandle;
  let page: Page;
  let problems: string[];
  let requests: readonly string[];

  beforeAll(async () => {
    [browser, mock, callback] = await Promise.all([
      launchChromium(executablePath),
      startMockServer(),
      listenForCallback(),
    ]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await Promise.all([mock.close(), callback.close()]);
  });
  beforeEach(async () => {
    tenant = await mock.createTenant();
    await visit();
  });
  afterEach(async () => {
    await page.context().close();
    expect({ problems, elsewhere: requests.filter((url) => !url.startsWith(mock.url) && !isCallback(url)) }).toEqual({
      problems: [],
      elsewhere: [],
    });
  });

  async function visit(options: BrowserContextOptions = {}): Promise<void> {
    ({ page, problems, requests } = await openPage(browser, { viewport: { width: 390, height: 844 }, ...options }));
  }

  function isCallback(url: URL | string): boolean {
    return String(url).startsWith(callback.redirectUri);
  }

  async function open(bank: BankId, changes: Readonly<Record<string, string>> = {}): Promise<void> {
    const { client, authorizationEndpoint } = tenant[bank];
    const url = new URL(authorizationEndpoint);
    const asked = {
      response_type: 'code',
      client_id: client?.id ?? '',
      redirect_uri: callback.redirectUri,
      scope: client?.scope ?? '',
      state: 'estado-de-teste',
    };
    url.search = new URLSearchParams({ ...asked, ...changes }).toString();
    await page.goto(url.href);
  }

  async function logIn(username: string, typed = password): Promise<void> {
    await page.getByLabel('Usuário ou CPF').fill(username);
    await page.getByLabel('Senha').fill(typed);
    await page.getByRole('button', { name: 'Entrar' }).click();
  }

  /** Waits until the field has the focus: a browser gives it after the page is loaded, not with it. */
  async function hasFocus(name: string): Promise<void> {
    await expect.poll(() => page.evaluate('document.activeElement.name')).toBe(name);
  }

  /** What came back to the application. */
  async function atCallback(): Promise<URLSearchParams> {
    await page.waitForURL(isCallback);
    return new URL(page.url()).searchParams;
  }

  /** Looks at the page in both sizes and colours. */
  async function inspect(name: string): Promise<void> {
    expect(await page.getByRole('note').innerText()).toMatch(/Banco de teste do homologa|homologa test bank/);
    for (const view of views) {
      await lookIn(page, view);
      await takeScreenshot(page, `${name}-${view.name}`);
      expect.soft(await sidewaysOverflow(page), `${name} ${view.name}`).toBe(0);
      expect.soft(await seriousViolations(page), `${name} ${view.name}`).toEqual([]);
    }
  }

  it('of BS2 lead by SMS token to the application, through its errors', async () => {
    await open('bs2');
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
    await hasFocus('username');
    const fields = await page.evaluate(
      '[...document.querySelectorAll("input:not([type=hidden])")].map((input) => [input.name, input.autocomplete])',
    );
    expect(fields).toEqual([
      ['username', 'username'],
      ['password', 'current-password'],
    ]);
    await page.getByText('Usuários deste banco de teste').click();
    await page.getByText('codigo-expirado: o token sempre expirou').waitFor();
    await inspect('bs2-login');
    await logIn('correntista', 'errada');
    expect(await page.getByRole('alert').innerText()).toBe('Usuário ou senha incorretos.');
    expect(await page.getByLabel('Senha').getAttribute('aria-describedby')).toBe('problem');
    await inspect('bs2-login-refused');
    await logIn('11144477735');
    await page.getByRole('heading', { name: 'Confirme o consentimento' }).waitFor();
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringContaining('saldo'),
      expect.stringContaining('extrato'),
      expect.stringContaining('pagamento'),
      expect.stringContaining('transferencia'),
    ]);
    await inspect('bs2-consent');
    await page.getByLabel('Token SMS').check();
    await page.getByRole('button', { name: 'Autorizar' }).click();
    const code = page.getByLabel('Token recebido por SMS');
    expect(await code.getAttribute('autocomplete')).toBe('one-time-code');
    await hasFocus('code');
    await inspect('bs2-token');
    await code.fill('000000');
    await page.getByRole('button', { name: 'Autorizar' }).click();
    expect(await page.getByRole('alert').innerText()).toBe('Token incorreto.');
    await code.fill((await tenant.secondFactor.get('correntista')).sms ?? '');
    await page.getByRole('button', { name: 'Autorizar' }).click();
    const given = await atCallback();
    expect([given.get('state'), given.has('code')]).toEqual(['estado-de-teste', true]);
  });

  it('of BS2 go back to the choice and lead by app token, with the keyboard alone', async () => {
    await open('bs2');
    const { keyboard } = page;
    await hasFocus('username');
    await keyboard.type('outra');
    await keyboard.press('Tab');
    await hasFocus('password');
    await keyboard.type(password);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Confirme o consentimento' }).waitFor();
    await keyboard.press('Tab');
    await hasFocus('factor');
    await keyboard.press('ArrowDown');
    expect(await page.getByLabel('Token SMS').isChecked()).toBe(true);
    await keyboard.press('Enter');
    await page.getByLabel('Token recebido por SMS').waitFor();
    await page.getByRole('link', { name: 'Usar outro token' }).focus();
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Confirme o consentimento' }).waitFor();
    await keyboard.press('Tab');
    await hasFocus('factor');
    await keyboard.press('Enter');
    await page.getByLabel('Token do app').waitFor();
    await hasFocus('code');
    await keyboard.type((await tenant.secondFactor.get('outra')).app ?? '');
    await keyboard.press('Enter');
    expect((await atCallback()).has('code')).toBe(true);
  });

  it('of BS2 say what cannot go on, and send a denial back', async () => {
    await open('bs2');
    await logIn('bloqueado');
    await page.getByText('Este usuário está bloqueado.').waitFor();
    await inspect('bs2-error');
    await open('bs2', { redirect_uri: 'https://outro.example/callback' });
    await page.getByText('O endereço de retorno não está cadastrado').waitFor();
    await open('bs2', { client_id: 'desconhecido' });
    await page.getByText('A aplicação não é conhecida').waitFor();
    await open('bs2');
    await logIn('correntista');
    await page.getByRole('button', { name: 'Recusar' }).click();
    expect((await atCallback()).get('error')).toBe('access_denied');
    // What the bank answers with 400 the console tells of.
    problems.length = 0;
  });

  it('of BTG lead by scopes and company to the application, through its errors', async () => {
    await open('btg');
    await inspect('btg-login');
    await logIn('correntista', 'errada');
    expect(await page.getByRole('alert').innerText()).toBe('Usuário ou senha incorretos.');
    await logIn('correntista');
    await page.getByRole('heading', { name: 'Permissões' }).waitFor();
    expect((await page.getByRole('listitem').allInnerTexts()).join('\n')).toContain(
      'empresas.btgpactual.com/accounts.readonly',
    );
    await inspect('btg-scopes');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByRole('group', { name: 'Empresa' }).waitFor();
    await page.getByText('CNPJ 30.306.294/0001-45').waitFor();
    await inspect('btg-company');
    await page.getByRole('button', { name: 'Confirmar' }).click();
    const given = await atCallback();
    expect([given.get('state'), given.get('iss'), given.has('code')]).toEqual([
      'estado-de-teste',
      tenant.btg.issuer,
      true,
    ]);
  });

  it('of BTG ask for a second factor where the setting says so', async () => {
    await tenant.settings.patch({ btg: { secondFactor: 'app' } });
    await open('btg');
    await logIn('correntista');
    await page.getByLabel('Token do app').waitFor();
    await inspect('btg-token');
    await page.getByLabel('Token do app').fill((await tenant.secondFactor.get('correntista')).app ?? '');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByRole('heading', { name: 'Permissões' }).waitFor();
  });

  it('of BTG say what cannot go on, and send a denial back', async () => {
    await open('btg', { client_id: '00000000-0000-4000-8000-000000000000' });
    await page.getByText('A aplicação não existe neste ambiente').waitFor();
    await inspect('btg-error');
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByText('The application does not exist in this environment').waitFor();
    await page.getByRole('link', { name: 'Português' }).click();
    await page.getByText('A aplicação não existe neste ambiente').waitFor();
    await open('btg', { redirect_uri: 'https://outro.example/callback' });
    await page.getByRole('heading', { name: 'Não foi possível continuar' }).waitFor();
    await open('btg', { scope: 'profile' });
    expect((await atCallback()).get('error')).toBe('invalid_scope');
    await open('btg');
    await logIn('correntista');
    await page.getByRole('button', { name: 'Recusar' }).click();
    expect((await atCallback()).get('error')).toBe('access_denied');
    problems.length = 0;
  });

  it('speak English by a link, to the end, and where the browser prefers it', async () => {
    await open('bs2');
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Log in to your account' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.getByText('BS2 (test)', { exact: true }).waitFor();
    await page.getByLabel('Username or CPF').fill('correntista');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Confirm the consent' }).waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByLabel('App token').waitFor();
    await page.getByRole('link', { name: 'Português' }).click();
    await page.getByLabel('Token do app').waitFor();
    await page.context().close();
    await visit({ locale: 'en-GB' });
    await open('btg');
    await page.getByRole('heading', { name: 'Log in to your account' }).waitFor();
  });

  it('need no script', async () => {
    await page.context().close();
    await visit({ javaScriptEnabled: false });
    await open('btg');
    await logIn('correntista');
    await page.getByRole('button', { name: 'Continuar' }).click();
    await page.getByRole('button', { name: 'Confirmar' }).click();
    expect((await atCallback()).has('code')).toBe(true);
  });
});
