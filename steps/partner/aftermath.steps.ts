import { Given, Then, When } from '@cucumber/cucumber';
import { HomologaError } from '../../foundation/homologa-error.js';
import type { Evidence } from '../../reports/evidence.js';
import { CheckFailure, HarnessFault, PrerequisiteFailure } from '../check-failure.js';
import { describeAttempt } from './attempt.js';
import { judgeLeaks } from './leaks.js';
import type { Leak } from './leaks.js';
import type { PartnerWorld } from './partner-world.js';
import { perCheck } from './per-check.js';
import { callFor } from './recovery.js';
import { RunSecrets } from './run-secrets.js';
import { windowClosed } from './settle-verdicts.js';
import { stackTraceIn } from './stack-traces.js';

/** Something that the application showed or wrote. */
interface Trace {
  /** For a sentence: `the page at /callback`. */
  readonly where: string;
  readonly text: string;
  /** It leads the customer's browser to another origin than the application's. */
  readonly isForeign: boolean;
}

/** What is looked through; asked when every other check is done. */
const looked = perCheck<() => readonly Trace[]>('what is looked through');

When('the pages that customers were shown are looked through', function (this: PartnerWorld) {
  looked(this).set(() => this.run.pages.all.map(({ url, body }) => trace(`the page at ${pathOf(url)}`, body)));
});

When('the redirects that customers were sent on are looked through', function (this: PartnerWorld) {
  looked(this).set(() =>
    this.run.pages.all.flatMap(({ url, location }) => {
      if (location === null) return [];
      const isForeign = originOf(location, url) !== new URL(url).origin;
      return [{ ...trace(`the redirect from ${pathOf(url)}`, location), isForeign }];
    }),
  );
});

When('the output of the application is looked through', function (this: PartnerWorld) {
  if (this.run.processes.length === 0) {
    return this.notApplicable('the application was running already: its output is not ours to see');
  }
  looked(this).set(() => this.run.processes.map(({ output }) => trace('the output', output)));
  return undefined;
});

const trace = (where: string, text: string): Trace => ({ where, text, isForeign: false });
const pathOf = (url: string): string => new URL(url).pathname;

function originOf(location: string, base: string): string | null {
  return URL.canParse(location, base) ? new URL(location, base).origin : null;
}

function secretsOf({ run }: PartnerWorld): RunSecrets {
  const secrets = new RunSecrets();
  for (const { bank } of [run, ...(run.other === null ? [] : [run.other])]) {
    secrets.add('the client secret', bank.client.secret);
    secrets.add('a password of a customer', bank.credentials().password);
  }
  secrets.addTraffic(run.bank.traffic.calls);
  return secrets;
}

/** Judges when every other check has been judged: they, too, show pages. */
function judgeAtTheEnd(world: PartnerWorld, judge: () => Evidence | null): void {
  const { run } = world;
  const others = [...run.pending.values()].flat();
  const shortestMs = run.control.windowMs;
  const end = Promise.all([new Promise((resolve) => setTimeout(resolve, shortestMs)), ...others.map(windowClosed)]);
  const longestMs = Math.max(shortestMs, ...others.map(({ dueAtMs }) => dueAtMs - performance.now()));
  world.judgeWhenDone(end, longestMs + 1_000, () => {
    const found = judge();
    if (found?.finding === 'failed' || run.control.problem === null) return found;
    // Who got nowhere has shown nothing.
    throw new PrerequisiteFailure('an application that connects a customer and calls the bank', run.control.problem);
  });
}

function leaksIn(world: PartnerWorld, traces: readonly Trace[]): readonly Leak[] {
  const secrets = secretsOf(world);
  const known = new Map<string, ReturnType<RunSecrets['kindsIn']>>();
  return traces.flatMap(({ where, text, isForeign }) => {
    const kinds = known.get(text) ?? secrets.kindsIn(text);
    known.set(text, kinds);
    return kinds.map((kind) => ({ kind, where, isForeign }));
  });
}

Then('no secret of the run is in them', function (this: PartnerWorld) {
  const traces = looked(this).get();
  judgeAtTheEnd(this, () => judgeLeaks(leaksIn(this, traces()), 'shown'));
});

Then('no secret of the run is in it', function (this: PartnerWorld) {
  const traces = looked(this).get();
  judgeAtTheEnd(this, () => judgeLeaks(leaksIn(this, traces()), 'written'));
});

Then('no stack trace is in them', function (this: PartnerWorld) {
  const traces = looked(this).get();
  judgeAtTheEnd(this, () => {
    for (const { where, text } of traces()) {
      const platform = stackTraceIn(text);
      if (platform === null) continue;
      const expected = 'errors to be told without the inside of the application';
      return { finding: 'warning', expected, actual: `${where} shows a stack trace of ${platform}` };
    }
    return null;
  });
});

Given('an application that once connected a customer and called the bank', function (this: PartnerWorld) {
  const { problem } = this.run.control;
  if (problem !== null) throw new PrerequisiteFailure('an application that once did so', problem);
});

const lastCall = perCheck<string | null>('the last customer');

When(
  'a new customer connects after everything else, and the application calls the bank for them',
  async function (this: PartnerWorld) {
    await Promise.all([...this.run.pending.values()].flat().map(windowClosed));
    lastCall(this).set(await problemOfNewCustomer(this));
  },
);

Then('they are served', function (this: PartnerWorld) {
  const problem = lastCall(this).get();
  if (problem !== null)
    throw new CheckFailure('a new customer to connect and to be served, as at the beginning', problem);
});

/** Why somebody new is not served; null where they are. */
async function problemOfNewCustomer(world: PartnerWorld): Promise<string | null> {
  try {
    const connected = await world.connect();
    const { attempt, isServed } = await callFor(world, connected);
    return isServed ? null : `they connected, and then got ${describeAttempt(attempt)}`;
  } catch (error) {
    if (!(error instanceof HomologaError) || error instanceof HarnessFault) throw error;
    return error instanceof PrerequisiteFailure ? 'they could not connect' : 'the application did not answer';
  }
}
