import { createHash } from 'node:crypto';
import { checkKey } from './check.js';
import type { JudgedScenario } from './check-collector.js';
import type { EndRecord, EvidenceRecord, RunRecord } from './evidence-records.js';
import type { Exchange } from './exchange.js';

type WithoutSequence<T> = T extends unknown ? Omit<T, 'sequence'> : never;

/** Writes a run's evidence, record by record. */
export interface EvidenceRecorder {
  /** A scenario that was judged, with its exchanges. */
  check(judged: JudgedScenario): void;
  /** Nothing comes after it. */
  end(ending: {
    readonly durationMs: number | null;
    readonly incomplete: boolean;
    readonly stopped?: string | null;
    readonly waitedMs?: EndRecord['waitedMs'];
    readonly faults: readonly string[];
  }): void;
}

/** Begins the evidence of a run; `write` gets each record, numbered. */
export function recordEvidence(
  run: Omit<RunRecord, 'schema' | 'sequence' | 'kind' | 'role'> & { readonly role?: RunRecord['role'] },
  write: (record: EvidenceRecord) => void,
): EvidenceRecorder {
  let sequence = 0;
  const bodies = new Set<string>();
  const began = Date.parse(run.startedAt);

  function add(record: WithoutSequence<EvidenceRecord>): void {
    write({ sequence, ...record });
    sequence += 1;
  }

  /** The id of a body, which is written when it comes for the first time. */
  function bodyId(text: string | null): string | null {
    if (text === null || text === '') return null;
    const id = createHash('sha256').update(text).digest('hex').slice(0, 12);
    if (!bodies.has(id)) add({ kind: 'body', id, text });
    bodies.add(id);
    return id;
  }

  function addExchange(check: string, { startedAtMs, request, response, ...rest }: Exchange): void {
    const asked = { ...request, body: bodyId(request.body) };
    const answered = response === null ? null : { ...response, body: bodyId(response.body) };
    add({ kind: 'exchange', check, atMs: startedAtMs - began, ...rest, request: asked, response: answered });
  }

  add({ schema: 1, kind: 'run', role: 'bank', ...run });
  return {
    check: ({ check, fault, index, played }) => {
      for (const exchange of played.exchanges) addExchange(checkKey(check), exchange);
      const { conduct, needs, feature, steps, startedAtMs, durationMs } = played;
      const place = { conduct, needs: [...needs], feature, steps: [...steps] };
      add({
        kind: 'check',
        index,
        ...check,
        requirements: [...check.requirements],
        fault,
        ...place,
        atMs: startedAtMs - began,
        durationMs,
      });
    },
    end: ({ durationMs, incomplete, faults, stopped = null, waitedMs = {} }) => {
      add({ kind: 'end', durationMs, incomplete, stopped, waitedMs: { ...waitedMs }, faults: [...faults] });
    },
  };
}
