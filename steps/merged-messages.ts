import * as v from 'valibot';

const named = v.object({ id: v.string() });
const sharedMessage = v.union([
  v.object({ testRunStarted: named }),
  v.object({ stepDefinition: named }),
  v.object({ hook: named }),
  v.object({ pickle: v.object({ id: v.string(), steps: v.array(named) }) }),
]);
/** What every process says alike; what else it says is of the scenarios that it played. */
const alike = new Set([
  'meta',
  'source',
  'gherkinDocument',
  'pickle',
  'parameterType',
  'stepDefinition',
  'hook',
  'testRunStarted',
  'testRunFinished',
]);
const withIds = new Set(['testRunStarted', 'stepDefinition', 'hook', 'pickle']);
const runFinished = v.looseObject({ testRunFinished: v.looseObject({ success: v.boolean() }) });
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Cucumber's messages of several processes as one stream. */
export interface MergedMessages {
  /** Takes a message of a process; 0 is the one whose pickles and definitions the stream has. */
  add(process: number, message: unknown): void;
  /** Writes what was held back, with ids that all processes share. */
  end(): void;
}

/**
 * Puts together what the processes of one run say. All of them read the same features and definitions, in the same order
 * and under ids of their own: the stream has those of the first, and the others' are replaced.
 */
export function mergeMessages(write: (message: unknown) => void): MergedMessages {
  const ids: string[][] = [];
  const held: { readonly process: number; readonly message: unknown }[] = [];
  let last: v.InferOutput<typeof runFinished> | null = null;
  let success = true;

  return {
    add(process, message) {
      const kind = kindOf(message);
      if (withIds.has(kind)) (ids[process] ??= []).push(...sharedIds(message));
      if (kind === 'testRunFinished' && v.is(runFinished, message)) {
        success &&= message.testRunFinished.success;
        if (process === 0) last = message;
        return;
      }
      if (process === 0) write(message);
      else if (!alike.has(kind)) held.push({ process, message });
    },
    end() {
      const own = ids[0] ?? [];
      const shared = ids.map((others) => new Map(others.map((id, index) => [id, own[index] ?? id])));
      for (const { process, message } of held) {
        const text = JSON.stringify(message).replace(uuid, (id) => shared[process]?.get(id) ?? id);
        const translated: unknown = JSON.parse(text);
        write(translated);
      }
      if (last !== null) write({ ...last, testRunFinished: { ...last.testRunFinished, success } });
    },
  };
}

/** The one member of a message. */
function kindOf(message: unknown): string {
  return typeof message === 'object' && message !== null ? (Object.keys(message)[0] ?? '') : '';
}

function sharedIds(message: unknown): string[] {
  const read = v.safeParse(sharedMessage, message);
  if (!read.success) return [];
  if ('pickle' in read.output) return [read.output.pickle.id, ...read.output.pickle.steps.map(({ id }) => id)];
  return Object.values(read.output).map(({ id }) => id);
}
