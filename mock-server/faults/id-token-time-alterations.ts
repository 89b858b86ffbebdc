import { withMember, withoutMember } from '../mutants/jwt-changes.js';
import { durationMs } from '../tenants/settings.js';
import type { Tenant } from '../tenants/tenant.js';
import type { AlterationOf } from './alteration.js';
import { idTokenAlteration } from './define-alterations.js';

function seconds(duration: string): number {
  return durationMs(duration) / 1000;
}

function now({ clock }: Tenant): number {
  return Math.floor(clock.now() / 1000);
}

/** An id_token whose exp lies that far behind; iat stays the time of issue. */
function expiredBy(duration: string): AlterationOf<'btg'> {
  return idTokenAlteration(
    {
      name: `id-token.expired-by-${duration}`,
      description: `The id_token expired ${duration} ago.`,
      breaks: ['OIDCC-3.1.3.7-9'],
    },
    ({ claims }, _occasion, tenant) => ({ claims: withMember(claims, 'exp', now(tenant) - seconds(duration)) }),
  );
}

/** An id_token whose iat lies that far ahead; exp stays where it is. */
function issuedAheadBy(duration: string): AlterationOf<'btg'> {
  return idTokenAlteration(
    {
      name: `id-token.issued-ahead-by-${duration}`,
      description: `The iat of the id_token lies ${duration} in the future.`,
      breaks: ['OIDCC-3.1.3.7-10'],
    },
    ({ claims }, _occasion, tenant) => ({ claims: withMember(claims, 'iat', now(tenant) + seconds(duration)) }),
  );
}

/** id_tokens that are wrong in a time alone: the clock-skew ladder, and times that are missing or absurd. */
export const idTokenTimeAlterations: readonly AlterationOf<'btg'>[] = [
  ...['PT1S', 'PT30S', 'PT5M', 'PT10M', 'PT1H'].map(expiredBy),
  idTokenAlteration(
    { name: 'id-token.exp-missing', description: 'The id_token has no exp.', breaks: ['OIDCC-2-a', 'OIDCC-3.1.3.7-9'] },
    ({ claims }) => ({ claims: withoutMember(claims, 'exp') }),
  ),
  ...['PT30S', 'PT5M', 'PT1H'].map(issuedAheadBy),
  idTokenAlteration(
    { name: 'id-token.iat-missing', description: 'The id_token has no iat.', breaks: ['OIDCC-2-a'] },
    ({ claims }) => ({ claims: withoutMember(claims, 'iat') }),
  ),
  idTokenAlteration(
    {
      name: 'id-token.iat-week-old',
      description: 'The iat of the id_token is a week old, its exp still ahead.',
      breaks: ['OIDCC-3.1.3.7-10'],
    },
    ({ claims }, _occasion, tenant) => ({ claims: withMember(claims, 'iat', now(tenant) - seconds('P7D')) }),
  ),
];
