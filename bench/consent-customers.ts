/**
 * Customers who consent again and again at a bank of a running mock, each over a connection of their own: the process
 * that consent-load.ts starts. They read no more of a page than its form, so that the bank and not they are measured.
 */
import { readFile } from 'node:fs/promises';
import { Client } from 'undici';
import * as v from 'valibot';
import { consentJobSchema } from './consent-load.js';

const job = v.parse(consentJobSchema, JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const secondFactor = v.object({ sms: v.string() });
const formType = 'application/x-www-form-urlencoded';

interface Answered {
  readonly status: number;
  readonly location: string | null;
  readonly cookie: string | null;
  readonly text: string;
}

class Customer {
  readonly #username: string;
  readonly #connection = new Client(new URL(job.url).origin);

  constructor(username: string) {
    this.#username = username;
  }

  /** From the authorization request to the tokens. @throws Error at an answer that a consent does not have */
  async consent(): Promise<void> {
    let cookie = '';
    let answer = await this.#ask('GET', job.url, {});
    for (let hops = 0; hops < 20; hops += 1) {
      if (answer.cookie !== null) cookie = answer.cookie;
      const { status, location } = answer;
      if (location?.startsWith(job.redirectUri) === true) return this.#redeem(location);
      if (location !== null) {
        answer = await this.#ask('GET', location, { cookie });
      } else {
        const action = /<form [^>]*action="([^"]+)"/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&');
        if (status !== 200 || action === undefined) throw new Error(`A page was answered ${String(status)}.`);
        const form = await this.#fill(answer.text);
        answer = await this.#ask('POST', action, { cookie, 'content-type': formType }, form);
      }
    }
    throw new Error('A consent has no end.');
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** What a user would type and choose on the page that shows this form. */
  async #fill(page: string): Promise<string> {
    const values: Record<string, string> = { csrf: /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? '' };
    if (page.includes('name="password"')) Object.assign(values, { username: this.#username, password: job.password });
    else values.decision = 'approve';
    if (page.includes('name="factor"')) values.factor = 'sms';
    if (page.includes('name="code"')) values.code = await this.#sms();
    const company = /name="company" value="([^"]*)"/.exec(page)?.[1];
    if (company !== undefined) values.company = company;
    return new URLSearchParams(values).toString();
  }

  async #sms(): Promise<string> {
    const { text } = await this.#ask('GET', job.phone + encodeURIComponent(this.#username), {});
    return v.parse(secondFactor, JSON.parse(text)).sms;
  }

  async #redeem(redirect: string): Promise<void> {
    const code = new URL(redirect).searchParams.get('code') ?? '';
    const form = `grant_type=authorization_code&code=${encodeURIComponent(code)}&${job.redeeming}`;
    const headers = { authorization: job.authorization, 'content-type': formType };
    const { status } = await this.#ask('POST', job.tokenUrl, headers, form);
    if (status !== 200) throw new Error(`A code was answered ${String(status)}.`);
  }

  async #ask(method: 'GET' | 'POST', url: string, headers: Record<string, string>, body?: string): Promise<Answered> {
    const { pathname, search } = new URL(url);
    const request = { method, path: pathname + search, headers, ...(body === undefined ? {} : { body }) };
    const { statusCode, headers: answered, body: sent } = await this.#connection.request(request);
    const { location, 'set-cookie': cookies } = answered;
    const cookie = typeof cookies === 'string' ? cookies : cookies?.[0];
    return {
      status: statusCode,
      location: typeof location === 'string' ? location : null,
      cookie: cookie?.split(';')[0] ?? null,
      text: await sent.text(),
    };
  }
}

const times: number[] = [];
let errors = 0;
const startedAt = performance.now();
await Promise.all(
  job.usernames.map(async (username) => {
    const customer = new Customer(username);
    // What is under way when the time is up is ended and counted, and the time that it takes too.
    while (performance.now() - startedAt < job.seconds * 1000) {
      const begunAt = performance.now();
      await customer.consent().catch((error: unknown) => {
        errors += 1;
        process.stderr.write(`${String(error)}\n`);
      });
      times.push(performance.now() - begunAt);
    }
    await customer.close();
  }),
);
const ms = performance.now() - startedAt;
const p99Ms = times.toSorted((first, second) => first - second)[Math.floor((times.length - 1) * 0.99)];
process.stdout.write(JSON.stringify({ consents: times.length, ms, p99Ms, errors }));
