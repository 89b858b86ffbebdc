import { nearestNames } from '../../foundation/nearest-names.js';
import { compareBanks } from '../banks/bank-id.js';
import type { Alteration } from './alteration.js';
import { authorizationErrorAlterations } from './authorization-error-alterations.js';
import { authorizationResponseAlterations } from './authorization-response-alterations.js';
import type { FaultPoint } from './fault.js';
import { idTokenAlterations } from './id-token-alterations.js';
import { idTokenSignatureAlterations } from './id-token-signature-alterations.js';
import { idTokenTimeAlterations } from './id-token-time-alterations.js';
import { resourceAlterations } from './resource-alterations.js';
import { tokenErrorAlterations } from './token-error-alterations.js';
import { tokenResponseAlterations } from './token-response-alterations.js';

export type { Alteration } from './alteration.js';

/** Every way in which one answer of a bank can be altered, by bank and then along the way of a grant. */
export const alterations: readonly Alteration[] = [
  ...authorizationResponseAlterations,
  ...authorizationErrorAlterations,
  ...tokenResponseAlterations,
  ...tokenErrorAlterations,
  ...idTokenAlterations,
  ...idTokenTimeAlterations,
  ...idTokenSignatureAlterations,
  ...resourceAlterations,
].toSorted((first, second) => compareBanks(first.bank, second.bank));

/** What an id stands for at a fault point. */
export type FoundAlteration =
  | { readonly kind: 'found'; readonly alteration: Alteration }
  /** It acts at other points only. */
  | { readonly kind: 'elsewhere'; readonly points: readonly FaultPoint[] }
  | { readonly kind: 'unknown' };

/** The alteration of that id at a fault point; the bank may be left out of the id, since the point names it. */
export function findAlteration(id: string, at: FaultPoint): FoundAlteration {
  const named = alterations.filter(
    (alteration) => alteration.id === id || alteration.id === `${alteration.bank}.${id}`,
  );
  const alteration = named.find((candidate) => candidate.at === at);
  if (alteration !== undefined) return { kind: 'found', alteration };
  return named.length === 0 ? { kind: 'unknown' } : { kind: 'elsewhere', points: named.map((other) => other.at) };
}

/** The ids that are most like what was asked for, the likest first: of those at that bank where there is one. */
export function nearestAlterationIds(id: string, at: FaultPoint, count = 3): readonly string[] {
  const ids = alterations.filter(({ bank }) => at.startsWith(`${bank}.`)).map((alteration) => alteration.id);
  const wanted = /^(?:bs2|btg)\./.test(id) ? id : `${at.slice(0, at.indexOf('.'))}.${id}`;
  return nearestNames(wanted, ids, count);
}
