import { parse } from 'node-html-parser';
import type { BankVisit, Reply } from './bank-visit.js';
import { encode } from './bank-visit.js';

/** A form as a browser sends it. */
export interface SentForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A person's browser at a bank's pages: keeps cookies, follows redirects at the bank, stops where it is sent away. */
export class VisitingBrowser {
  readonly #visit: BankVisit;
  #cookie = '';
  #url = '';
  page: Reply = { status: 0, headers: new Headers(), text: '', json: {} };
  /** Where the bank sent the user away to. */
  left: URL | null = null;
  lastForm: SentForm | null = null;

  constructor(visit: BankVisit) {
    this.#visit = visit;
  }

  get path(): string {
    return new URL(this.#url).pathname;
  }

  get shows(): { readonly code: boolean; readonly problem: boolean } {
    return {
      code: this.left?.searchParams.has('code') === true,
      problem: parse(this.page.text).querySelector('[role=alert]') !== null,
    };
  }

  async open(url: string, init: RequestInit = {}): Promise<void> {
    this.left = null;
    let target = url;
    let request = init;
    for (;;) {
      const headers = new Headers(request.headers);
      if (this.#cookie !== '') headers.set('cookie', this.#cookie);
      this.page = await this.#visit.fetch(target, { ...request, headers });
      this.#cookie = this.page.headers.get('set-cookie')?.split(';')[0] ?? this.#cookie;
      this.#url = target;
      const location = this.page.headers.get('location');
      if (location === null) return;
      const next = new URL(location, target);
      if (next.origin !== new URL(url).origin) {
        this.left = next;
        return;
      }
      target = next.href;
      request = {};
    }
  }

  /** Fills the form of the page and sends it. */
  async submit(fields: Readonly<Record<string, string>>): Promise<void> {
    const form = parse(this.page.text).querySelector('form');
    const action = new URL(form?.getAttribute('action') ?? '', this.#url).href;
    const hidden = form?.querySelectorAll('input[type=hidden]') ?? [];
    const own = Object.fromEntries(
      hidden.map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
    );
    this.lastForm = { action, fields: { ...own, ...fields } };
    await this.send(this.lastForm);
  }

  async send({ action, fields }: SentForm): Promise<void> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await this.open(action, { method: 'POST', headers, body: encode(fields) });
  }

  /** Logs in for an authorization request. */
  async logIn(password = 'senha-de-teste', url = this.#visit.authorizationUrl()): Promise<void> {
    await this.open(url);
    await this.submit({ username: 'correntista', password });
  }

  /** The SMS, or the app's code, of the user who logs in. */
  async secondFactor(kind: 'app' | 'sms'): Promise<string> {
    return (await this.#visit.tenant.secondFactor.get('correntista'))[kind] ?? '';
  }

  /** Walks to the page whose form gives the code. */
  async goToLastPage(factor: 'app' | 'sms' = 'sms'): Promise<void> {
    await this.logIn();
    await this.submit(this.#visit.choose({ decision: 'approve', factor }, { decision: 'approve' }));
  }

  /** Sends the form that gives the code. */
  async confirm(factor: 'app' | 'sms' = 'sms'): Promise<void> {
    await this.submit(
      this.#visit.bank === 'bs2'
        ? { decision: 'approve', code: await this.secondFactor(factor) }
        : { decision: 'approve', company: '30306294000145' },
    );
  }
}
