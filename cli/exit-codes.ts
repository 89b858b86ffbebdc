/** What every command ends with; `run` and `verify` alone use `unexpected`. */
export const exitCodes = {
  ok: 0,
  /** A check failed that was not expected to, or passed that was expected to fail. */
  unexpected: 1,
  /** Usage, configuration or environment: nothing was judged. */
  usage: 2,
  /** A fault of homologa itself. */
  fault: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
