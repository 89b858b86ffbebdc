/** Whether an application refreshed as soon as it was asked, with a token that was said to live that long. */
export interface MarginMeasurement {
  readonly expiresInSeconds: number;
  readonly refreshedAtOnce: boolean;
}

/** What measurements at several lifetimes say of the margin before the expiry at which an application refreshes. */
export function describeMargin(measured: readonly MarginMeasurement[]): string {
  const sorted = [...measured].sort((first, second) => first.expiresInSeconds - second.expiresInSeconds);
  const seconds = ({ expiresInSeconds }: MarginMeasurement): string => `${String(expiresInSeconds)} s`;
  const list = sorted.map((one) => `${seconds(one)}: ${one.refreshedAtOnce ? 'at once' : 'not yet'}`).join(', ');
  const longest = sorted.findLast(({ refreshedAtOnce }) => refreshedAtOnce);
  const next = sorted.find(
    ({ expiresInSeconds, refreshedAtOnce }) => !refreshedAtOnce && expiresInSeconds > (longest?.expiresInSeconds ?? 0),
  );
  const [shortest] = sorted;
  if (longest === undefined) {
    const bound = shortest === undefined ? 'unknown' : `under ${seconds(shortest)}, or a share of the life`;
    return `margin ${bound} (refresh by expires_in ${list})`;
  }
  if (next === undefined) return `a refresh at whatever expires_in (${list})`;
  return `margin from ${seconds(longest)} to ${seconds(next)} (refresh by expires_in ${list})`;
}
