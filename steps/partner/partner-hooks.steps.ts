import { After, AfterStep, Before, BeforeStep, setDefaultTimeout, setWorldConstructor } from '@cucumber/cucumber';
import { TransportError } from '../../client/transport-error.js';
import { HomologaError } from '../../foundation/homologa-error.js';
import type { Exchange } from '../../reports/exchange.js';
import { CheckFailure, HarnessFault, PrerequisiteFailure } from '../check-failure.js';
import { createExchangeLog } from '../exchange-log.js';
import type { ExchangeLog } from '../exchange-log.js';
import { interruption } from '../interruption.js';
import { redactErrorsOfSteps } from '../redacted-steps.js';
import { runRedactor } from '../run-redactor.js';
import { applicationExchanges } from './application-exchanges.js';
import type { BankCall } from './bank-call.js';
import { partnerRun } from './partner-run.js';
import { PartnerWorld } from './partner-world.js';

setWorldConstructor(PartnerWorld);
// An application that is slow in each of its answers; every wait has an end of its own.
setDefaultTimeout(300_000);
const exitPatienceMs = 300;

redactErrorsOfSteps();

Before({ name: 'begin the check' }, function (this: PartnerWorld, { pickle }) {
  if (interruption.signal.aborted) {
    this.note({ finding: 'interrupted' });
    return 'skipped';
  }
  const run = partnerRun();
  const from = run.bank.traffic.next;
  const log = createExchangeLog(interruption.signal, runRedactor(), (url) =>
    run.bank.isAtBank(url) || run.other?.bank.isAtBank(url) === true ? 'user-bank' : 'user-application',
  );
  this.started.set({ pickleId: pickle.id, log, from, wasRunning: howItEnded() === null });
  run.exchanges.set(pickle.id, () => exchangesOf(log, run.bank.traffic.since(from)));
  return undefined;
});

function exchangesOf(log: ExchangeLog, calls: readonly BankCall[]): readonly Exchange[] {
  return [...log.record(), ...applicationExchanges(calls, runRedactor())].sort(
    (first, second) => first.startedAtMs - second.startedAtMs,
  );
}

BeforeStep(function (this: PartnerWorld, { pickleStep }) {
  if (this.started.isSet) this.started.get().log.beginStep(pickleStep.text);
});

AfterStep(async function (this: PartnerWorld, { error }: { error?: unknown }) {
  if (error === undefined) return;
  if (error instanceof TransportError) await untilEnded();
  const ended = this.started.isSet && this.started.get().wasRunning ? howItEnded() : null;
  if (interruption.signal.aborted) this.note({ finding: 'interrupted' });
  else if (ended !== null) this.note({ finding: 'failed', ...notRunning(ended) });
  else if (error instanceof CheckFailure) {
    this.note({ finding: 'failed', expected: error.expected, actual: error.actual });
  } else if (error instanceof HomologaError && !(error instanceof HarnessFault)) {
    this.note({ finding: 'not-testable', reason: error.message });
  }
});

After({ name: 'end the check' }, async function (this: PartnerWorld, { pickle }) {
  if (!this.started.isSet) return;
  const { bank, exchanges, pending, closing, driving } = partnerRun();
  // What the application sends the bank from now on belongs to other checks; this one's customers may not be done yet.
  const { log, from } = this.started.get();
  const until = bank.traffic.next;
  driving.checkEnded({ from, until });
  exchanges.set(pickle.id, () => exchangesOf(log, bank.traffic.since(from).slice(0, until - from)));
  await this.afterSteps();
  if (pending.has(pickle.id)) closing.set(pickle.id, () => this.afterWindows());
  else await this.afterWindows();
  const ended = howItEnded();
  if (ended === null) return;
  const { expected, actual } = notRunning(ended);
  this.note({ finding: 'failed', expected, actual });
  throw new CheckFailure(expected, actual);
});

/** How a process of the application ended; null while all of them run. */
function howItEnded(): string | null {
  return partnerRun().processes.find((process) => process.ended !== null)?.ended ?? null;
}

/** A connection breaks off a moment before the end of the process is known. */
async function untilEnded(): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(resolve, exitPatienceMs));
  await Promise.race([patience, ...partnerRun().processes.map(({ end }) => end)]);
}

function notRunning(ended: string): { readonly expected: string; readonly actual: string } {
  return { expected: 'the application to go on running', actual: `it ended (${ended})` };
}

/** Nothing that an application leaves undone counts for it where it does not do the rest either. */
export function needControl(): void {
  const { control } = partnerRun();
  const ended = howItEnded();
  if (ended !== null) throw new PrerequisiteFailure('an application that runs', `one that ended (${ended})`);
  if (control.problem !== null) {
    throw new PrerequisiteFailure('an application that connects a customer and calls the bank', control.problem);
  }
}
