import { CommanderError } from 'commander';
import { createProgram } from '../cli/program.js';

/**
 * The commands of a piece of shell, each as its words: quotes and escapes resolved, comments, redirections and
 * assignments left out. What a `$` stands for is not known, and kept as it is.
 */
export function shellCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  const tokens = text
    .replaceAll(/\\\n/g, ' ')
    .matchAll(
      /(?<comment>(?<=^|\s)#[^\n]*)|(?<end>&&|\|\||[;|&\n])|(?<word>(?:'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|\$\([^)]*\)|[^\s;|&'"\\])+)/g,
    );
  for (const { groups } of tokens) {
    if (groups?.['end'] !== undefined) commands.push([]);
    else if (groups?.['word'] !== undefined) commands.at(-1)?.push(plain(groups['word']));
  }
  return commands.map((words) => withoutShell(words)).filter((words) => words.length > 0);
}

function plain(word: string): string {
  return word.replaceAll(
    /'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])/g,
    (_, single?: string, double?: string, one?: string) => single ?? double?.replaceAll(/\\([^])/g, '$1') ?? one ?? '',
  );
}

function withoutShell(words: readonly string[]): string[] {
  const redirection = words.findIndex((word) => /^[0-9]?[<>]/.test(word));
  const shown = redirection === -1 ? words : words.slice(0, redirection);
  const first = shown.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  return first === -1 ? [] : shown.slice(first);
}

const silent = { writeOut: () => undefined, writeErr: () => undefined };

/** What is wrong with a line that calls `homologa`: commander's own words, with nothing done. Empty where it can be carried out. */
export function problemsOfCommandLine(line: string): string[] {
  return shellCommands(line).flatMap((words) => {
    const start = words[0] === 'npx' ? words.indexOf('homologa') : words[0] === 'homologa' ? 0 : -1;
    return start === -1 ? [] : problemsOfArguments(words.slice(start + 1)).map((problem) => `${line}: ${problem}`);
  });
}

/** The same for the words behind `homologa`. */
export function problemsOfArguments(args: readonly string[]): string[] {
  const program = createProgram();
  program.configureOutput(silent);
  for (const command of program.commands) command.configureOutput(silent).action(() => undefined);
  try {
    program.parse(args, { from: 'user' });
    return [];
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? [] : [error.message];
  }
}
