import type { Journal, RecordedExchange } from '../journal.js';
import { analyseTraffic } from './find-findings.js';
import type { TrafficAnalysis } from './find-findings.js';
import { seeRecorded } from './see-recorded.js';
import type { SeenExchange } from './seen-exchange.js';

interface Known {
  readonly newestId: number;
  readonly oldestId: number;
  readonly analysis: TrafficAnalysis;
}

const known = new WeakMap<Journal, Known>();
const seenBefore = new WeakMap<RecordedExchange, SeenExchange>();

/**
 * What the entries that a journal keeps tell together. Worked out when it is asked for, and once for the same entries:
 * no request waits for it.
 */
export function analyseJournal(journal: Journal): TrafficAnalysis {
  const entries = journal.recorded();
  const oldestId = entries[0]?.id ?? 0;
  const { newestId } = journal;
  const last = known.get(journal);
  if (last?.newestId === newestId && last.oldestId === oldestId) return last.analysis;
  const analysis = analyseTraffic(entries.map(({ id, exchange }) => see(id, exchange)));
  known.set(journal, { newestId, oldestId, analysis });
  return analysis;
}

function see(id: number, exchange: RecordedExchange): SeenExchange {
  const seen = seenBefore.get(exchange) ?? seeRecorded(id, exchange);
  seenBefore.set(exchange, seen);
  return seen;
}
