import { analyseJournal } from '../journal/findings/journal-analysis.js';
import type { Journal } from '../journal/journal.js';
import { listEntries } from './journal-entries.js';
import { ControlProblem } from './problem.js';

/** How many streams of one tenant may be open at once. */
export const streamLimit = 32;
/** How many entries are written at once; the rest waits in the journal until the reader took them. */
const batchSize = 50;
/** Entries that come in close together are worked out together. */
const gatherMs = 50;
const heartbeatMs = 15_000;

/**
 * New entries of a journal as server-sent events: `entry` with the entry, redacted, and behind it `finding` for each of
 * its findings; `missed` where the journal forgot entries before the reader took them. Nothing is queued for a slow
 * reader: a stream is no more than a place in the journal's ring. It ends with the tenant.
 *
 * @throws ControlProblem `ERR_TOO_MANY_STREAMS`
 */
export function streamJournal(journal: Journal, after: number | null): ReadableStream<Uint8Array> {
  if (journal.listenerCount >= streamLimit) {
    const detail = `This tenant streams its journal to ${String(streamLimit)} readers already; close one.`;
    throw new ControlProblem(409, 'ERR_TOO_MANY_STREAMS', detail);
  }
  const reading = new JournalReading(journal, Math.min(after ?? Infinity, journal.newestId));
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      // Nothing begins before it is read: the answer to a HEAD never is.
      async pull(controller) {
        const write = (text: string): void => controller.enqueue(encoder.encode(text));
        if (!reading.hasBegun) {
          reading.begin(() => {
            if ((controller.desiredSize ?? -1) >= 0) write(': nothing new\n\n');
          });
          write(': entries of the journal, and their findings\n\n');
          return;
        }
        const events = await reading.next();
        if (events === null) controller.close();
        else write(events);
      },
      cancel: () => reading.end(),
    },
    { highWaterMark: 0 },
  );
}

/** One reader's place in a journal. */
class JournalReading {
  readonly #journal: Journal;
  #place: number;
  #letGo: (() => void) | null = null;
  #heartbeat: NodeJS.Timeout | undefined;
  #isOver = false;
  #onEntry: () => void = () => undefined;
  #onEnd: () => void = () => undefined;

  constructor(journal: Journal, place: number) {
    this.#journal = journal;
    this.#place = place;
  }

  get hasBegun(): boolean {
    return this.#letGo !== null;
  }

  begin(beat: () => void): void {
    this.#letGo = this.#journal.listen({ onEntry: () => this.#onEntry(), onClose: () => this.end() });
    this.#heartbeat = setInterval(beat, heartbeatMs);
    this.#heartbeat.unref();
  }

  end(): void {
    this.#isOver = true;
    this.#letGo?.();
    clearInterval(this.#heartbeat);
    this.#onEnd();
  }

  /** The events of the next entries, as soon as there are any; null at the end. */
  async next(): Promise<string | null> {
    for (;;) {
      if (this.#isOver) return null;
      const events = this.#journal.newestId > this.#place ? this.#take() : '';
      if (events !== '') return events;
      await this.#untilEntry();
      if (!this.#isOver) await this.#untilGathered();
    }
  }

  #untilEntry(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEntry = resolve;
      this.#onEnd = resolve;
    });
  }

  #untilGathered(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, gatherMs);
      this.#onEnd = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #take(): string {
    const entries = listEntries(this.#journal, { after: this.#place, limit: batchSize });
    const last = entries.at(-1);
    const missed = (entries[0]?.id ?? this.#journal.newestId + 1) - this.#place - 1;
    this.#place = last?.id ?? this.#journal.newestId;
    const { findings } = analyseJournal(this.#journal);
    const events = entries.map((entry) => {
      const own = entry.findings.length === 0 ? [] : findings.filter((finding) => finding.entry === entry.id);
      return `id: ${String(entry.id)}\n${event('entry', entry)}${own.map((finding) => event('finding', finding)).join('')}`;
    });
    return `${missed > 0 ? event('missed', { entries: missed }) : ''}${events.join('')}`;
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
