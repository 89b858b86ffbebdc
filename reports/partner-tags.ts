import { scenarioBanks, scenarioKinds, ScenarioTagsError } from './scenario-tags.js';
import type { ScenarioBank, ScenarioTags } from './scenario-tags.js';

/** What the tags of a scenario about a partner's application say. */
export interface PartnerTags extends Omit<ScenarioTags, 'bank'> {
  /** The banks at which the check is made; each is a check of its own. */
  readonly banks: readonly ScenarioBank[];
  /** Only for an application that is a client of both banks. */
  readonly needsBothBanks: boolean;
}

/**
 * Reads the tags of a partner scenario: `@id:partner.<family>.<name>`, `@req:`, one or two `@bank:`, `@kind:`, and
 * `@both-banks`. The set is closed.
 *
 * @throws ScenarioTagsError (`ERR_SCENARIO_TAGS`)
 */
export function readPartnerTags(tags: readonly string[]): PartnerTags {
  const values = (name: string): string[] =>
    tags.filter((tag) => tag.startsWith(`@${name}:`)).map((tag) => tag.slice(name.length + 2));
  const unknown = tags.find((tag) => tag !== '@both-banks' && !/^@(?:id|req|bank|kind):[^\s]+$/.test(tag));
  if (unknown !== undefined) throw new ScenarioTagsError(`Expected only known tags, got ${unknown}.`, tags);
  const [id, ...moreIds] = values('id');
  if (id === undefined || moreIds.length > 0 || !/^partner\.[a-z-]+\.[a-z0-9-]+$/.test(id)) {
    throw new ScenarioTagsError('Expected one @id: such as partner.callback.state-altered.', tags);
  }
  const requirements = values('req');
  if (requirements.length === 0) throw new ScenarioTagsError('Expected at least one @req:.', tags);
  const banks = values('bank').map((value) => {
    const bank = scenarioBanks.find((candidate) => candidate === value);
    if (bank === undefined) throw new ScenarioTagsError(`Expected known @bank:, got ${value}.`, tags);
    return bank;
  });
  if (banks.length === 0) throw new ScenarioTagsError('Expected at least one @bank:.', tags);
  const [kindTag, ...moreKinds] = values('kind');
  const kind = scenarioKinds.find((candidate) => candidate === kindTag);
  if (kind === undefined || moreKinds.length > 0) {
    throw new ScenarioTagsError(`Expected one @kind: of ${scenarioKinds.join(', ')}.`, tags);
  }
  return {
    id,
    requirements,
    banks,
    kind,
    needs: [],
    sandboxSafe: false,
    grant: 'own',
    needsBothBanks: tags.includes('@both-banks'),
  };
}

/** Those of a check's requirements that are asked at a bank: its own and what specifications ask everywhere. */
export function requirementsAt(bank: ScenarioBank, requirements: readonly string[]): readonly string[] {
  return requirements.filter((id) =>
    scenarioBanks.every((other) => other === bank || !id.startsWith(`${other.toUpperCase()}-`)),
  );
}
