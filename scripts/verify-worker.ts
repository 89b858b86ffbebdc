/**
 * Makes runs of `homologa verify` one after the other for the process that forked it, which saves each of them the start
 * of a process and the reports. It ends when that process lets go of it, and then no application of a run is left.
 */
import * as v from 'valibot';
import { describeFailure } from '../cli/failure.js';
import { runVerify } from '../steps/partner/run-verify.js';
import { readVerifyFile } from '../steps/partner/verify-file.js';
import type { JudgedPartner } from './partner-verdict.js';

const requestSchema = v.object({ file: v.string(), env: v.record(v.string(), v.string()), only: v.array(v.string()) });

const ended = new AbortController();

async function judge({ file, env, only }: v.InferOutput<typeof requestSchema>): Promise<JudgedPartner> {
  // The application inherits what this process has, as it does from the command.
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    const { run, checks } = await runVerify({
      file: await readVerifyFile(file, process.env),
      only,
      strict: false,
      folder: null,
      signal: ended.signal,
      commit: null,
      command: 'npx homologa verify homologa.yaml',
      expectedFailures: null,
    });
    const judged = checks.map(({ id, bank, verdict }) => ({ id, bank, verdict }));
    return { exitCode: run.exitCode, checks: judged, said: run.faults.join('\n') };
  } catch (error) {
    const { exitCode, text } = describeFailure(error, process.env);
    return { exitCode, checks: null, said: text ?? '' };
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

let running: Promise<void> = Promise.resolve();
process.on('message', (message) => {
  const request = v.parse(requestSchema, message);
  running = running.then(async () => {
    const judged = await judge(request);
    if (process.connected) process.send?.(judged);
  });
});
process.once('disconnect', () => {
  ended.abort();
  void running.finally(() => process.exit());
});
