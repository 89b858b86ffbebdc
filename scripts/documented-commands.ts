import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { shellCommands } from './command-lines.js';
import type { DocumentationPage } from './documentation.js';
import { checkout } from './package-installation.js';

/** A command of a page: its words, and the same as one text. */
export interface DocumentedCommand {
  readonly text: string;
  readonly words: readonly string[];
}

/** A block of shell, and what the page shows of what its commands print, one behind the other. */
export interface DocumentedSession {
  readonly line: number;
  readonly commands: readonly DocumentedCommand[];
  readonly outputs: readonly string[];
}

/**
 * The blocks of shell of a page. A block of `text` shows what the commands of the last block of shell before it print.
 *
 * @throws Error where there is none before it
 */
export function documentedSessions({ path, text }: DocumentationPage): readonly DocumentedSession[] {
  const sessions: { line: number; commands: DocumentedCommand[]; outputs: string[] }[] = [];
  for (const { index, 1: language, 2: body = '' } of text.matchAll(/^```(\S*)[^\n]*\n([^]*?)^```$/gm)) {
    const line = text.slice(0, index).split('\n').length;
    if (language === 'sh' || language === 'bash' || language === 'console') {
      const commands = shellCommands(body).map((words) => ({ text: words.join(' '), words }));
      sessions.push({ line, commands, outputs: [] });
    } else if (language === 'text') {
      const session = sessions.at(-1);
      if (session === undefined) throw new Error(`${path}:${String(line)}: no command comes before this output.`);
      session.outputs.push(body);
    }
  }
  return sessions;
}

/** The scripts of package.json. */
export async function packageScripts(): Promise<Readonly<Record<string, string>>> {
  const manifest: unknown = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
  return v.parse(v.object({ scripts: v.record(v.string(), v.string()) }), manifest).scripts;
}

/** What `homologa` is called with, by its name, by npx or by a script of package.json; null where it is not. */
export function homologaArguments(
  words: readonly string[],
  scripts: Readonly<Record<string, string>>,
): readonly string[] | null {
  const [program, ...rest] = words;
  if (program === 'homologa') return rest;
  if (program === 'npx') {
    const index = rest.indexOf('homologa');
    return index === -1 ? null : rest.slice(index + 1);
  }
  const name = npmScript(words);
  const [, own] = name === null ? [] : (/cli\/homologa\.ts ?(.*)$/.exec(scripts[name] ?? '') ?? []);
  return own === undefined ? null : [...own.split(' ').filter((word) => word !== ''), ...scriptArguments(words)];
}

/** The script that `npm` is to run; null where it is to do something else, or is not called. */
export function npmScript([program, command = '', ...rest]: readonly string[]): string | null {
  if (program !== 'npm') return null;
  if (command === 'start' || command === 'test') return command;
  return command === 'run' ? (rest.find((word) => word !== '-s') ?? '') : null;
}

/** What npm hands on to its script. */
export function scriptArguments(words: readonly string[]): readonly string[] {
  return words.includes('--') ? words.slice(words.indexOf('--') + 1) : [];
}
