import { setImmediate } from 'node:timers/promises';
import {
  After,
  AfterAll,
  AfterStep,
  Before,
  BeforeAll,
  BeforeStep,
  setDefaultTimeout,
  setWorldConstructor,
} from '@cucumber/cucumber';
import * as v from 'valibot';
import { HomologaError } from '../foundation/homologa-error.js';
import { ControlApiError } from '../mock-server/tenant-handle.js';
import { exchangesMediaType } from '../reports/exchange.js';
import { readScenarioTags } from '../reports/scenario-tags.js';
import { CheckFailure, HarnessFault } from './check-failure.js';
import { beginTarget, currentTarget, endTarget } from './current-target.js';
import { createBriefLog, createExchangeLog, formatExchanges } from './exchange-log.js';
import { readConsentNeeds } from './consent-ways/consent-needs.js';
import { interruption } from './interruption.js';
import { redactErrorsOfSteps } from './redacted-steps.js';
import { renewRunRedactor, runRedactor } from './run-redactor.js';
import { reasonToSkip } from './target.js';
import type { BankUnderTest } from './target.js';
import { renewWaitingTime } from './waiting-time.js';
import { ScenarioWorld } from './world.js';

const parametersSchema = v.object({ target: v.optional(v.string(), 'mock'), exchanges: v.optional(v.boolean(), true) });

setWorldConstructor(ScenarioWorld);
// As long as a person may take, and a paced token request may wait besides; what hangs is ended by the transport long before.
setDefaultTimeout(1_800_000);

redactErrorsOfSteps();

// A worker of a parallel run is a process of its own: Ctrl-C reaches it, our runner's signal does not.
if (process.env['CUCUMBER_WORKER_ID'] !== undefined) {
  process.on('SIGINT', () => {
    interruption.abort();
  });
}

let consentNeeds: Awaited<ReturnType<typeof readConsentNeeds>> | null = null;

BeforeAll(async function () {
  renewRunRedactor();
  renewWaitingTime();
  await beginTarget(v.parse(parametersSchema, this.parameters).target);
});

AfterAll(endTarget);

Before({ name: 'open the bank' }, async function (this: ScenarioWorld, { pickle }) {
  // A mock in the process answers without ever waiting: signals, files and other processes get their turn here.
  await setImmediate();
  if (interruption.signal.aborted) {
    this.note({ finding: 'interrupted' });
    return 'skipped';
  }
  const tags = readScenarioTags(pickle.tags.map(({ name }) => name));
  const target = currentTarget();
  consentNeeds ??= await readConsentNeeds();
  const asks = consentNeeds(tags.id);
  const isGiven = target.grants?.has(tags.grant) === true;
  const reason = reasonToSkip(target, tags, isGiven ? { ...asks, approvals: asks.approvals - 1 } : asks);
  if (reason !== null) return this.skip(reason);
  const { exchanges } = v.parse(parametersSchema, this.parameters);
  const log = exchanges ? createExchangeLog(interruption.signal, runRedactor()) : createBriefLog(interruption.signal);
  const bank = await target.open(tags.bank, log.observe);
  learnSecrets(bank);
  this.opened.set({ bank, log });
  const { grants } = target;
  if (grants !== undefined && tags.grant !== 'own') this.sharing.set({ grants, share: tags.grant, by: tags.id });
  if (tags.needs.includes('clock')) await this.control.clock.freeze();
  return undefined;
});

BeforeStep(function (this: ScenarioWorld, { pickleStep }) {
  if (this.opened.isSet) this.opened.get().log.beginStep(pickleStep.text);
});

AfterStep(function (this: ScenarioWorld, { error }: { error?: unknown }) {
  if (error === undefined) return;
  if (interruption.signal.aborted) this.note({ finding: 'interrupted' });
  else if (error instanceof CheckFailure) {
    this.note({ finding: 'failed', expected: error.expected, actual: error.actual });
  } else if (isOfTheBank(error)) {
    this.note({ finding: 'not-testable', reason: error.message });
  }
});

After({ name: 'close the bank' }, async function (this: ScenarioWorld) {
  if (!this.opened.isSet) return;
  const { bank, log } = this.opened.get();
  log.beginStep(null);
  this.log(formatExchanges(log.exchanges));
  void this.attach(JSON.stringify(log.record()), exchangesMediaType);
  await bank.close();
});

function learnSecrets({ client, secondClient, user, company }: BankUnderTest): void {
  const redactor = runRedactor();
  redactor.learn('client_secret', client.secret);
  if (secondClient !== null) redactor.learn('client_secret', secondClient.secret);
  redactor.learn('username', user.username);
  redactor.learn('password', user.password);
  redactor.learn('company', company);
}

/** Whether an error says that the bank, or the way to it, is not as a scenario needs it; all others are our own fault. */
function isOfTheBank(error: unknown): error is HomologaError {
  return error instanceof HomologaError && !(error instanceof HarnessFault) && !(error instanceof ControlApiError);
}
