/** Whether an application refreshed as soon as it was asked, with a token that was said to live that long. */
export interface MarginMeasurement {
  readonly expiresInSeconds: number;
  readonly refreshedAtOnce: boolean;
}

/** What measurements at several lifetimes say of the margin before the expiry at which an application refreshes. */
export function describeMargin(measured: readonly MarginMeasurement[]): string {
  const sorted = [...measured].sort((first, second) => first.expiresInSeconds - second.expiresInSeconds);
  const seconds = ({ expiresInSeconds }: MarginMeasurement): string => `${String(expiresInSeconds)} s`;
  const longest = sorted.findLast(({ refreshedAtOnce }) => refreshedAtOnce);
  const next = sorted.find(
    ({ expiresInSeconds, refreshedAtOnce }) => !refreshedAtOnce && expiresInSeconds > (longest?.expiresInSeconds ?? 0),
  );
  const lives = (fits: (one: MarginMeasurement) => boolean): string =>
    sorted
      .filter(fits)
      .map(seconds)
      .join(', ')
      .replace(/, (?=[^,]*$)/, ' or ');
  const early = lives(({ refreshedAtOnce }) => refreshedAtOnce);
  const late = lives(({ refreshedAtOnce }) => !refreshedAtOnce);
  const told = [
    ...(early === '' ? [] : [`a token that was given for ${early} was replaced at its first use`]),
    ...(late === '' ? [] : [`${early === '' ? 'a token' : 'one'} that was given for ${late} was used as it was`]),
  ].join(', ');
  const [shortest] = sorted;
  if (longest === undefined) {
    const bound = shortest === undefined ? 'unknown' : `under ${seconds(shortest)}, or a share of the life`;
    return `margin ${bound}: ${told}`;
  }
  if (next === undefined) return `no margin to be told: ${told}`;
  return `margin from ${seconds(longest)} to ${seconds(next)}: ${told}`;
}
