import { headerOf, isPage, withHeader, withoutHeaders } from './answer-changes.js';
import { withFinish } from './bank-patches.js';
import { atBothBanks } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** Pages that do not guard the user. */
export const pageMutants: readonly Mutant[] = [
  ...atBothBanks({
    name: 'pages-framable',
    description: 'Other sites may frame the bank’s pages.',
    breaks: { both: ['RFC9700-4.16-a'], bs2: [], btg: [] },
    patch: (bank) =>
      withFinish(bank, (answer) => {
        if (!isPage(answer)) return answer;
        const policy = headerOf(answer, 'content-security-policy') ?? '';
        const rest = policy.replace(/; frame-ancestors [^;]*/, '');
        return withHeader(withoutHeaders(answer, 'x-frame-options'), 'content-security-policy', rest);
      }),
  }),
  ...atBothBanks({
    name: 'pages-unescaped',
    description: 'Markup in what a page repeats of the client becomes markup of the page.',
    breaks: { both: ['RFC6749-10.14-a'], bs2: [], btg: [] },
    patch: (bank) =>
      withFinish(bank, (answer) =>
        isPage(answer) ? { ...answer, body: answer.body.replaceAll('&lt;', '<').replaceAll('&gt;', '>') } : answer,
      ),
  }),
  ...atBothBanks({
    name: 'foreign-form-accepted',
    description: 'A form that another site sends in the user’s name is taken.',
    breaks: { both: ['RFC6749-10.12-b'], bs2: [], btg: [] },
    patch: (bank) => ({ ...bank, pages: { ...bank.pages, isOwnForm: () => true } }),
  }),
];
