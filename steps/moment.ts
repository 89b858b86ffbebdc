import { HarnessFault } from './check-failure.js';

const seconds: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
};

/** Seconds of a duration as features write it: "30 days", "420 seconds". */
export function secondsOf(amount: string, unit: string): number {
  const factor = seconds[unit.replace(/s$/, '')];
  if (factor === undefined)
    throw new HarnessFault(`Expected a duration in seconds, minutes, hours or days, got ${unit}.`);
  return Number(amount) * factor;
}

/** Where around the end of a life something happens, in seconds from it. */
export const momentOffsets: Readonly<Record<string, number>> = {
  'one second before': -1,
  'at the very moment': 0,
  'one second after': 1,
};

/** Seconds as an ISO 8601 duration. */
export function isoSeconds(amount: number): string {
  return `PT${String(amount)}S`;
}
