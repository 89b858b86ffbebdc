import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { problemsOfCommandLine } from '../scripts/command-lines.js';
import { createProgram } from './program.js';
import { runHomologa, stopAll } from '../scripts/homologa-from-source.js';

afterEach(stopAll);

function helpOf(name: string): { readonly text: string; readonly description: string } {
  const command = createProgram().commands.find((candidate) => candidate.name() === name);
  let text = '';
  command?.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 100 }).outputHelp();
  return { text, description: command?.description() ?? '' };
}

describe('homologa', () => {
  test('prints the version of its package', async () => {
    const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
    const end = await runHomologa(['--version']);
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(manifest).toContain(`"version": "${end.stdout.trim()}"`);
  });

  test('suggests the command that was meant', async () => {
    const end = await runHomologa(['serv']);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/unknown command 'serv'[^]*Did you mean serve/);
  });

  test('help of a command that there is not says so, and which was meant', async () => {
    const end = await runHomologa(['help', 'verfy']);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/unknown command 'verfy'[^]*Did you mean verify/);
  });

  test.each([
    [
      ['run', '--bank', 'btg', '--out', 'package.json/x'],
      /\(ENOTDIR\); name another, or make it writable.*ERR_REPORT_FOLDER/,
    ],
    [['run', '--target', 'nowhere'], /there is no nowhere, .* here\. homologa has bs2-sandbox and btg-sandbox\./],
    [
      ['serve', '--config', 'no-such.yaml'],
      /no-such\.yaml: there is no such file\. Expected YAML or JSON with settings/,
    ],
    [['serve', '--tls-cert', 'no.pem', '--tls-key', 'no.pem'], /a file with the certificate in PEM, no\.pem .*ENOENT/],
    [['verify', 'cli/homologa.ts'], /expected YAML, got what is none/],
  ])('%j is no fault of homologa, and says what to do', async (args, told) => {
    const end = await runHomologa(args);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(told);
  });

  test('without a command shows the help and exits 2', async () => {
    const end = await runHomologa([]);
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain('Usage: homologa');
  });

  test('suggests the flag that was meant', async () => {
    const end = await runHomologa(['run', '--bnak', 'bs2']);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(/unknown option '--bnak'[^]*Did you mean --bank/);
  });

  test.each([
    [['verify'], /missing required argument 'file'/, 'verify'],
    [['findings', 'x.har'], /required option '--bank <bank>' not specified/, 'findings'],
    [['clock', 'advanc'], /Allowed choices are show, advance, set.*Did you mean advance\?/, 'clock'],
    [['serve', '--port', 'abc'], /Expected a port from 0/, 'serve'],
    [['run', '--parallel', 'two'], /Expected a number of processes/, 'run'],
    [['run', '--parallel', '0'], /Expected a number of processes from 1/, 'run'],
  ])('%j says what was expected, and whose help tells more', async (args, expected, command) => {
    const end = await runHomologa(args);
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(expected);
    expect(end.stderr).toContain(`(homologa ${command} --help shows what is possible)`);
  });

  test('says what a file should have been, why it is not, and where one comes from', async () => {
    const report = await runHomologa(['report', 'no-such-folder']);
    expect(report).toMatchObject({ exitCode: 2, stdout: '' });
    expect(report.stderr).toMatch(/evidence\.ndjson; no-such-folder has none\. homologa run and homologa verify/);
    const archive = await runHomologa(['findings', 'no-such.har', '--bank', 'bs2']);
    expect(archive).toMatchObject({ exitCode: 2, stdout: '' });
    expect(archive.stderr).toMatch(/Cannot read no-such\.har \(ENOENT.*expected an HTTP Archive/);
  });

  test.each([[['--help']], [['help', 'serve']], [['run', '--help']]])(
    '%j goes to stdout, without colours',
    async (args) => {
      const end = await runHomologa(args);
      expect(end).toMatchObject({ exitCode: 0, stderr: '' });
      expect(end.stdout).toContain('Examples:');
      expect(end.stdout).not.toContain('\u001b');
    },
  );

  const commands = createProgram().commands.map((command) => [command.name()]);
  test.each(commands)('%s has a description, examples that work, and fits a hundred columns', (name) => {
    const { text, description } = helpOf(name);
    expect(description).not.toBe('');
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    const examples = text.slice(text.indexOf('\nExamples:\n')).split('\n');
    const lines = examples.flatMap((line) => /\bhomologa .*$/.exec(line)?.[0].split(/ {2,}/)[0] ?? []);
    expect(lines.filter((line) => line.startsWith(`homologa ${name}`)).length).toBeGreaterThan(0);
    expect(lines.flatMap((line) => problemsOfCommandLine(line))).toEqual([]);
  });
});
