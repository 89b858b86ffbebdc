import { HomologaError } from '../foundation/homologa-error.js';

/** Thrown for a command line, or a file or environment it names, that cannot be carried out. */
export class UsageError extends HomologaError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('ERR_USAGE', message, options);
  }
}
