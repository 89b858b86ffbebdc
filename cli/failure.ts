import { CommanderError } from 'commander';
import { HomologaError } from '../foundation/homologa-error.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';

/** What the command line says and ends with after an error. */
export interface Failure {
  /** For stderr, without a line break at its end; null where all is said. */
  readonly text: string | null;
  readonly exitCode: ExitCode;
}

/**
 * Tells a wrong command line and an error that homologa throws on purpose (exit 2, no stack) from a fault of homologa
 * itself (exit 3, the stack only when `HOMOLOGA_DEBUG` or `DEBUG` is set).
 */
export function describeFailure(error: unknown, environment: NodeJS.ProcessEnv): Failure {
  // Commander has written its own message, help or version already.
  if (error instanceof CommanderError) {
    return { text: null, exitCode: error.exitCode === 0 ? exitCodes.ok : exitCodes.usage };
  }
  if (error instanceof HomologaError) {
    return { text: `homologa: ${error.message} (${error.code})`, exitCode: exitCodes.usage };
  }
  const summary = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const head = `homologa: this is a fault of homologa, not of what it was asked: ${summary}`;
  const debugs = [environment['HOMOLOGA_DEBUG'], environment['DEBUG']].some(
    (value) => value !== undefined && value !== '',
  );
  const stack = error instanceof Error ? error.stack : undefined;
  const rest = debugs && stack !== undefined ? stack : 'Set HOMOLOGA_DEBUG=1 to see where.';
  return { text: `${head}\n${rest}`, exitCode: exitCodes.fault };
}

/** Ends a process that runs until it is stopped, at an error that nobody caught. */
export function endAtFault(error: unknown): void {
  process.stderr.write(`${describeFailure(error, process.env).text ?? ''}\n`);
  process.exit(exitCodes.fault);
}
