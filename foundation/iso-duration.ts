import { HomologaError } from './homologa-error.js';

/** Thrown by {@link parseDuration}; `cause` holds `{ value }`. */
export class InvalidDurationError extends HomologaError {
  constructor(value: string, why: string) {
    super('ERR_INVALID_DURATION', `Expected an ISO 8601 duration such as P30D or PT7M, got "${value}": ${why}.`, {
      cause: { value },
    });
  }
}

const pattern = /^P(?:(\d+)W|(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d{1,3}))?S)?)?)$/;
const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds (`P30D`, `PT7M`, `P29DT23H59M59S`).
 * Years and months are refused because their length depends on a calendar; so are signs.
 *
 * @throws InvalidDurationError with code `ERR_INVALID_DURATION`.
 */
export function parseDuration(value: string): number {
  const match = pattern.exec(value);
  if (match === null || value === 'P') {
    if (/^P[^T]*\d[YM]/.test(value)) throw new InvalidDurationError(value, 'years and months have no fixed length');
    throw new InvalidDurationError(value, 'use weeks, days, hours, minutes and seconds');
  }
  const [, weeks, days, hours, minutes, seconds, fraction] = match;
  const ms =
    Number(weeks ?? 0) * 7 * dayMs +
    Number(days ?? 0) * dayMs +
    Number(hours ?? 0) * hourMs +
    Number(minutes ?? 0) * minuteMs +
    Number(seconds ?? 0) * secondMs +
    Number((fraction ?? '0').padEnd(3, '0'));
  if (!Number.isSafeInteger(ms) || ms > 1000 * 366 * dayMs) throw new InvalidDurationError(value, 'it is too long');
  return ms;
}

/** The shortest ISO 8601 form, in days, hours, minutes and seconds: `formatDuration(2_592_000_000)` is `P30D`. */
export function formatDuration(ms: number): string {
  const days = Math.floor(ms / dayMs);
  const hours = Math.floor((ms % dayMs) / hourMs);
  const minutes = Math.floor((ms % hourMs) / minuteMs);
  const seconds = (ms % minuteMs) / secondMs;
  const time = [
    hours > 0 ? `${String(hours)}H` : '',
    minutes > 0 ? `${String(minutes)}M` : '',
    seconds > 0 ? `${String(seconds)}S` : '',
  ].join('');
  if (days === 0 && time === '') return 'PT0S';
  return `P${days > 0 ? `${String(days)}D` : ''}${time === '' ? '' : `T${time}`}`;
}
