import type { BankVisit } from '../../mutants/testing/bank-visit.js';

/** What is seen on the wire of one answer, with everything that differs each time replaced by what it is good for. */
export interface Sighting {
  /** The answer of a bank that nobody alters. */
  readonly honest: unknown;
  /** The honest answer with the intended difference. */
  readonly expected: unknown;
  /** The answer that the fault altered. */
  readonly altered: unknown;
  /** The answer after it. */
  readonly next: unknown;
}

/** Sees an alteration act. `alter` sets the fault, once, and comes after the honest answer was seen. */
export type AlterationProbe = (visit: BankVisit, alter: () => Promise<void>) => Promise<Sighting>;

/** Probes by the names of the alterations, which may act at either bank. */
export type AlterationProbes = Readonly<Record<string, readonly AlterationProbe[]>>;

/** Names and values in the order in which they are written. */
export type Entries = readonly (readonly [name: string, value: unknown])[];

export function withEntry(entries: Entries, wanted: string, value: unknown): Entries {
  if (!entries.some(([name]) => name === wanted)) return [...entries, [wanted, value]];
  return entries.map(([name, honest]) => [name, name === wanted ? value : honest]);
}

export function withoutEntry(entries: Entries, unwanted: string): Entries {
  return entries.filter(([name]) => name !== unwanted);
}

export function entryOf(entries: Entries, wanted: string): unknown {
  return entries.find(([name]) => name === wanted)?.[1];
}
