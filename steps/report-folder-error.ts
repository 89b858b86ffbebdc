import { HomologaError } from '../foundation/homologa-error.js';

/** Thrown where a run's reports cannot be written; `cause` is Node's error. */
export class ReportFolderError extends HomologaError {
  constructor(folder: string, cause: unknown) {
    const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    super(
      'ERR_REPORT_FOLDER',
      `Expected a folder that reports can be written to, ${folder} is none${why}; name another, or make it writable.`,
      { cause },
    );
  }
}
