import type { BankId } from '../banks/bank-id.js';
import type { Alteration } from './alteration.js';

/** Where a fault acts. `redirect` is the answer that sends the user back to the partner. */
export type FaultPoint = `${BankId}.${'authorize' | 'redirect' | 'token' | 'api'}`;

/** Which requests a fault acts on; every member that is present must match. */
export interface FaultCondition {
  readonly grantType?: string | undefined;
  readonly client?: string | undefined;
  readonly grant?: string | undefined;
  readonly code?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly state?: string | undefined;
}

/** What a fault does to one answer. Delays and barriers use real time. */
export type FaultEffect =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: string | undefined;
    }
  | { readonly delay: string }
  | { readonly drop: 'before' | 'after' }
  | { readonly truncate: true }
  | { readonly barrier: number }
  | { readonly alter: Alteration };

/** A scripted misbehaviour. */
export interface FaultScript {
  readonly at: FaultPoint;
  readonly when?: FaultCondition | undefined;
  /** How many requests it acts on; 0 until it is deleted. */
  readonly times: number;
  readonly effect: FaultEffect;
}

export interface Fault extends FaultScript {
  readonly id: string;
  /** How many requests it has acted on. */
  readonly acted: number;
}

/** What is known of a request that a fault might act on. */
export type FaultSubject = { readonly [K in keyof FaultCondition]-?: string | undefined };

/** Whether every member of the condition equals what is known of the request. */
export function matches(condition: FaultCondition | undefined, subject: FaultSubject): boolean {
  if (condition === undefined) return true;
  const same = (wanted: string | undefined, known: string | undefined): boolean =>
    wanted === undefined || wanted === known;
  return (
    same(condition.grantType, subject.grantType) &&
    same(condition.client, subject.client) &&
    same(condition.grant, subject.grant) &&
    same(condition.code, subject.code) &&
    same(condition.refreshToken, subject.refreshToken) &&
    same(condition.accessToken, subject.accessToken) &&
    same(condition.state, subject.state)
  );
}
