import type { ScenarioBank } from '../reports/scenario-tags.js';
import type { ConsentMode } from '../steps/consent-ways/consent-way.js';
import { locateTarget } from '../steps/find-target.js';
import { consentCount, mockOutline, outlineOf, plannedConsents, planRun } from '../steps/run-plan.js';
import type { PlannedCheck, TargetOutline } from '../steps/run-plan.js';
import { environmentOf } from '../steps/target-environment.js';
import { outlineTargetFile } from '../steps/target-file.js';
import { usableEndpoints } from '../steps/usable-target.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { refuseOtherBank } from './usage-error.js';

/** What `homologa plan` was asked for. */
export interface PlanRequest {
  readonly bank: ScenarioBank | null;
  readonly target: string;
  readonly tags: string | null;
  readonly listsAll: boolean;
}

/** Shows what a run would do. Exit code 2 where configuration is missing, so that a CI notices before the night. */
export async function showPlan({ bank, target, tags, listsAll }: PlanRequest): Promise<ExitCode> {
  const path = target === 'mock' ? null : locateTarget(target, process.cwd());
  const environment = await environmentOf(process.cwd(), process.env);
  const file = path === null ? null : await outlineTargetFile(path, environment);
  if (path !== null && file !== null) {
    refuseOtherBank(bank, file);
    usableEndpoints(file, path);
  }
  const outline = file === null ? mockOutline : outlineOf(file.name, file);
  const checks = await planRun({ bank: bank ?? file?.bank ?? null, tags }, outline);
  const lines = [
    file === null ? 'mock, in this process' : `${file.name}: ${file.bank} at ${file.baseUrl}, consent: ${file.consent}`,
    ...missingLines(file?.missing ?? []),
    '',
    ...consentLines(checks, file?.consent ?? 'http'),
    ...checkLines(checks, outline, listsAll),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return (file?.missing.length ?? 0) > 0 ? exitCodes.usage : exitCodes.ok;
}

/** How often users are asked, where that is somebody's time. */
function consentLines(checks: readonly PlannedCheck[], mode: ConsentMode): string[] {
  const count = `${consentCount(plannedConsents(checks))}, one more where the bank ends a grant that scenarios share`;
  if (mode === 'person') return [`${count}; each is given by a person`];
  return mode === 'browser' ? [`${count}; each is given in Chromium by the login script`] : [];
}

function missingLines(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  return ['', 'missing, in the environment or in .env:', ...missing.map((name) => `  ${name}`)];
}

function checkLines(checks: readonly PlannedCheck[], { name }: TargetOutline, listsAll: boolean): string[] {
  const runs = checks.filter(({ skipped }) => skipped === null);
  const left = checks.filter(({ skipped }) => skipped !== null);
  const reasons = new Map<string, PlannedCheck[]>();
  for (const check of left) reasons.set(check.skipped ?? '', [...(reasons.get(check.skipped ?? '') ?? []), check]);
  const ids = (listed: readonly PlannedCheck[]): string[] =>
    listsAll ? listed.map(({ id, scenario }) => `    ${id}: ${scenario}`) : [];
  return [
    `${String(runs.length)} ${runs.length === 1 ? 'check' : 'checks'} will run at ${name}`,
    ...ids(runs),
    ...(left.length === 0 ? [] : [`${String(left.length)} will not:`]),
    ...[...reasons].flatMap(([reason, listed]) => [
      `  ${String(listed.length).padStart(3)}  ${reason}`,
      ...ids(listed),
    ]),
    ...(listsAll ? [] : ['--all lists them']),
  ];
}
