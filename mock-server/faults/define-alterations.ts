import type { Bank } from '../banks/bank.js';
import type { Btg } from '../banks/btg/bank.js';
import type { IdTokenOccasion } from '../banks/btg/id-token.js';
import type { JwtContent } from '../banks/btg/jwt.js';
import type { Bs2 } from '../banks/bs2/bank.js';
import type { Exchange } from '../banks/exchange.js';
import { withIdToken } from '../mutants/jwt-changes.js';
import type { Tenant } from '../tenants/tenant.js';
import type { Acted, Alteration, AlterationOf } from './alteration.js';
import type { AuthorizationResponse } from './authorization-response.js';

interface Definition {
  /** What stands after the bank in the id. */
  readonly name: string;
  readonly description: string;
  readonly breaks: readonly string[];
}

/** An alteration that either bank may make, with the requirements of both and those of one. */
interface SharedDefinition extends Omit<Definition, 'breaks'> {
  readonly breaks: {
    readonly both: readonly string[];
    readonly bs2?: readonly string[];
    readonly btg?: readonly string[];
  };
}

type Endpoint = 'token' | 'api';
type ResponseChange = (
  response: AuthorizationResponse,
  exchange: Exchange,
) => Promise<AuthorizationResponse | null> | AuthorizationResponse | null;

/** BS2 decides or renders one answer otherwise. */
export function bs2Alteration(
  { name, ...rest }: Definition,
  at: Endpoint,
  patch: (bank: Bs2, acted: Acted) => Bs2,
): AlterationOf<'bs2'> {
  return { kind: 'bank', id: `bs2.${name}`, bank: 'bs2', at: `bs2.${at}`, ...rest, patch };
}

/** BTG decides or renders one answer otherwise. */
export function btgAlteration(
  { name, ...rest }: Definition,
  at: Endpoint,
  patch: (bank: Btg, acted: Acted) => Btg,
): AlterationOf<'btg'> {
  return { kind: 'bank', id: `btg.${name}`, bank: 'btg', at: `btg.${at}`, ...rest, patch };
}

/** The same at each bank. */
export function atBothBanks(
  { breaks, ...rest }: SharedDefinition,
  at: Endpoint,
  patch: <B extends Bank>(bank: B, acted: Acted) => B,
): readonly Alteration[] {
  return [
    bs2Alteration({ ...rest, breaks: [...(breaks.bs2 ?? []), ...breaks.both] }, at, patch),
    btgAlteration({ ...rest, breaks: [...(breaks.btg ?? []), ...breaks.both] }, at, patch),
  ];
}

/** Another authorization response of BS2. */
export function bs2Response({ name, ...rest }: Definition, change: ResponseChange): AlterationOf<'bs2'> {
  return { kind: 'response', id: `bs2.${name}`, bank: 'bs2', at: 'bs2.redirect', ...rest, change };
}

/** Another authorization response of BTG. */
export function btgResponse({ name, ...rest }: Definition, change: ResponseChange): AlterationOf<'btg'> {
  return { kind: 'response', id: `btg.${name}`, bank: 'btg', at: 'btg.redirect', ...rest, change };
}

/** The same authorization response of each bank. */
export function responseOfBothBanks(
  { breaks, ...rest }: SharedDefinition,
  change: ResponseChange,
): readonly Alteration[] {
  return [
    bs2Response({ ...rest, breaks: [...(breaks.bs2 ?? []), ...breaks.both] }, change),
    btgResponse({ ...rest, breaks: [...(breaks.btg ?? []), ...breaks.both] }, change),
  ];
}

/**
 * An id_token that says something else, and is signed as it is right. A change of null leaves the id_token of this
 * answer as it is.
 */
export function idTokenAlteration(
  definition: Definition,
  change: (content: JwtContent, occasion: IdTokenOccasion, tenant: Tenant) => Partial<JwtContent> | null,
): AlterationOf<'btg'> {
  return btgAlteration(definition, 'token', (bank, acted) =>
    withIdToken(bank, (content, occasion, tenant) => {
      const changed = change(content, occasion, tenant);
      if (changed === null) return {};
      acted();
      return changed;
    }),
  );
}
