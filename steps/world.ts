import { World } from '@cucumber/cucumber';
import type { HttpAnswer } from '../client/http-answer.js';
import type { Navigation } from '../client/user-agent/http-user-agent.js';
import type { Evidence } from '../reports/evidence.js';
import { evidenceMediaType } from '../reports/evidence.js';
import type { GrantShare } from '../reports/scenario-tags.js';
import type { AuthorizationOutcome } from './authorization-outcome.js';
import type { ConsentEnd } from './authorization-return.js';
import { consentInput } from './consent-input.js';
import { ClientDriver, unknownClientId, wrongSecret } from './client-driver.js';
import type { AuthorizationStart, HeldCode, HeldTokens } from './client-driver.js';
import { PrerequisiteFailure } from './check-failure.js';
import type { ExchangeLog } from './exchange-log.js';
import type { Browsing } from './consent-ways/http-consent.js';
import { runRedactor } from './run-redactor.js';
import { Slot } from './slot.js';
import type { SharedGrants } from './shared-grants.js';
import type { BankUnderTest, ClientUnderTest, ConsentInput, UserUnderTest } from './target.js';
import type { TokenAnswer } from './token-answer.js';

/** World parameters of a run. */
export interface RunParameters {
  /** `mock`, or the path of a target file. */
  readonly target?: string;
  /** False keeps each exchange in short alone. */
  readonly exchanges?: boolean;
}

/** The grants that a scenario may be played with besides one of its own. */
export interface GrantSharing {
  readonly grants: SharedGrants;
  readonly share: Exclude<GrantShare, 'own'>;
  /** The scenario's id. */
  readonly by: string;
}

/** The tokens that a client holds for one user. */
export interface TokensOfUser {
  readonly user: UserUnderTest;
  readonly company: string;
  readonly tokens: HeldTokens;
}

/** What the steps of one scenario share: the bank, the client's driver, and what each step leaves for the next. */
export class ScenarioWorld extends World<RunParameters> {
  readonly opened = new Slot<{ readonly bank: BankUnderTest; readonly log: ExchangeLog }>('an open bank');
  /** Not set where the scenario has a grant of its own. */
  readonly sharing = new Slot<GrantSharing>('grants that scenarios share');
  readonly request = new Slot<AuthorizationStart>('an authorization request');
  readonly outcome = new Slot<AuthorizationOutcome>('what the bank did with an authorization request');
  /** How the user's consent ended. */
  readonly consentEnd = new Slot<ConsentEnd>('the end of a consent');
  readonly browsing = new Slot<Browsing>('a page of the bank');
  readonly navigations = new Slot<readonly Navigation[]>('navigations of a browser');
  /** The app token that confirmed a consent. */
  readonly usedFactorCode = new Slot<string>('a second factor that was used');
  readonly code = new Slot<HeldCode>('an authorization code');
  readonly tokens = new Slot<HeldTokens>('tokens');
  readonly previousTokens = new Slot<HeldTokens>('tokens from before a refresh');
  readonly tokensOfUsers = new Slot<readonly TokensOfUser[]>('the tokens of two users');
  readonly tokenAnswer = new Slot<TokenAnswer>('an answer of the token endpoint');
  /** The scope that a refresh asked for, where it is not the granted one. */
  readonly askedScope = new Slot<string>('a scope that was asked for');
  readonly tokenAnswers = new Slot<readonly TokenAnswer[]>('answers of the token endpoint');
  readonly apiAnswer = new Slot<HttpAnswer>('an answer of the API');
  readonly apiAnswers = new Slot<readonly HttpAnswer[]>('answers of the API');
  readonly revocation = new Slot<HttpAnswer>('an answer to a revocation');

  get bank(): BankUnderTest {
    return this.opened.get().bank;
  }

  get client(): ClientDriver {
    return new ClientDriver(this.bank, this.bank.client);
  }

  /** The client with a secret that is not its own. */
  get clientWithWrongSecret(): ClientDriver {
    return this.driver({ ...this.bank.client, secret: wrongSecret(this.bank.client) });
  }

  /** A client that the bank does not know. */
  get unknownClient(): ClientUnderTest {
    return { ...this.bank.client, id: unknownClientId(this.bank.client) };
  }

  /** @throws PrerequisiteFailure where the target has none */
  get otherClient(): ClientDriver {
    const { secondClient } = this.bank;
    if (secondClient === null) throw new PrerequisiteFailure('a second client', 'a target without one');
    return this.driver(secondClient);
  }

  /** A mock's control. @throws PrerequisiteFailure where the target has none */
  get control(): NonNullable<BankUnderTest['control']> {
    const { control } = this.bank;
    if (control === null) throw new PrerequisiteFailure('a mock’s control', 'a target without one');
    return control;
  }

  driver(client: ClientUnderTest): ClientDriver {
    return new ClientDriver(this.bank, client);
  }

  /** How the user answers a request of the client, where a scenario does not say otherwise. */
  consentInput(start: AuthorizationStart, differing: Partial<ConsentInput> = {}): ConsentInput {
    return consentInput(this.bank, start, differing);
  }

  /** Attaches what a step found, for the reports. */
  note(evidence: Evidence): void {
    // Attached as text, the promise is of nothing that could fail.
    void this.attach(JSON.stringify(redactedEvidence(evidence)), evidenceMediaType);
  }

  /** Leaves the rest of the scenario out; to be returned by a step. */
  skip(reason: string): 'skipped' {
    this.note({ finding: 'skipped', reason });
    return 'skipped';
  }

  /** Writes down what the bank does where nothing says what it should. */
  record(actual: string): void {
    this.note({ finding: 'recorded', actual });
  }
}

/** No step means to say a secret; a bank that repeats one in its page would make it. */
export function redactedEvidence(evidence: Evidence): Evidence {
  const hide = (text: string): string => runRedactor().text(text);
  switch (evidence.finding) {
    case 'failed':
    case 'warning':
      return { ...evidence, expected: hide(evidence.expected), actual: hide(evidence.actual) };
    case 'info':
    case 'recorded':
      return { ...evidence, actual: hide(evidence.actual) };
    case 'not-applicable':
    case 'not-testable':
    case 'skipped':
      return { ...evidence, reason: hide(evidence.reason) };
    case 'interrupted':
      return evidence;
  }
}
