#!/usr/bin/env node
import { describeFailure } from './failure.js';
import { createProgram } from './program.js';

// A reader that went away (`homologa --help | head -1`) is no fault of ours.
process.stdout.on('error', (error: Error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  const { text, exitCode } = describeFailure(error, process.env);
  if (text !== null) process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}
