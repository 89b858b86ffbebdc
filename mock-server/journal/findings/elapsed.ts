const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A span of time for people: `3 s`, `11 min`, `5 h`, `30 days`. Rounded down, since what is not over is not over. */
export function elapsed(ms: number): string {
  const whole = (unitMs: number): number => Math.floor(ms / unitMs);
  if (ms < secondMs) return 'less than a second';
  if (ms < 2 * minuteMs) return `${String(whole(secondMs))} s`;
  if (ms < 2 * hourMs) return `${String(whole(minuteMs))} min`;
  if (ms < 2 * dayMs) return `${String(whole(hourMs))} h`;
  return `${String(whole(dayMs))} days`;
}

/** `3 s ago`; a clock that was set back since says only that it was earlier. */
export function ago(ms: number): string {
  return ms < 0 ? 'earlier' : `${elapsed(ms)} ago`;
}

/** `the 8th`. */
export function ordinal(count: number): string {
  const tens = count % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${String(count)}${ending}`;
}
