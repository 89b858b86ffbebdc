import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { runHomologa, stopAll } from '../scripts/homologa-from-source.js';

afterEach(stopAll);

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

  test('without a command shows the help and exits 2', async () => {
    const end = await runHomologa([]);
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain('Usage: homologa');
  });

  test.each([[['--help']], [['serve', '--help']], [['proxy', '--help']], [['clock', '--help']], [['help', 'serve']]])(
    '%j has examples and fits a hundred columns',
    async (args) => {
      const end = await runHomologa(args);
      expect(end).toMatchObject({ exitCode: 0, stderr: '' });
      expect(end.stdout).toContain('Examples:');
      expect(end.stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    },
  );
});
