/**
 * `npm run partners [-- NAME…]`: proves `homologa verify` on applications whose conduct is known. Every correct partner of
 * examples/partners passes every check; every bug of examples/partners/broken fails the checks that it declares, which
 * the same application passes without the bug, and none of a sample of others. NAME is a partner's or a bug's; `--bugs`
 * takes every bug besides; `--all` takes all other checks as the sample; `--jobs N` runs so many at once;
 * `--minutes N` begins no trial of a bug after that time, in an order that is another one at each commit; `--again` makes a
 * trial that was not as declared once more at the end, with nothing beside it, and names it. Exits 1 when something is not
 * so.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from '../client/user-agent/find-chromium.js';
import { commitOf } from '../steps/commit-of.js';
import { partnerChecks } from '../steps/partner/select-checks.js';
import { stopAll } from './homologa-from-source.js';
import { bugTrials } from './bug-trials.js';
import type { BugTrial } from './bug-trials.js';
import { partnersFolder, readCorrectPartners, readDeclaredBugs } from './partner-catalogue.js';
import type { CorrectPartner } from './partner-catalogue.js';
import { judgePartner, runPartner } from './partner-run.js';
import { problemsOfBug, problemsOfCorrectPartner } from './partner-verdict.js';
import type { JudgedPartner } from './partner-verdict.js';
import { VerifyWorkers } from './verify-workers.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    bugs: { type: 'boolean', default: false },
    jobs: { type: 'string' },
    minutes: { type: 'string' },
  },
});
/** When the last trial of a bug may begin, by the clock of this process. */
const endsAtMs = values.minutes === undefined ? Infinity : Number(values.minutes) * 60_000;
const jobs = Number(values.jobs ?? Math.min(4, availableParallelism()));
const isAsked = (name: string): boolean => positionals.length === 0 || positionals.includes(name);

/** What is left to do. */
interface Trial {
  readonly name: string;
  readonly isSlow: boolean;
  /** `isAlone` takes nothing that was found while others ran. */
  run(isAlone: boolean): Promise<TrialOutcome>;
}

/** What speaks against a trial; it may wait for a control that others wait for too, and nobody else for it. */
interface TrialOutcome {
  readonly problems: Promise<readonly string[]> | readonly string[];
}

function trialsOfPartner({ partner, files, warns }: CorrectPartner): readonly Trial[] {
  return files.map((file) => ({
    name: `${partner}/${file.replace(/^homologa\.|\.yaml$/g, '')}`,
    isSlow: true,
    run: async () => ({
      problems: problemsOfCorrectPartner(await runPartner({ file: join(partnersFolder, partner, file) }), warns),
    }),
  }));
}

const workers = new VerifyWorkers(jobs);
const controls = new Map<string, Promise<JudgedPartner>>();

function trialOfBug(trial: BugTrial): Trial {
  const { bug, place, only, unknown, control } = trial;
  const fileCalled = (name: string): string => join(partnersFolder, 'broken', name);
  return {
    name: `broken/${place} ${bug.bug}`,
    isSlow: bug.slow,
    run: async (isAlone) => {
      let controlled = isAlone ? undefined : controls.get(control.key);
      if (controlled === undefined) {
        controlled = judgePartner(workers, { file: fileCalled(control.file), env: bug.env, only: control.only });
        controls.set(control.key, controlled);
      }
      const broken = await judgePartner(workers, {
        file: fileCalled(trial.file),
        env: { ...bug.env, BUG: bug.bug },
        only,
      });
      const missing = unknown.map((id) => `no such check: ${id}`);
      return { problems: controlled.then((judged) => [...missing, ...problemsOfBug(bug, broken, judged)]) };
    },
  };
}

/** Another order for each seed, and the same one each time. */
function shuffled(some: readonly Trial[], seed: string): readonly Trial[] {
  const rank = ({ name }: Trial): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return [...some].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

function isThere({ needs }: CorrectPartner): boolean {
  if (needs === undefined) return true;
  if (needs === 'chromium') return findChromium(process.env) !== null;
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, needs), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const partners = (await readCorrectPartners()).filter(({ partner }) =>
  values.bugs ? positionals.includes(partner) : isAsked(partner),
);
const absent = partners.filter((partner) => !isThere(partner));
const bugs = (await readDeclaredBugs()).filter(({ bug }) => values.bugs || isAsked(bug));
const ofBugs = bugTrials(bugs, await partnerChecks(), { takesAll: values.all }).map(trialOfBug);
const order = values.minutes === undefined ? ofBugs : shuffled(ofBugs, (await commitOf(process.cwd())) ?? '');
// What a browser takes part in takes longest, so it comes first.
const present = partners
  .filter(isThere)
  .sort((one, other) => Number(other.needs === 'chromium') - Number(one.needs === 'chromium'));
const slowFirst = [...order].sort((one, other) => Number(other.isSlow) - Number(one.isSlow));
const trials = [...present.flatMap(trialsOfPartner), ...slowFirst];
if (trials.length === 0) throw new RangeError(`There is no partner and no bug called ${positionals.join(' or ')}.`);

let failed = 0;
let done = 0;
const waiting = [...trials];
const again: Trial[] = [];
const told: Promise<void>[] = [];
async function work(): Promise<void> {
  for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
    if (performance.now() > endsAtMs && order.includes(trial)) continue;
    done += 1;
    const began = performance.now();
    const outcome = await trial.run(false);
    told.push(tell(trial, secondsSince(began), outcome));
  }
}

async function tell(trial: Trial, seconds: string, outcome: TrialOutcome): Promise<void> {
  const problems = await outcome.problems;
  if (problems.length > 0 && values.again) {
    again.push(trial);
    print([`tried again: ${trial.name} (${seconds} s)`, ...problems]);
  } else judge(trial, seconds, problems);
}

async function tryAgain(trial: Trial): Promise<void> {
  const began = performance.now();
  const problems = await (await trial.run(true)).problems;
  judge(trial, secondsSince(began), problems);
}

function judge({ name }: Trial, seconds: string, problems: readonly string[]): void {
  if (problems.length > 0) failed += 1;
  print([`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`, ...problems]);
}

function secondsSince(beganMs: number): string {
  return ((performance.now() - beganMs) / 1000).toFixed(0);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n         ')}\n`);
}

try {
  await Promise.all(Array.from({ length: jobs }, work));
  await Promise.all(told);
  for (const trial of again) await tryAgain(trial);
} finally {
  await Promise.all([stopAll(), workers.close()]);
}
for (const { partner, needs } of absent) {
  process.stdout.write(`left out: ${partner}, for want of ${String(needs)}\n`);
}
const isSkipForbidden = process.env['HOMOLOGA_FORBID_SKIP'] === '1' && absent.length > 0;
const rest = trials.length - done;
process.stdout.write(
  `${String(done - failed)} of ${String(done)} as declared${rest === 0 ? '' : `; ${String(rest)} trials of bugs are left to other commits`}\n`,
);
process.exitCode = failed > 0 || isSkipForbidden ? 1 : 0;
