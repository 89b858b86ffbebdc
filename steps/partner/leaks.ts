import type { Evidence } from '../../reports/evidence.js';
import type { SecretKind } from './run-secrets.js';

/** A secret that was found where it should not be. */
export interface Leak {
  readonly kind: SecretKind;
  /** For a sentence: `the page at /callback`. */
  readonly where: string;
  /** It was sent to another origin than the application's. */
  readonly isForeign: boolean;
}

/**
 * What leaks mean. A code is different from all the rest: it works once, the bank itself put it into the customer's
 * browser, and access logs note the address of the callback.
 */
export function judgeLeaks(leaks: readonly Leak[], how: 'shown' | 'written'): Evidence | null {
  const expected = 'no secret of the run';
  const grave = leaks.filter(({ kind, isForeign }) => kind !== 'an authorization code' || isForeign);
  if (grave.length > 0) return { finding: 'failed', expected, actual: describe(grave) };
  if (leaks.length === 0) return null;
  if (how === 'shown') return { finding: 'warning', expected, actual: describe(leaks) };
  return { finding: 'info', actual: `${describe(leaks)}, which is over once it was redeemed` };
}

const most = 3;

function describe(leaks: readonly Leak[]): string {
  const places = [...new Set(leaks.map(({ kind, where }) => `${kind} in ${where}`))];
  const more = places.length > most ? ` and ${String(places.length - most)} more` : '';
  return `${places.slice(0, most).join(', ')}${more}`;
}
