import * as v from 'valibot';

/** One of the parts that a run's scenarios are shared out in; the first is 0, of the process that does the reporting. */
export const shardSchema = v.object({ part: v.number(), of: v.number() });
export type Shard = v.InferOutput<typeof shardSchema>;

/** How much the reporting process plays of what each other one does: it also loads and writes more than they. */
const reporterShare = 0.9;

/**
 * The scenarios of one part, which follow each other: those of one bank warm up less code than those of two.
 *
 * @throws RangeError for a part that there is not
 */
export function shardOf<Pickle>(pickles: readonly Pickle[], { part, of }: Shard): readonly Pickle[] {
  if (!Number.isInteger(part) || part < 0 || part >= of) throw new RangeError(`There is no part ${String(part)}.`);
  const edge = (parts: number): number =>
    parts === 0 ? 0 : Math.round((pickles.length * (reporterShare + parts - 1)) / (reporterShare + of - 1));
  return pickles.slice(edge(part), edge(part + 1));
}

interface Coordinator {
  readonly options: unknown;
  readonly transform: (key: 'pickles:filter', select: (pickles: readonly unknown[]) => readonly unknown[]) => void;
}

/** A plugin of cucumber's that leaves the scenarios of one part. */
export default {
  type: 'plugin',
  optionsKey: 'shard',
  coordinator: ({ transform, options }: Coordinator): void => {
    const shard = v.parse(shardSchema, options);
    transform('pickles:filter', (pickles) => shardOf(pickles, shard));
  },
};
