import * as v from 'valibot';
import { journalEntrySchema } from '../control/journal-schema.js';
import { ControlApiError } from './control-api-error.js';
import type { ControlClient } from './control-client.js';

/** Where a stream of entries begins and what ends it. */
export interface StreamOptions {
  /** The id of the entry behind which it begins; 0 for all that are kept. With the next to come where absent. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

type Entry = v.InferOutput<typeof journalEntrySchema>;

/**
 * Entries of a journal as they come in. It ends with the tenant or the signal; whoever leaves the loop closes it.
 *
 * @throws ControlApiError
 */
export async function* streamEntries(
  client: ControlClient,
  { after, signal }: StreamOptions = {},
): AsyncIterableIterator<Entry> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  const giveUp = (): void => void reader?.cancel().catch(() => undefined);
  signal?.addEventListener('abort', giveUp, { once: true });
  const decoder = new TextDecoder();
  let rest = '';
  try {
    const body = await client.open(`/journal/stream${after === undefined ? '' : `?after=${String(after)}`}`, signal);
    reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: entry\ndata: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) yield parseEntry(data);
      }
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
    giveUp();
  }
}

function parseEntry(data: string): Entry {
  const result = v.safeParse(journalEntrySchema, JSON.parse(data));
  if (result.success) return result.output;
  throw new ControlApiError('ERR_CONTROL_ANSWER', 200, 'The control API streamed something else than an entry.');
}
