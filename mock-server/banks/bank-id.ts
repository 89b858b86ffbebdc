/** The banks that this mock plays. A third one is a folder beside these two and a line here and in `banks.ts`. */
export type BankId = 'bs2' | 'btg';
export const bankIds: readonly BankId[] = ['bs2', 'btg'];

/** The order of the banks. Not by localeCompare, whose tables take the mock milliseconds of its start to load. */
export function compareBanks(first: BankId, second: BankId): number {
  return bankIds.indexOf(first) - bankIds.indexOf(second);
}
