import type { JudgedDiff } from './accepted-differences.js';

/** `diff.html`. */
export function diffPage(_judged: JudgedDiff): string {
  return '';
}
