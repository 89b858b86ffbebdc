import * as v from 'valibot';
import { HomologaError } from '../../foundation/homologa-error.js';
import { listOf } from './basic-schemas.js';
import { sentence } from './member-problem.js';
import type { MemberProblem } from './member-problem.js';

/** What a bank would have shown where it would not have redirected. */
export const shownSchema = v.object({
  /** 0 where a fault would have reset the connection. */
  status: v.number(),
  code: v.optional(v.string()),
  text: v.string(),
});

/** RFC 9457, with the members that the control API adds. */
export const problemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.string(),
  errors: v.optional(listOf(v.object({ path: v.string(), expected: v.string(), received: v.string() }))),
  shown: v.optional(shownSchema),
});

export type Problem = v.InferOutput<typeof problemSchema>;

/** A refusal of the control API; `members` stand in the problem beside the usual ones. */
export class ControlProblem extends HomologaError {
  readonly status: number;
  readonly members: Pick<Problem, 'errors' | 'shown'>;

  constructor(status: number, code: string, detail: string, members: Pick<Problem, 'errors' | 'shown'> = {}) {
    super(code, detail);
    this.status = status;
    this.members = members;
  }
}

/** A document whose members are not what they should be. */
export function invalidRequest(problems: readonly MemberProblem[], root?: string): ControlProblem {
  const detail = `${problems.map((problem) => sentence(problem, root)).join('; ')}.`;
  return new ControlProblem(400, 'ERR_INVALID_REQUEST', detail, { errors: problems });
}

/** Something that the address or the body names does not exist. */
export function notFound(what: string, name: string): ControlProblem {
  const code = `ERR_${what.replaceAll(' ', '_').toUpperCase()}_NOT_FOUND`;
  return new ControlProblem(404, code, `There is no ${what} ${JSON.stringify(name.slice(0, 100))}.`);
}

/** Statuses of errors that other modules throw on purpose. */
const statuses: Readonly<Record<string, number>> = {
  ERR_TENANT_EXISTS: 409,
  ERR_TOO_MANY_TENANTS: 409,
  ERR_TOO_MANY_FAULTS: 409,
  ERR_CLOCK_BACKWARDS: 409,
  ERR_CLOCK_RANGE: 400,
  ERR_INVALID_TENANT_ID: 400,
  ERR_INVALID_DURATION: 400,
  ERR_INVALID_TOTP_SECRET: 400,
  ERR_DASHBOARD_MISSING: 503,
  ERR_STORE_WRITE: 500,
};

/** The problem that tells of an error. What was not thrown on purpose is told without its message. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ControlProblem) return problem(error.status, error.code, error.message, error.members);
  const status = error instanceof HomologaError ? statuses[error.code] : undefined;
  if (error instanceof HomologaError && status !== undefined) return problem(status, error.code, error.message);
  return problem(500, 'ERR_INTERNAL', 'The control API failed; this is a fault of homologa, please report it.');
}

function problem(
  status: number,
  code: string,
  detail: string,
  members: Pick<Problem, 'errors' | 'shown'> = {},
): Problem {
  const words = code.replace(/^ERR_/, '').toLowerCase().split('_');
  const title = words.join(' ');
  return {
    type: `urn:homologa:problem:${words.join('-')}`,
    title: `${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    status,
    detail,
    code,
    ...members,
  };
}

/** An answer in `application/problem+json`. */
export function problemResponse(error: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const told = toProblem(error);
  return new Response(JSON.stringify(told), {
    status: told.status,
    headers: { 'content-type': 'application/problem+json', ...secureHeaders, ...headers },
  });
}

/** Headers of every answer of the control API. */
export const secureHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;
