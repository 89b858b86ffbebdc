import { createInterface } from 'node:readline';

/** A line that counts down, until it is ended. */
export interface Countdown {
  end(): void;
}

/** A person at a terminal. What is said goes to the standard error, so that results on the standard output stay alone. */
export interface PersonTerminal {
  /** Whether somebody can be asked: the standard input and error are a terminal. */
  readonly isAttended: boolean;
  say(text: string): void;
  /** Counts down on a line of its own; where there is no terminal, it says once how long, if it is worth a line. */
  countdown(what: string, durationMs: number): Countdown;
  /** The next line that is typed or pasted, trimmed. @throws what `signal` was aborted with */
  line(signal: AbortSignal): Promise<string>;
}

const worthALineMs = 3_000;
const clearLine = '\r\u001B[K';

/** The terminal of this process. */
export function createPersonTerminal(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stderr,
): PersonTerminal {
  // Lines that were pasted before anybody asked for them, and those who ask.
  const typed: string[] = [];
  let waiting: ((line: string) => void) | null = null;
  let reading: ReturnType<typeof createInterface> | null = null;

  function read(): void {
    if (reading !== null) {
      input.resume();
      return;
    }
    // Not as a terminal: the system keeps its own line editing, and Ctrl-C its meaning.
    reading = createInterface({ input, terminal: false });
    reading.on('line', (line) => {
      const next = waiting;
      waiting = null;
      if (next === null) typed.push(line);
      else next(line);
    });
  }

  return {
    // Undefined where it is none.
    isAttended: Boolean(input.isTTY) && Boolean(output.isTTY),
    say: (text) => {
      output.write(text);
    },
    countdown(what, durationMs) {
      const until = performance.now() + durationMs;
      if (!output.isTTY) {
        if (durationMs >= worthALineMs) output.write(`\n${what}: ${inWords(durationMs)}\n`);
        return { end: () => undefined };
      }
      const show = (): void => void output.write(`${clearLine}${what}: ${inWords(until - performance.now())}`);
      show();
      const timer = setInterval(show, 1_000);
      timer.unref();
      return {
        end: () => {
          clearInterval(timer);
          output.write(clearLine);
        },
      };
    },
    async line(signal) {
      signal.throwIfAborted();
      const early = typed.shift();
      if (early !== undefined) return early.trim();
      read();
      try {
        return await new Promise<string>((resolve, reject) => {
          const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
          signal.addEventListener('abort', stop, { once: true });
          waiting = (line) => {
            signal.removeEventListener('abort', stop);
            resolve(line.trim());
          };
        });
      } finally {
        waiting = null;
        // A standard input that is read keeps the process alive.
        input.pause();
      }
    },
  };
}

/** `1 min 05 s`, never below zero. */
function inWords(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / 1000));
  const rest = `${String(seconds % 60).padStart(seconds < 60 ? 1 : 2, '0')} s`;
  return seconds < 60 ? rest : `${String(Math.floor(seconds / 60))} min ${rest}`;
}

let terminal: PersonTerminal | null = null;

/** The one terminal of this process. */
export function personTerminal(): PersonTerminal {
  terminal ??= createPersonTerminal();
  return terminal;
}
