import { loadConfiguration, loadSources } from '@cucumber/cucumber/api';
import type { IRunConfiguration } from '@cucumber/cucumber/api';
import { HomologaError } from '../foundation/homologa-error.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';
import { packagePaths } from './package-paths.js';

/** Which scenarios to run. */
export interface ScenarioSelection {
  /** Null for both banks. */
  readonly bank: ScenarioBank | null;
  /** A cucumber tag expression, such as `@kind:edge and not @needs:faults`; null for all. */
  readonly tags: string | null;
}

/** Thrown for a tag expression that cannot be read, or that selects nothing; `cause` is the selection. */
export class ScenarioSelectionError extends HomologaError {
  constructor(code: 'ERR_TAG_EXPRESSION' | 'ERR_NOTHING_SELECTED', message: string, selection: ScenarioSelection) {
    super(code, message, { cause: selection });
  }
}

const environment = { cwd: packagePaths.root };

/** Both conditions as one tag expression. */
export function tagExpression({ bank, tags }: ScenarioSelection): string {
  const parts = [...(tags === null ? [] : [`(${tags})`]), ...(bank === null ? [] : [`@bank:${bank}`])];
  return parts.join(' and ');
}

/** The features to read and the tags to select by, as cucumber's configuration has them; nothing is read yet. */
export async function scenarioSources(selection: ScenarioSelection): Promise<IRunConfiguration['sources']> {
  const provided = {
    paths: ['features/bs2/**/*.feature', 'features/btg/**/*.feature'],
    tags: tagExpression(selection),
  };
  const { runConfiguration } = await loadConfiguration({ file: false, provided }, environment);
  return runConfiguration.sources;
}

/**
 * The features that are selected, once it is sure that something is.
 *
 * @throws ScenarioSelectionError (`ERR_TAG_EXPRESSION`, `ERR_NOTHING_SELECTED`)
 */
export async function selectScenarios(
  selection: ScenarioSelection,
): Promise<{ readonly sources: IRunConfiguration['sources']; readonly count: number }> {
  const sources = await scenarioSources(selection);
  const plan = await loadSources(sources, environment).catch((error: unknown) => {
    // Cucumber wraps the parser's own words.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message.replaceAll(/\s+/g, ' ').trim() : String(cause);
    const expected = 'Expected a tag expression such as "@kind:edge and not @needs:faults"';
    throw new ScenarioSelectionError(
      'ERR_TAG_EXPRESSION',
      `${expected}, got "${selection.tags ?? ''}": ${why}`,
      selection,
    );
  });
  const [parseError] = plan.errors;
  if (parseError !== undefined) throw new Error(`${parseError.uri}: ${parseError.message}`);
  if (plan.plan.length === 0) {
    const of = selection.bank === null ? '' : ` of ${selection.bank}`;
    const by = selection.tags === null ? '' : ` by the tags ${selection.tags}`;
    throw new ScenarioSelectionError(
      'ERR_NOTHING_SELECTED',
      `No scenario${of} is selected${by}: nothing would be judged. "homologa plan --all" lists every one.`,
      selection,
    );
  }
  return { sources, count: plan.plan.length };
}
