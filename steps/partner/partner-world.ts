import { World } from '@cucumber/cucumber';
import type { Evidence } from '../../reports/evidence.js';
import { evidenceMediaType } from '../../reports/evidence.js';
import type { NewFault, TenantSettingsPatch } from '../../mock-server/tenant-handle.js';
import { ControlApiError } from '../../mock-server/tenant-handle/control-api-error.js';
import { createHttpTransport } from '../../client/http-transport.js';
import type { HttpTransport } from '../../client/http-transport.js';
import { PrerequisiteFailure } from '../check-failure.js';
import type { ExchangeLog } from '../exchange-log.js';
import { outsideProduction } from '../production-hosts.js';
import { Slot } from '../slot.js';
import { redactedEvidence } from '../world.js';
import type { BankCall } from './bank-call.js';
import type { BankTraffic } from './bank-traffic.js';
import { isTokenRequest } from './bank-traffic.js';
import { createCustomer } from './create-customer.js';
import { describeShown, isPending, readCustomerAnswer, usualUrlsOf } from './customer-answer.js';
import type { AnswerReading, CustomerAnswer } from './customer-answer.js';
import type { Connection, ConsentAnswer, Customer, Shown } from './customer.js';
import { asCustomer, namesCustomer } from './customer-placeholder.js';
import type { LeewayAnswers, WrongIdToken } from './deliver-id-token.js';
import type { PartnerBank } from './partner-bank.js';
import type { Attacker } from './people.js';
import { partnerRun } from './partner-run.js';
import type { PartnerRun, PendingVerdict } from './partner-run.js';
import { unlessFailedAlready, verdictWhenDone } from './pending-verdict.js';
import { RefreshSlots } from './refresh-slots.js';
import type { RequestSample } from './request-samples.js';
import type { PartnerSetup } from './verify-file.js';

/** A customer whom the bank sent back, before the application knows. */
export interface HeldCallback {
  readonly customer: Customer;
  readonly request: BankCall;
  readonly callbackUrl: string;
  readonly code: string;
}

/** A customer whom the bank sent back with an error. */
export type Refusal = Omit<HeldCallback, 'code'>;

/** A customer whose code the application redeemed. */
export interface ConnectedCustomer extends HeldCallback {
  readonly redemption: BankCall;
  /** What the application answered to the authorization response. */
  readonly shown: Shown;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly grantId: string;
}

const afterErrorMs = 500;
const longestRunMs = 86_400_000;

/** What the steps of one check share. */
export class PartnerWorld extends World {
  readonly started = new Slot<{
    readonly pickleId: string;
    readonly log: ExchangeLog;
    readonly from: number;
    /** Whether every process of the application ran when the check began. */
    readonly wasRunning: boolean;
  }>('a beginning');
  /** The authorization request that is judged. */
  readonly request = new Slot<BankCall>('an authorization request');
  readonly samples = new Slot<readonly RequestSample[]>('authorization requests of several connects');
  /** The token request that is judged, and the code that it brings. */
  readonly redemption = new Slot<{ readonly call: BankCall; readonly code: string }>('a token request');
  readonly held = new Slot<HeldCallback>('a customer whom the bank sent back');
  /** The attacker's own authorization response. */
  readonly attackers = new Slot<Attacker>('an attacker’s authorization response');
  readonly refused = new Slot<Refusal>('a customer whom the bank sent back with an error');
  /** Of the other bank. */
  readonly foreign = new Slot<HeldCallback>('an authorization response of the other bank');
  readonly connected = new Slot<ConnectedCustomer>('a connected customer');
  readonly others = new Slot<ConnectedCustomer>('another connected customer');
  readonly wrongIdTokens = new Slot<readonly WrongIdToken[]>('answers with a wrong id_token');
  readonly leeways = new Slot<LeewayAnswers>('id_tokens of wrong times');
  readonly shown = new Slot<Shown>('an answer of the application');
  readonly calls = new Slot<readonly Shown[]>('answers of the application');
  /** The number of the bank's next request when the deed of the check began. */
  readonly mark = new Slot<number>('the moment of the deed');
  readonly refreshing = new RefreshSlots();
  readonly #customers: Customer[] = [];
  readonly #afterSteps: (() => Promise<void>)[] = [];
  readonly #afterWindows: (() => Promise<void>)[] = [];

  get run(): PartnerRun {
    return partnerRun();
  }

  get bank(): PartnerBank {
    return this.run.bank;
  }

  get setup(): PartnerSetup {
    return this.run.setup;
  }

  get traffic(): BankTraffic {
    return this.run.bank.traffic;
  }

  /**
   * A customer of this application, or of the same application at the other bank, with a user agent of their own, which
   * waits that long for an answer; or one whom the check has already, `again` with another user agent.
   */
  async newCustomer(
    at: { readonly bank: PartnerBank; readonly setup: PartnerSetup } = this.run,
    answerWithinMs = 30_000,
    again?: Pick<Customer, 'name'>,
  ): Promise<Customer> {
    const { log } = this.started.get();
    const observe = (transport: HttpTransport): HttpTransport => log.observe(this.run.pages.observe(transport));
    const customer = await createCustomer(at.bank, at.setup, {
      observe,
      transport: outsideProduction(createHttpTransport({ timeoutMs: answerWithinMs })),
      pages: this.run.pages,
      folder: this.run.folder,
      names: this.run.names,
      again: again?.name ?? null,
      ofThisCheck: this.#customers.map(({ name }) => name),
    });
    this.#customers.push(customer);
    return customer;
  }

  /** Walks a customer through the bank and keeps the authorization response. @throws PrerequisiteFailure */
  async hold(customer: Customer, answer: ConsentAnswer = {}): Promise<HeldCallback> {
    const connection = await customer.connect(answer);
    if (connection.kind !== 'callback')
      throw new PrerequisiteFailure('an authorization response', describeConnection(connection));
    const { callbackUrl, request } = connection;
    const code = new URL(callbackUrl).searchParams.get('code');
    if (code === null) throw new PrerequisiteFailure('an authorization code', 'an error of the bank');
    return { customer, callbackUrl, request, code };
  }

  /** Brings the response to the application, which has to redeem the code. @throws PrerequisiteFailure */
  async finish(held: HeldCallback, callbackUrl = held.callbackUrl): Promise<ConnectedCustomer> {
    const from = this.traffic.next;
    const shown = await held.customer.deliver(callbackUrl);
    const redemption = await this.traffic.until(
      (call) => isTokenRequest(call) && call.form.get('code') === held.code,
      // Behind an error nobody goes on.
      shown.status < 400 ? this.run.control.patienceMs : Math.min(afterErrorMs, this.run.control.patienceMs),
      from,
    );
    const { accessToken, refreshToken } = redemption?.tokens ?? {};
    if (redemption === null || accessToken == null || refreshToken == null || redemption.grantId === null) {
      throw new PrerequisiteFailure(
        'a customer who is connected',
        `${redemption === null ? 'no token request' : `a token request that got ${String(redemption.answer.status)}`}; the application showed ${String(shown.status)}`,
      );
    }
    return { ...held, redemption, shown, accessToken, refreshToken, grantId: redemption.grantId };
  }

  /** A new customer, connected. */
  async connect(answer: ConsentAnswer = {}): Promise<ConnectedCustomer> {
    return this.finish(await this.hold(await this.newCustomer(), answer));
  }

  /** Makes the application call the bank for a customer, through one of its instances. */
  async call({ customer }: Pick<HeldCallback, 'customer'>, instance = 0): Promise<Shown> {
    const { callApi } = this.setup;
    const request = callApi[instance % callApi.length];
    if (request === undefined) throw new PrerequisiteFailure('a callApi', 'none');
    return customer.send(request);
  }

  /** Tells the application to refresh, for a customer or for all that it has; null where the file has no `refreshNow`. */
  async refreshNow({ customer }: Pick<HeldCallback, 'customer'>): Promise<Shown | null> {
    const { refreshNow } = this.setup;
    if (refreshNow === null) return null;
    this.run.driving.toldToRefresh();
    return customer.send(refreshNow);
  }

  /** What an answer of the application to `callApi` means to the customer. */
  answer(shown: Shown): CustomerAnswer {
    return readCustomerAnswer(shown, this.#reading);
  }

  /** Whether an answer of the application says that the customer was served, as in the control. */
  serves(shown: Shown): boolean {
    return this.answer(shown) === 'served';
  }

  /** Whether an answer says that the application still works on it. */
  isPending(shown: Shown): boolean {
    return isPending(shown, this.run.control.call?.status ?? null);
  }

  /** An answer of the application in a few words. */
  describe(shown: Shown): string {
    return describeShown(shown, this.#reading);
  }

  get #reading(): AnswerReading {
    const { setup, bank, run } = this;
    const callApi = setup.callApi.flatMap((request) =>
      namesCustomer(request) ? run.names.drawn.map((name) => asCustomer(request, name).url) : [request.url],
    );
    return {
      signal: setup.signals.needsConsent,
      usualUrls: usualUrlsOf(callApi, run.control.call?.url ?? null),
      usualStatus: run.control.call?.status ?? null,
      isAtBank: (url) => bank.isAtBank(url),
    };
  }

  /** A fault of the bank that ends with this check. Narrow it by `when`: other windows may still be open. */
  async fault(fault: NewFault): Promise<string> {
    const { id } = await this.bank.tenant.faults.create(fault);
    this.atEnd(() => this.lift(id));
    return id;
  }

  /** Ends a fault, also what it holds; one that is over already is left alone. */
  async lift(fault: string): Promise<void> {
    await this.bank.tenant.faults.delete(fault).catch((error: unknown) => {
      if (!(error instanceof ControlApiError) || error.status !== 404) throw error;
    });
  }

  /** Settings of the bank that go back to what they were when the last step is done: no window may need them. */
  async settings(patch: TenantSettingsPatch): Promise<void> {
    const { tenant, bank } = this.bank;
    const before = await tenant.settings.get();
    await tenant.settings.patch(patch);
    this.#afterSteps.push(async () => {
      const changed = Object.keys(patch[bank] ?? {});
      const back = Object.fromEntries(Object.entries(before[bank]).filter(([name]) => changed.includes(name)));
      await tenant.settings.patch({ [bank]: back });
    });
  }

  /** Access tokens that are given from now on live that long (ISO 8601), and say so; until the last step is done. */
  async accessTokensLive(lifetime: string): Promise<void> {
    await this.settings({ [this.bank.bank]: { accessTokenLifetime: lifetime } });
  }

  /** To be done when the last step and every window of this check are over. */
  atEnd(undo: () => Promise<void>): void {
    this.#afterWindows.push(undo);
  }

  /** @internal */
  async afterSteps(): Promise<void> {
    for (const undo of this.#afterSteps.splice(0).reverse()) await undo();
  }

  /** @internal */
  async afterWindows(): Promise<void> {
    for (const undo of this.#afterWindows.splice(0).reverse()) await undo();
    for (const customer of this.#customers.splice(0)) await customer.close();
  }

  /**
   * Judges when the window has closed; the next check begins meanwhile. `judge` throws `CheckFailure` for what is
   * forbidden, or returns another finding. It is also asked at once: what has happened already needs no waiting.
   */
  judgeAfterWindow(judge: () => Evidence | null, windowMs = this.run.control.windowMs): void {
    const judged = unlessFailedAlready(judge);
    this.#judgeLater({ dueAtMs: performance.now() + windowMs, judge: judged });
  }

  /**
   * Judges when the run is at its end, and `atLeastMs` have passed; `judge` as in {@link judgeAfterWindow}. What the check
   * did to the bank is undone before.
   */
  judgeAtEnd(judge: () => Evidence | null, atLeastMs: number): void {
    const judged = unlessFailedAlready(judge);
    const isDone = this.run.end.watch(atLeastMs);
    this.#judgeLater({ dueAtMs: performance.now() + longestRunMs, isDone, judge: judged, outlastsCheck: true });
  }

  /**
   * Judges by something that goes on while later checks are made, as soon as it has come to its end. `judge` gets null
   * for it where `atMostMs` have passed; a failure that it ends with is the verdict.
   */
  judgeWhenDone<T>(goesOn: Promise<T>, atMostMs: number, judge: (outcome: T | null) => Evidence | null): void {
    this.#judgeLater(verdictWhenDone(goesOn, atMostMs, judge));
  }

  #judgeLater(verdict: PendingVerdict): void {
    const { pickleId } = this.started.get();
    this.run.pending.set(pickleId, [...(this.run.pending.get(pickleId) ?? []), verdict]);
  }

  /** Attaches what a step found, for the reports. */
  note(evidence: Evidence): void {
    // Attached as text, the promise is of nothing that could fail.
    void this.attach(JSON.stringify(redactedEvidence(evidence)), evidenceMediaType);
  }

  warn(expected: string, actual: string): void {
    this.note({ finding: 'warning', expected, actual });
  }

  inform(actual: string): void {
    this.note({ finding: 'info', actual });
  }

  /** Leaves the rest of the check out; to be returned by a step. */
  notApplicable(reason: string): 'skipped' {
    this.note({ finding: 'not-applicable', reason });
    return 'skipped';
  }
}

/** Where a customer ended, in a few words. */
export function describeConnection(connection: Connection): string {
  switch (connection.kind) {
    case 'callback':
      return 'the bank’s redirect';
    case 'application-page':
      return `a page of the application (${String(connection.shown.status)})`;
    case 'bank-page':
      return `a page of the bank (${String(connection.shown.status)}${connection.request?.outcome == null ? '' : `, ${connection.request.outcome}`})`;
    case 'proxied-login':
      return 'the bank’s login on a page of the application';
  }
}
