import type { Evidence } from '../../reports/evidence.js';

/** How far a time in an id_token is on the wrong side of now. */
export interface LeewayRung {
  /** Of the catalogue of alterations, without its bank. */
  readonly alteration: string;
  readonly seconds: number;
}

/** An id_token of a rung that an application was given. */
export interface LeewayTry {
  readonly seconds: number;
  readonly isAccepted: boolean;
}

const rung = (kind: 'expired-by' | 'issued-ahead-by', duration: string, seconds: number): LeewayRung => ({
  alteration: `id-token.${kind}-${duration}`,
  seconds,
});

/** By how much the id_token has expired. */
export const expiredRungs: readonly LeewayRung[] = [
  rung('expired-by', 'PT1S', 1),
  rung('expired-by', 'PT30S', 30),
  rung('expired-by', 'PT5M', 300),
  rung('expired-by', 'PT10M', 600),
  rung('expired-by', 'PT1H', 3_600),
];

/** How far the iat of the id_token lies ahead. */
export const aheadRungs: readonly LeewayRung[] = [
  rung('issued-ahead-by', 'PT30S', 30),
  rung('issued-ahead-by', 'PT5M', 300),
  rung('issued-ahead-by', 'PT1H', 3_600),
];

/** Tries no more rungs than tell where acceptance ends: who accepts one accepts those below it. */
export async function climb(
  rungs: readonly LeewayRung[],
  accepts: (rung: LeewayRung) => Promise<boolean>,
): Promise<void> {
  let [low, high] = [0, rungs.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const tried = rungs[middle];
    if (tried === undefined) return;
    if (await accepts(tried)) low = middle + 1;
    else high = middle;
  }
}

/** A bank and an application whose clocks differ by more would both notice. */
export const longestLeewaySeconds = 600;

/**
 * What the tries of both ladders come to. An `exp` that is long past is no exp; how far ahead an `iat` may be is the
 * client's affair (OpenID Connect Core 3.1.3.7-10), and only told.
 */
export function verdictOnLeeway(expired: readonly LeewayTry[], ahead: readonly LeewayTry[]): Evidence {
  const exp = leewayOf(expired);
  const iat = leewayOf(ahead);
  const actual = [
    exp.accepted === 0
      ? 'accepts no id_token that has expired'
      : `accepts an id_token that expired ${words(exp.accepted)} ago, ${limit(exp.refused)}`,
    iat.accepted === 0
      ? 'none whose iat lies ahead'
      : `one whose iat lies ${words(iat.accepted)} ahead, ${limit(iat.refused)}`,
  ].join('; ');
  if (exp.accepted > longestLeewaySeconds) {
    const expected = `an id_token to be refused that expired more than ${words(longestLeewaySeconds)} ago`;
    return { finding: 'failed', expected, actual };
  }
  return { finding: 'recorded', actual };
}

/** The most that was accepted, 0 for nothing, and the least above it that was refused. */
function leewayOf(tries: readonly LeewayTry[]): { readonly accepted: number; readonly refused: number | null } {
  const accepted = Math.max(0, ...tries.filter(({ isAccepted }) => isAccepted).map(({ seconds }) => seconds));
  const refused = tries.filter((tried) => !tried.isAccepted && tried.seconds > accepted).map(({ seconds }) => seconds);
  return { accepted, refused: refused.length === 0 ? null : Math.min(...refused) };
}

function limit(refused: number | null): string {
  return refused === null ? 'the most that was tried' : `but not ${words(refused)}`;
}

function words(seconds: number): string {
  if (seconds % 3_600 === 0) return `${String(seconds / 3_600)} h`;
  return seconds % 60 === 0 ? `${String(seconds / 60)} min` : `${String(seconds)} s`;
}
