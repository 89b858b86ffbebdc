import { loadConfiguration, runCucumber } from '@cucumber/cucumber/api';
import type { IRunConfiguration } from '@cucumber/cucumber/api';
import * as v from 'valibot';
import { HomologaError } from '../../foundation/homologa-error.js';
import { readPartnerTags } from '../../reports/partner-tags.js';
import type { PartnerTags } from '../../reports/partner-tags.js';
import { runMessageSchema } from '../../reports/run-messages.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { nowhere, supportCode } from '../cucumber-support.js';
import { packagePaths } from '../package-paths.js';

/** Which checks of an application to make. */
export interface CheckSelection {
  readonly bank: ScenarioBank;
  /** The application is a client of both banks. */
  readonly isAtBothBanks: boolean;
  /** Ids or beginnings of ids; empty for all. */
  readonly only: readonly string[];
}

/** Thrown for a check that does not exist; `cause` is `{ only }`. */
export class UnknownCheckError extends HomologaError {
  constructor(only: string, nearest: readonly string[]) {
    super(
      'ERR_UNKNOWN_CHECK',
      `--only: there is no check that is called ${only} or begins so. Some that there are: ${nearest.join(', ')}.`,
      {
        cause: { only },
      },
    );
  }
}

/** Thrown where the banks of the file have none of the checks that were asked for; `cause` is `{ only }`. */
export class NoCheckError extends HomologaError {
  constructor(only: string, why: string) {
    super('ERR_UNKNOWN_CHECK', `--only: nothing is left to check: ${only} is ${why}.`, { cause: { only } });
  }
}

/** In the order in which they are made; what looks back on the run comes last. */
const paths = ['features/partner/*.feature', 'features/partner/last/*.feature'];

/** Every check of an application, in the order of the features: of a run in which nothing is done. */
export async function partnerChecks(): Promise<readonly PartnerTags[]> {
  const { sources } = await sourcesOf('');
  const found = new Map<string, PartnerTags>();
  const runtime = { failFast: false, filterStacktraces: true, parallel: 0, retry: 0, retryTagFilter: '', strict: true };
  await runCucumber(
    {
      sources,
      support: await supportCode(sources, packagePaths.partnerSteps),
      runtime: { ...runtime, dryRun: true, worldParameters: {} },
      formats: { stdout: 'message', files: {}, publish: false, options: {} },
    },
    { cwd: packagePaths.root, stdout: nowhere() },
    (message) => {
      const { pickle } = v.parse(runMessageSchema, message);
      if (pickle === undefined) return;
      const tags = readPartnerTags(pickle.tags.map(({ name }) => name));
      found.set(tags.id, tags);
    },
  );
  return [...found.values()];
}

/**
 * A run that checks nothing must not look like one that found nothing.
 *
 * @throws UnknownCheckError (`ERR_UNKNOWN_CHECK`) for a check that there is not; NoCheckError (the same code) where none
 *   of those that are asked for is made at these banks.
 */
export async function refuseEmptySelection(banks: readonly ScenarioBank[], only: readonly string[]): Promise<void> {
  if (only.length === 0) return;
  const all = await partnerChecks();
  for (const asked of only) {
    if (!all.some(({ id }) => isAskedFor(id, asked))) {
      throw new UnknownCheckError(asked, [...new Set(all.map(({ id }) => id.split('.').slice(0, 2).join('.')))]);
    }
  }
  const isAtBothBanks = banks.length > 1;
  if (banks.some((bank) => idsOf(all, { bank, isAtBothBanks, only }).length > 0)) return;
  const asked = all.filter(({ id }) => only.some((one) => isAskedFor(id, one)));
  const isForBoth = asked.some((check) => check.needsBothBanks);
  const where = [...new Set(asked.flatMap((check) => check.banks))].join(' and ');
  const why = isForBoth ? 'for clients of both banks, whose file has `banks`' : `for ${where} alone`;
  throw new NoCheckError(only.join(', '), why);
}

/** The features of the checks that are selected; null where this bank has none of them. */
export async function selectChecks(selection: CheckSelection): Promise<IRunConfiguration['sources'] | null> {
  const ids = idsOf(await partnerChecks(), selection);
  if (ids.length === 0) return null;
  return (await sourcesOf(ids.map((id) => `@id:${id}`).join(' or '))).sources;
}

function idsOf(all: readonly PartnerTags[], { bank, isAtBothBanks, only }: CheckSelection): readonly string[] {
  return all
    .filter(({ banks, needsBothBanks }) => banks.includes(bank) && (isAtBothBanks || !needsBothBanks))
    .map(({ id }) => id)
    .filter((id) => only.length === 0 || only.some((asked) => isAskedFor(id, asked)));
}

function isAskedFor(id: string, asked: string): boolean {
  return (
    id === asked ||
    id.startsWith(asked.endsWith('.') ? asked : `${asked}.`) ||
    (asked.endsWith('*') && id.startsWith(asked.slice(0, -1)))
  );
}

async function sourcesOf(tags: string): Promise<{ sources: IRunConfiguration['sources'] }> {
  const { runConfiguration } = await loadConfiguration(
    { file: false, provided: { paths, tags } },
    { cwd: packagePaths.root },
  );
  return { sources: runConfiguration.sources };
}
