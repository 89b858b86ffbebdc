import { HomologaError } from '../../foundation/homologa-error.js';
import type { Problem } from '../control/problem.js';

/** Members of a problem beside the usual ones. */
export type ProblemDetails = Pick<Problem, 'errors' | 'shown'>;

/**
 * Thrown where the control API refuses, or does not answer as one. `code` is the problem's; `cause` holds its `errors`
 * (members that were wrong) or `shown` (what a bank would have shown in place of a redirect).
 */
export class ControlApiError extends HomologaError {
  /** Of the answer; null where none came. */
  readonly status: number | null;
  readonly detail: string;

  constructor(code: string, status: number | null, detail: string, cause?: ProblemDetails | Error) {
    super(code, detail, cause === undefined ? undefined : { cause });
    this.status = status;
    this.detail = detail;
  }
}
