import { runCucumber } from '@cucumber/cucumber/api';
import * as v from 'valibot';
import { runMessageSchema } from '../reports/run-messages.js';
import type { RunMessage } from '../reports/run-messages.js';
import { capabilities, readScenarioTags } from '../reports/scenario-tags.js';
import type { Capability, GrantShare, ScenarioBank } from '../reports/scenario-tags.js';
import { readConsentNeeds } from './consent-ways/consent-needs.js';
import { limitsOf } from './consent-ways/open-consent-way.js';
import { nowhere, supportCode } from './cucumber-support.js';
import { packagePaths } from './package-paths.js';
import { selectScenarios } from './scenario-selection.js';
import type { ScenarioSelection } from './scenario-selection.js';
import { noConsentLimits, reasonToSkip } from './target.js';
import type { ConsentLimits } from './target.js';
import type { TargetFile } from './target-file.js';

/** What a target lets scenarios do, as its file says; nothing is sent to find out. */
export interface TargetOutline {
  readonly name: string;
  readonly banks: readonly ScenarioBank[];
  readonly capabilities: ReadonlySet<Capability>;
  readonly shared: boolean;
  readonly consents: ConsentLimits;
}

/** One check of a plan. */
export interface PlannedCheck {
  readonly id: string;
  readonly scenario: string;
  readonly bank: ScenarioBank;
  /** Why it will not run; null where it will. */
  readonly skipped: string | null;
  /** How often a user is asked to consent or to refuse. */
  readonly consents: number;
  /** Whose grant it may be played with, where one is there. */
  readonly grant: GrantShare;
}

/** The mock in this process can do everything. */
export const mockOutline: TargetOutline = {
  name: 'mock',
  banks: ['bs2', 'btg'],
  capabilities: new Set(capabilities),
  shared: false,
  consents: noConsentLimits,
};

/**
 * How often users are asked in all, where scenarios share grants as they may and nothing is kept from before. Where the bank
 * ends a grant that is shared, one more is needed.
 */
export function plannedConsents(checks: readonly PlannedCheck[]): number {
  const total = checks.reduce((sum, { consents }) => sum + consents, 0);
  const sharing = checks.filter(({ consents, grant }) => consents > 0 && grant !== 'own');
  return total - Math.max(0, sharing.length - 1);
}

/** `1 consent`, `12 consents`. */
export function consentCount(count: number): string {
  return `${String(count)} ${count === 1 ? 'consent' : 'consents'}`;
}

/** What a target file promises. */
export function outlineOf(
  name: string,
  file: Pick<TargetFile, 'bank' | 'control' | 'secondClient' | 'consent'>,
): TargetOutline {
  const found = new Set<Capability>(file.control === undefined ? [] : ['clock', 'faults', 'control']);
  if (file.secondClient !== undefined || file.control !== undefined) found.add('second-client');
  return {
    name,
    banks: [file.bank],
    capabilities: found,
    shared: file.control === undefined,
    consents: limitsOf(file.consent),
  };
}

/**
 * Every scenario that is selected, in the order of the features, with what keeps it from running at the target. Nothing
 * is sent.
 *
 * @throws ScenarioSelectionError (`ERR_TAG_EXPRESSION`, `ERR_NOTHING_SELECTED`)
 */
export async function planRun(selection: ScenarioSelection, target: TargetOutline): Promise<readonly PlannedCheck[]> {
  const { sources } = await selectScenarios(selection);
  const consentNeeds = await readConsentNeeds();
  const planned: PlannedCheck[] = [];
  const pickles = new Map<string, NonNullable<RunMessage['pickle']>>();
  const runtime = { failFast: false, filterStacktraces: true, parallel: 0, retry: 0, retryTagFilter: '', strict: true };
  await runCucumber(
    {
      sources,
      support: await supportCode(sources),
      runtime: { ...runtime, dryRun: true, worldParameters: {} },
      formats: { stdout: 'message', files: {}, publish: false, options: {} },
    },
    { cwd: packagePaths.root, stdout: nowhere() },
    (message) => {
      const { pickle, testCase } = v.parse(runMessageSchema, message);
      if (pickle !== undefined) pickles.set(pickle.id, pickle);
      // Only what is selected becomes a test case; there is a pickle for everything.
      const selected = testCase === undefined ? undefined : pickles.get(testCase.pickleId);
      if (selected === undefined) return;
      const tags = readScenarioTags(selected.tags.map(({ name }) => name));
      const asks = consentNeeds(tags.id);
      const skipped = reasonToSkip(target, tags, asks);
      const consents = skipped === null ? asks.approvals + asks.denials : 0;
      planned.push({ id: tags.id, scenario: selected.name, bank: tags.bank, skipped, consents, grant: tags.grant });
    },
  );
  return planned;
}
