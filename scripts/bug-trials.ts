import { createHash } from 'node:crypto';
import type { PartnerTags } from '../reports/partner-tags.js';
import type { BugPlace, DeclaredBug } from './partner-catalogue.js';

/** One bug at one place, and the checks that are made of it. */
export interface BugTrial {
  readonly bug: DeclaredBug;
  readonly place: BugPlace;
  /** The verify file, in the folder of the broken partner. */
  readonly file: string;
  /** What it declares, and a sample of the others. */
  readonly only: readonly string[];
  /** Declared checks that do not exist. */
  readonly unknown: readonly string[];
  /** The same application without the bug: trials with one key share the run. */
  readonly control: { readonly key: string; readonly file: string; readonly only: readonly string[] };
}

const sampleSize = 5;

/** Every bug at every place where it is tried. `takesAll` takes all other checks of the place as the sample. */
export function bugTrials(
  bugs: readonly DeclaredBug[],
  checks: readonly PartnerTags[],
  { takesAll }: { readonly takesAll: boolean },
): readonly BugTrial[] {
  const known = new Set(checks.map(({ id }) => id));
  const trials = bugs.flatMap((bug) =>
    bug.banks.map((place) => {
      const declared = [...bug.fails, ...bug.warns, ...bug.informs];
      const others = checks
        .filter((check) => isMadeAt(check, place))
        .map(({ id }) => id)
        .filter((id) => !declared.includes(id));
      // A client of both banks is only tried for what one bank does not show.
      const chosen = takesAll && place !== 'both' ? others : sample(others, `${bug.bug}@${place}`);
      const file = bug.file ?? `homologa.${place}.yaml`;
      return {
        bug,
        place,
        file,
        only: [...declared.filter((id) => known.has(id)), ...chosen],
        unknown: declared.filter((id) => !known.has(id)),
        // A file that is itself the bug has its control in the file that is right.
        controlFile: `homologa.${place}.yaml`,
        key: JSON.stringify([place, bug.env]),
      };
    }),
  );
  return trials.map(({ key, controlFile, ...trial }) => {
    const only = new Set(trials.filter((other) => other.key === key).flatMap((other) => other.only));
    return { ...trial, control: { key, file: controlFile, only: [...only] } };
  });
}

function isMadeAt({ banks, needsBothBanks }: PartnerTags, place: BugPlace): boolean {
  return place === 'both' || (banks.includes(place) && !needsBothBanks);
}

/** Another part of the others for each bug, and the same one at each run. */
function sample(others: readonly string[], seed: string): readonly string[] {
  const rank = (id: string): string => createHash('sha256').update(`${seed} ${id}`).digest('hex');
  return [...others].sort((one, other) => (rank(one) < rank(other) ? -1 : 1)).slice(0, sampleSize);
}
