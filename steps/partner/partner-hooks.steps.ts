import {
  After,
  AfterStep,
  Before,
  BeforeStep,
  setDefaultTimeout,
  setDefinitionFunctionWrapper,
  setWorldConstructor,
} from '@cucumber/cucumber';
import { HomologaError } from '../../foundation/homologa-error.js';
import { CheckFailure, HarnessFault, PrerequisiteFailure } from '../check-failure.js';
import { createExchangeLog } from '../exchange-log.js';
import { interruption } from '../interruption.js';
import { redactedError, runRedactor } from '../run-redactor.js';
import { applicationExchanges } from './application-exchanges.js';
import { partnerRun } from './partner-run.js';
import { PartnerWorld } from './partner-world.js';

setWorldConstructor(PartnerWorld);
setDefaultTimeout(120_000);

// Cucumber writes errors down itself: none may leave a step or hook with a secret in it.
type Code = (this: unknown, ...parameters: unknown[]) => unknown;
setDefinitionFunctionWrapper(
  (code: Code): Code =>
    async function (...parameters) {
      try {
        return await code.apply(this, parameters);
      } catch (error) {
        throw redactedError(error);
      }
    },
);

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
  this.started.set({ pickleId: pickle.id, log, from });
  run.exchanges.set(pickle.id, () =>
    [...log.record(), ...applicationExchanges(run.bank.traffic.since(from), runRedactor())].sort(
      (first, second) => first.startedAtMs - second.startedAtMs,
    ),
  );
  return undefined;
});

BeforeStep(function (this: PartnerWorld, { pickleStep }) {
  if (this.started.isSet) this.started.get().log.beginStep(pickleStep.text);
});

AfterStep(function (this: PartnerWorld, { error }: { error?: unknown }) {
  if (error === undefined) return;
  if (interruption.signal.aborted) this.note({ finding: 'interrupted' });
  else if (error instanceof CheckFailure) {
    this.note({ finding: 'failed', expected: error.expected, actual: error.actual });
  } else if (error instanceof HomologaError && !(error instanceof HarnessFault)) {
    this.note({ finding: 'not-testable', reason: error.message });
  }
});

After({ name: 'end the check' }, async function (this: PartnerWorld, { pickle }) {
  if (!this.started.isSet) return;
  const { exchanges, pending, closing, processes } = partnerRun();
  // Frozen where no window is open: what comes later belongs to other checks.
  const seen = exchanges.get(pickle.id)?.() ?? [];
  exchanges.set(pickle.id, () => seen);
  await this.afterSteps();
  if (pending.has(pickle.id)) closing.set(pickle.id, () => this.afterWindows());
  else await this.afterWindows();
  const ended = processes.find((process) => process.ended !== null)?.ended ?? null;
  if (ended === null) return;
  const failure = new CheckFailure('the application to go on running', `it ended (${ended})`);
  this.note({ finding: 'failed', expected: failure.expected, actual: failure.actual });
  throw failure;
});

/** Nothing that an application leaves undone counts for it where it does not do the rest either. */
export function needControl(): void {
  const { control, processes } = partnerRun();
  const ended = processes.find((process) => process.ended !== null)?.ended ?? null;
  if (ended !== null) throw new PrerequisiteFailure('an application that runs', `one that ended (${ended})`);
  if (control.problem !== null) {
    throw new PrerequisiteFailure('an application that connects a customer and calls the bank', control.problem);
  }
}
