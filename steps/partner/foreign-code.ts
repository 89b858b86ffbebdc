import type { Evidence } from '../../reports/evidence.js';
import type { CodeUse } from './code-use.js';
import { describeUse } from './code-use.js';

/**
 * What an application can tell two people by: a session for each; sessions of one user, as whom the file logs everybody
 * in; nothing.
 */
export type Separation = 'sessions' | 'one-user' | 'none';

const reservations: Readonly<Record<Exclude<Separation, 'sessions'>, string>> = {
  'one-user':
    'but the file logs everybody in as one user, for whom it may be right; with ${customer} in its login, or customers, it would be judged',
  none: 'but the application has neither login nor cookies to tell people apart',
};

/**
 * Judges what became of a code that somebody else's session asked for. A client that is defended by PKCE may send it,
 * since the bank refuses it then; one that is defended by a nonce may redeem it, but not use its tokens (RFC 9700
 * section 4.5.3.2).
 */
export function judgeForeignCode(
  use: CodeUse,
  { separation, hasNonce }: { readonly separation: Separation; readonly hasNonce: boolean },
): Evidence | null {
  if (use.kind === 'never-sent') return null;
  const actual = describeUse(use);
  if (use.kind === 'refused') return { finding: 'recorded', actual };
  if (use.kind === 'redeemed' && hasNonce)
    return {
      finding: 'recorded',
      actual: `${actual}, which were not used: the nonce of the id_token is not this session’s`,
    };
  const expected = 'a code of another session to become nobody’s grant';
  if (use.kind === 'redeemed') return { finding: 'warning', expected, actual: `${actual}, though they served nobody` };
  if (separation === 'sessions') return { finding: 'failed', expected, actual };
  return { finding: 'warning', expected, actual: `${actual}, ${reservations[separation]}` };
}
