import { runRedactor } from '../run-redactor.js';
import { ApplicationStartError } from './application-process.js';
import type { ApplicationProcess } from './application-process.js';
import type { PositiveControl } from './positive-control.js';

const endSeenMs = 300;

/** A control that came to nothing because the application ended says so. */
export async function withEnd(
  control: PositiveControl,
  processes: readonly ApplicationProcess[],
): Promise<PositiveControl> {
  if (control.problem === null || processes.length === 0) return control;
  // A connection breaks off a moment before the end of the process is known.
  await Promise.race([...processes.map(({ end }) => end), new Promise((resolve) => setTimeout(resolve, endSeenMs))]);
  const ended = processes.find((process) => process.ended !== null)?.ended ?? null;
  return ended === null ? control : { ...control, problem: `${control.problem}; the application ended (${ended})` };
}

/** Enough for a stack trace with what is said before it. */
const lastLines = 25;

/** An application that did not come up says why in its own words. */
export function withOutput(error: unknown, processes: readonly ApplicationProcess[]): unknown {
  if (!(error instanceof ApplicationStartError)) return error;
  const output = processes.map(({ output: text }) => text.trimEnd()).join('\n');
  if (output.trim() === '') return error;
  const lines = runRedactor().text(output).split('\n').slice(-lastLines);
  error.message = `${error.message} Its last output:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  return error;
}
