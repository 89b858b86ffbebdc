/** The banks that this mock plays. A third one is a folder beside these two and a line here and in `banks.ts`. */
export type BankId = 'bs2' | 'btg';
export const bankIds: readonly BankId[] = ['bs2', 'btg'];
