/** What every command ends with; only commands that judge use `unexpected`. */
export const exitCodes = {
  ok: 0,
  /** A check failed that was not expected to, or passed that was expected to fail; a finding is `failed`. */
  unexpected: 1,
  /** Usage, configuration or environment: nothing was judged. */
  usage: 2,
  /** A fault of homologa itself. */
  fault: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
