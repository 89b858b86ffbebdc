import { HomologaError } from '../foundation/homologa-error.js';

/** What a scenario needs of a target besides a bank and a user. */
export const capabilities = ['clock', 'faults', 'control', 'second-client'] as const;
export type Capability = (typeof capabilities)[number];

/**
 * - `positive`: what must work; `negative`: what must be refused; `edge`: the second in which one becomes the other;
 * - `record`: what nothing says, written down as it is.
 */
export const scenarioKinds = ['positive', 'negative', 'edge', 'record'] as const;
export type ScenarioKind = (typeof scenarioKinds)[number];

export const scenarioBanks = ['bs2', 'btg'] as const;
export type ScenarioBank = (typeof scenarioBanks)[number];

/**
 * Whose grant a scenario that starts with tokens may be played with, at a target where consents are dear:
 *
 * - `own`: one that it obtained itself, since it ends, narrows or replays it;
 * - `run`: one that an earlier scenario of the same run obtained: it means no harm to the grant, but a strict bank may end
 *   it for what the scenario does;
 * - `kept`: also the one that is kept between runs: it endangers nothing.
 */
export const grantShares = ['own', 'run', 'kept'] as const;
export type GrantShare = (typeof grantShares)[number];

/** What the tags of a bank scenario say. */
export interface ScenarioTags {
  /** Begins with the bank; rows of an outline share it. */
  readonly id: string;
  readonly requirements: readonly string[];
  readonly bank: ScenarioBank;
  readonly kind: ScenarioKind;
  readonly needs: readonly Capability[];
  /** Locks no user and burns no long-lived token: fit for a sandbox that others use. */
  readonly sandboxSafe: boolean;
  /** Without a tag: `own`. */
  readonly grant: GrantShare;
}

/** Thrown for tags outside the closed set; `cause` is `{ tags }`. */
export class ScenarioTagsError extends HomologaError {
  constructor(problem: string, tags: readonly string[]) {
    super('ERR_SCENARIO_TAGS', `${problem} The tags are ${tags.join(' ')}.`, { cause: { tags } });
  }
}

/**
 * Reads a scenario's tags: `@id:`, `@req:`, `@bank:`, `@kind:`, `@needs:`, `@grant:`, `@sandbox-safe`. The set
 * is closed.
 *
 * @throws ScenarioTagsError (`ERR_SCENARIO_TAGS`)
 */
export function readScenarioTags(tags: readonly string[]): ScenarioTags {
  const values = (name: string): string[] =>
    tags.filter((tag) => tag.startsWith(`@${name}:`)).map((tag) => tag.slice(name.length + 2));
  const unknown = tags.find(
    (tag) => tag !== '@sandbox-safe' && !/^@(?:id|req|bank|kind|needs|grant):[^\s]+$/.test(tag),
  );
  if (unknown !== undefined) throw new ScenarioTagsError(`Expected only known tags, got ${unknown}.`, tags);
  const oneOf = <T extends string>(name: string, known: readonly T[]): T => {
    const [value, ...more] = values(name);
    const found = known.find((candidate) => candidate === value);
    if (found === undefined || more.length > 0) {
      throw new ScenarioTagsError(`Expected one @${name}: of ${known.join(', ')}.`, tags);
    }
    return found;
  };
  const bank = oneOf('bank', scenarioBanks);
  const kind = oneOf('kind', scenarioKinds);
  const [id, ...moreIds] = values('id');
  if (id === undefined || moreIds.length > 0 || !id.startsWith(`${bank}-`)) {
    throw new ScenarioTagsError(`Expected one @id: that begins with ${bank}-.`, tags);
  }
  const requirements = values('req');
  if (requirements.length === 0) throw new ScenarioTagsError('Expected at least one @req:.', tags);
  const needs = values('needs').map((need) => {
    const capability = capabilities.find((candidate) => candidate === need);
    if (capability === undefined) throw new ScenarioTagsError(`Expected known @needs:, got ${need}.`, tags);
    return capability;
  });
  const grant = values('grant').length === 0 ? 'own' : oneOf('grant', grantShares);
  return { id, requirements, bank, kind, needs, sandboxSafe: tags.includes('@sandbox-safe'), grant };
}
