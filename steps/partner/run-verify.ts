import { resolve } from 'node:path';
import * as v from 'valibot';
import type { Check } from '../../reports/check.js';
import { createCheckCollector } from '../../reports/check-collector.js';
import type { JudgedScenario } from '../../reports/check-collector.js';
import type { ExpectedFailure } from '../../reports/expected-failures.js';
import { readPartnerTags, requirementsAt } from '../../reports/partner-tags.js';
import { runMessageSchema } from '../../reports/run-messages.js';
import type { Results } from '../../reports/results.js';
import type { RunReport } from '../../reports/run-report.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { createHttpTransport } from '../../client/http-transport.js';
import { version } from '../../mock-server/version.js';
import { HarnessFault } from '../check-failure.js';
import { packagePaths } from '../package-paths.js';
import { playFeatures } from '../play-features.js';
import { outsideProduction } from '../production-hosts.js';
import { recordRun } from '../run-record.js';
import type { RunRecording } from '../run-record.js';
import { renewRunRedactor, runRedactor } from '../run-redactor.js';
import { plannedApplications } from './application-environment.js';
import { ApplicationProcess, refuseStranger, untilReady } from './application-process.js';
import { closeChromium } from '../chromium.js';
import { withEnd, withOutput } from './application-end.js';
import { BusyMachine } from './busy-machine.js';
import { createCustomer } from './create-customer.js';
import { CustomerNames } from './customer-names.js';
import { Driving } from './driving.js';
import { startPartnerMock } from './partner-bank.js';
import type { PartnerBank, PartnerMock } from './partner-bank.js';
import { usePartnerRun } from './partner-run.js';
import type { PartnerRun } from './partner-run.js';
import { playPositiveControl } from './positive-control.js';
import { RunEnd } from './run-end.js';
import { refuseEmptySelection, selectChecks } from './select-checks.js';
import { settle } from './settle-verdicts.js';
import { ShownPages } from './shown-pages.js';
import type { PartnerSetup, VerifyFile } from './verify-file.js';

/** A run of the checks of an application. */
export interface VerifyRun {
  readonly file: VerifyFile;
  /** Ids of checks, or beginnings of them; empty for all. */
  readonly only: readonly string[];
  readonly strict: boolean;
  /** Where the reports go; null writes none. */
  readonly folder: string | null;
  readonly signal?: AbortSignal;
  /** Of the folder in which the run was started; null without git. */
  readonly commit: string | null;
  /** The command that makes a check again, without its `--only`. */
  readonly command: string;
  readonly expectedFailures: readonly ExpectedFailure[] | null;
  /** How long the positive control waits for a step of the application. */
  readonly controlPatienceMs?: number;
  readonly onCheck?: (check: Check) => void;
  readonly onReport?: (report: RunReport) => void;
}

/**
 * Judges an application: starts the mock and the application, plays the positive control at each bank and then every
 * check. Whatever happens, the application's processes are gone afterwards.
 *
 * @throws ListenError, VerifyFileError, ApplicationStartError, PartnerSetupError, UnknownCheckError, NoCheckError: nothing was judged.
 */
export async function runVerify(run: VerifyRun): Promise<Results> {
  const { file } = run;
  renewRunRedactor();
  await refuseEmptySelection(
    file.setups.map(({ bank }) => bank),
    run.only,
  );
  const mock = await startPartnerMock(file);
  const processes: ApplicationProcess[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.stop()));
    await closeChromium();
    await mock.server.close();
  };
  try {
    for (const bank of mock.banks.values()) learnSecrets(bank);
    await startApplications(run, mock, processes);
    const pages = new ShownPages(file.setups.map(({ connect }) => new URL(connect.url).origin));
    const names = new CustomerNames();
    const partnerRuns: PartnerRun[] = [];
    for (const setup of file.setups)
      partnerRuns.push(
        await beginAtBank(mock, setup, { processes, pages, names, folder: file.folder }, run.controlPatienceMs),
      );
    const recording = await recordRun(factsOf(run), run.folder);
    return await judgeAll(run, partnerRuns, recording);
  } catch (error) {
    throw withOutput(error, processes);
  } finally {
    usePartnerRun(null);
    await stopAll();
  }
}

async function startApplications(
  { file }: VerifyRun,
  mock: PartnerMock,
  processes: ApplicationProcess[],
): Promise<void> {
  const planned = plannedApplications(file, ({ bank }) => bankOf(mock, bank));
  for (const { command, cwd, env, ready, fallback, readyTimeoutMs } of planned) {
    await refuseStranger(ready ?? new URL(fallback).origin);
    const application = new ApplicationProcess({ command, cwd: resolve(file.folder, cwd), env });
    processes.push(application);
    await untilReady(application, { ready, fallback, timeoutMs: readyTimeoutMs });
  }
  if (planned.length > 0) return;
  for (const {
    application: { ready = null },
    connect,
    readyTimeoutMs,
  } of file.setups) {
    await untilReady(null, { ready, fallback: connect.url, timeoutMs: readyTimeoutMs });
  }
}

async function beginAtBank(
  mock: PartnerMock,
  setup: PartnerSetup,
  { processes, pages, names, folder }: Pick<PartnerRun, 'processes' | 'pages' | 'names' | 'folder'>,
  controlPatienceMs?: number,
): Promise<PartnerRun> {
  const bank = bankOf(mock, setup.bank);
  const way = {
    transport: outsideProduction(createHttpTransport()),
    observe: pages.observe,
    pages,
    folder,
    names,
    again: null,
    ofThisCheck: [],
  };
  const customer = await createCustomer(bank, setup, way);
  const played = await playPositiveControl(bank, setup, customer, controlPatienceMs).finally(() => customer.close());
  const control = await withEnd(played, processes);
  const maps = { pending: new Map(), closing: new Map(), exchanges: new Map(), found: new Map() };
  const watched = { driving: new Driving(), end: new RunEnd() };
  return { bank, setup, other: null, processes, folder, control, pages, names, ...maps, ...watched };
}

async function judgeAll(run: VerifyRun, partnerRuns: readonly PartnerRun[], recording: RunRecording): Promise<Results> {
  const faults: string[] = [];
  const began = performance.now();
  const machine = new BusyMachine();
  let interrupted = false;
  try {
    for (const [index, alone] of partnerRuns.entries()) {
      const other = partnerRuns[1 - index] ?? null;
      const partnerRun: PartnerRun = { ...alone, other: partnerRuns.length === 1 ? null : other };
      const judged = await judgeBank(run, partnerRun, { recording, machine, firstIndex: index * 10_000 });
      faults.push(...judged.faults);
      interrupted ||= judged.interrupted;
    }
  } finally {
    machine.stop();
  }
  const { results, report } = await recording.end({
    durationMs: Math.round(performance.now() - began),
    incomplete: interrupted || run.signal?.aborted === true,
    faults,
  });
  if (report !== null) run.onReport?.(report);
  return results;
}

async function judgeBank(
  run: VerifyRun,
  partnerRun: PartnerRun,
  { recording, machine, firstIndex }: { recording: RunRecording; machine: BusyMachine; firstIndex: number },
): Promise<{ readonly faults: readonly string[]; readonly interrupted: boolean }> {
  const { bank } = partnerRun.setup;
  const sources = await selectChecks({ bank, isAtBothBanks: partnerRun.other !== null, only: run.only });
  if (sources === null) return { faults: [], interrupted: false };
  usePartnerRun(partnerRun);
  const settling: Promise<void>[] = [];
  const failures: string[] = [];
  const say = async (judged: JudgedScenario): Promise<void> => {
    try {
      const settled = await settle(judged, partnerRun, () => run.signal?.aborted === true);
      const check = machine.tell(settled.check, settled.played.startedAtMs);
      recording.check({ ...settled, check, index: firstIndex + settled.index });
      run.onCheck?.(check);
    } catch (error) {
      failures.push(runRedactor().text(error instanceof Error ? error.message : String(error)));
    }
  };
  const collector = createCheckCollector((tags) => {
    const read = readPartnerTags(tags);
    return { ...read, bank, requirements: requirementsAt(bank, read.requirements) };
  });
  const fault = await playFeatures({
    sources,
    steps: packagePaths.partnerSteps,
    worldParameters: {},
    signal: run.signal,
    onMessage: (message) => {
      recording.message(message);
      const judged = collector.add(v.parse(runMessageSchema, message));
      if (judged !== null) settling.push(say(judged));
    },
  });
  partnerRun.end.played();
  await Promise.all(settling);
  const faults = [...(fault === null ? [] : [fault]), ...collector.faults, ...failures];
  return { faults, interrupted: collector.interrupted };
}

function bankOf(mock: PartnerMock, bank: ScenarioBank): PartnerBank {
  const found = mock.banks.get(bank);
  if (found === undefined) throw new HarnessFault(`The mock of this run does not play ${bank}.`);
  return found;
}

function learnSecrets(bank: PartnerBank): void {
  runRedactor().learn('client_secret', bank.client.secret);
  runRedactor().learn('password', bank.credentials().password);
}

function factsOf({ file, strict, commit, command, only, expectedFailures }: VerifyRun) {
  const [first] = file.setups;
  return {
    startedAt: new Date().toISOString(),
    role: 'partner' as const,
    target: 'application',
    environment: first === undefined ? '' : new URL(first.connect.url).origin,
    bank: file.setups.length === 1 && first !== undefined ? first.bank : null,
    tags: only.length === 0 ? null : only.join(', '),
    strict,
    homologa: version,
    node: process.version,
    commit,
    command,
    expectedFailures: expectedFailures === null ? null : [...expectedFailures],
  };
}
