import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { partnersFolder } from './partner-catalogue.js';
import { onFreePorts } from './partner-run.js';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const recipe = (name: string): Promise<string> => readFile(join(checkout, 'examples', 'ci', name), 'utf8');
const check = 'partner.callback.state-altered';

/** A partner's repository, in whose CI `npx homologa` is this checkout's command. */
let repository = '';
let tools = '';
beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'homologa-ci-'));
  tools = join(repository, 'tools');
  await mkdir(tools);
  const homologa = `"${process.execPath}" --import tsx "${join(checkout, 'cli', 'homologa.ts')}"`;
  // tsx is found from the checkout only.
  const npx = `#!/bin/sh\n[ "$1" = --yes ] && [ "$2" = homologa ] || exit 127\nshift 2\nfile=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
command=$1\nout=$(pwd)/$4\nshift 4\ncd "${checkout}" && exec ${homologa} "$command" "$file" --out "$out" "$@" --only ${check}\n`;
  for (const [name, script] of Object.entries({ npx, npm: '#!/bin/sh\n[ "$1" = ci ]\n' })) {
    await writeFile(join(tools, name), script);
    await chmod(join(tools, name), 0o755);
  }
});
afterAll(() => rm(repository, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly said: string;
  readonly summary: string;
  readonly report: (name: string) => Promise<string>;
}

/** Runs lines of a recipe in a fresh copy of the repository, as a CI would. */
async function run(script: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const folder = await mkdtemp(join(repository, 'job-'));
  const source = await readFile(join(partnersFolder, 'broken', 'homologa.bs2.yaml'), 'utf8');
  await writeFile(join(folder, 'homologa.yaml'), await onFreePorts(source, join(partnersFolder, 'broken')));
  const summaryFile = join(folder, 'step-summary.md');
  const { GITHUB_ACTIONS: _, ...inherited } = process.env;
  const path = `${tools}${delimiter}${process.env['PATH'] ?? ''}`;
  const ran = await new Promise<{ code: number; said: string }>((resolve) => {
    const options = { cwd: folder, env: { ...inherited, PATH: path, GITHUB_STEP_SUMMARY: summaryFile, ...env } };
    execFile('bash', ['-e', '-c', script], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: `${stdout}${stderr}` });
    });
  });
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8').catch(() => '');
  return { ...ran, summary: await read('step-summary.md'), report: (name) => read(join('homologa-report', name)) };
}

const shell = `sh ${join(checkout, 'examples', 'ci', 'verify.sh')}`;
const actionSchema = v.object({
  inputs: v.record(v.string(), v.object({ description: v.string(), default: v.string() })),
  runs: v.object({
    using: v.literal('composite'),
    steps: v.array(
      v.object({
        run: v.optional(v.string()),
        uses: v.optional(v.string()),
        env: v.optional(v.record(v.string(), v.string())),
      }),
    ),
  }),
});
const workflowSchema = v.object({
  jobs: v.object({
    verify: v.object({ steps: v.array(v.object({ run: v.optional(v.string()), uses: v.optional(v.string()) })) }),
  }),
});
const gitlabSchema = v.object({
  homologa: v.object({
    script: v.array(v.string()),
    artifacts: v.object({
      when: v.literal('always'),
      paths: v.array(v.string()),
      reports: v.object({ junit: v.string() }),
    }),
  }),
});

describe('the shell recipe', { timeout: 60_000 }, () => {
  it('passes a correct application and leaves JUnit and summary', async () => {
    const ran = await run(shell);
    expect(ran.said).toContain('1 passed');
    expect(ran.code).toBe(0);
    expect(await ran.report('junit.xml')).toContain(check);
    expect(ran.summary).not.toBe('');
    expect(ran.summary).toBe(await ran.report('summary.md'));
  });

  it('ends as homologa does, and leaves the reports then, too', async () => {
    const ran = await run(shell, { BUG: 'state-not-checked' });
    expect(ran.code).toBe(1);
    expect(await ran.report('junit.xml')).toContain('<failure');
    expect(ran.summary).toContain(check);
    expect((await run(shell, { HOMOLOGA_FILE: 'no-such-file.yaml' })).code).toBe(2);
  });

  it('hands on every check that is named, and strictness', async () => {
    const env = {
      HOMOLOGA: 'echo called',
      HOMOLOGA_ONLY: 'partner.callback\n  partner.code.refused',
      HOMOLOGA_STRICT: 'true',
    };
    const { said } = await run(shell, { ...env, HOMOLOGA_FILE: 'a file.yaml', HOMOLOGA_OUT: 'there' });
    expect(said.trim()).toBe(
      'called verify a file.yaml --out there --only partner.callback --only partner.code.refused --strict',
    );
  });
});

describe('the GitHub recipes', { timeout: 60_000 }, () => {
  const workflow = async () => v.parse(workflowSchema, parse(await recipe('github.yml'))).jobs.verify.steps;

  it('run as a workflow, whose steps are all run here but those of others', async () => {
    const commands = (await workflow()).flatMap(({ run: command }) => command ?? []);
    const ran = await run(commands.join('\n'));
    expect(ran.code).toBe(0);
    expect(ran.summary).toBe(await ran.report('summary.md'));
  });

  it('run as an action, with its inputs at their defaults', async () => {
    const action = v.parse(actionSchema, parse(await readFile(join(checkout, 'action.yml'), 'utf8')));
    const [step] = action.runs.steps;
    const filled = (text: string): string =>
      text.replaceAll(/\$\{\{ inputs\.([a-z]+) \}\}/g, (_, name: string) => action.inputs[name]?.default ?? 'missing');
    const env = Object.fromEntries(Object.entries(step?.env ?? {}).map(([name, text]) => [name, filled(text)]));
    const ran = await run(step?.run ?? 'false', { ...env, GITHUB_ACTION_PATH: checkout });
    expect(ran.said).toContain('1 passed');
    expect(ran.code).toBe(0);
    // No input becomes a part of the script, which whoever sets it could then write.
    expect(action.runs.steps.map(({ run: script }) => script).join('')).not.toContain('${{');
  });

  it('pin the actions of others by commit', async () => {
    const action = v.parse(actionSchema, parse(await readFile(join(checkout, 'action.yml'), 'utf8')));
    const used = [...(await workflow()), ...action.runs.steps].flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });
});

describe('the GitLab recipe', { timeout: 60_000 }, () => {
  it('runs, and keeps what it names', async () => {
    const { script, artifacts } = v.parse(gitlabSchema, parse(await recipe('gitlab.yml'))).homologa;
    const ran = await run(script.join('\n'));
    expect(ran.code).toBe(0);
    expect(artifacts.paths).toEqual(['homologa-report/']);
    expect(await ran.report(artifacts.reports.junit.replace('homologa-report/', ''))).toContain(check);
  });
});
