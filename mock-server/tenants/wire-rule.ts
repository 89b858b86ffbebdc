/** Groups of a bank's endpoints; `redirect` is the answer that takes the user back to the partner. */
export const wirePlaces = ['authorize', 'pages', 'redirect', 'token', 'revoke', 'api', 'metadata'] as const;
export type WirePlace = (typeof wirePlaces)[number];

/** How a JSON body is laid out. */
export const jsonLayouts = ['compact', 'spaced', 'lines-lf', 'lines-crlf'] as const;
export type JsonLayout = (typeof jsonLayouts)[number];

/** Which answers a rule changes: those that meet all that is said, as they would be without any rule. */
export interface WireCondition {
  at?: WirePlace | undefined;
  /** Of a token request. */
  grantType?: string | undefined;
  status?: number | undefined;
  /** The `error` member of a JSON body. */
  error?: string | undefined;
}

/**
 * How a bank's answers differ on the wire from what this mock sends, where the decision behind them is the same: for
 * what a sandbox was seen to do. Values are what the bank sends.
 */
export interface WireRule {
  /** Absent for all answers. */
  when?: WireCondition | undefined;
  status?: number | undefined;
  omitHeaders?: string[] | undefined;
  setHeaders?: Record<string, string> | undefined;
  json?: JsonLayout | undefined;
  omitMembers?: string[] | undefined;
  setMembers?: Record<string, unknown> | undefined;
  /** Members that are not named follow in their order. */
  memberOrder?: string[] | undefined;
  /** Instead of the body; JSON where it is no text. */
  body?: string | Record<string, unknown> | unknown[] | undefined;
  omitParameters?: string[] | undefined;
  setParameters?: Record<string, string> | undefined;
}
