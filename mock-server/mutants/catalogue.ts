import { nearestNames } from '../../foundation/nearest-names.js';
import { compareBanks } from '../banks/bank-id.js';
import { accessTokenLifeMutants } from './access-token-life-mutants.js';
import { accessTokenMutants } from './access-token-mutants.js';
import { askingClientMutants } from './asking-client-mutants.js';
import { authorizationEndpointMutants } from './authorization-endpoint-mutants.js';
import { authorizationRequestMutants } from './authorization-request-mutants.js';
import { bs2ResourceMutants } from './bs2-resource-mutants.js';
import { btgResourceMutants } from './btg-resource-mutants.js';
import { clientAuthenticationMutants } from './client-authentication-mutants.js';
import { clientCredentialsMutants } from './client-credentials-mutants.js';
import { codeRedemptionMutants } from './code-redemption-mutants.js';
import { idTokenMutants } from './id-token-mutants.js';
import { loginMutants } from './login-mutants.js';
import { metadataMutants } from './metadata-mutants.js';
import type { Mutant } from './mutant.js';
import { pageMutants } from './page-mutants.js';
import { pkceMutants } from './pkce-mutants.js';
import { rateLimitMutants } from './rate-limit-mutants.js';
import { redirectMutants, stateMutants } from './redirect-mutants.js';
import { redirectUriMutants } from './redirect-uri-mutants.js';
import { refreshMutants } from './refresh-mutants.js';
import { resourceMutants } from './resource-mutants.js';
import { revocationMutants } from './revocation-mutants.js';
import { secondFactorMutants } from './second-factor-mutants.js';
import { tokenErrorMutants } from './token-error-mutants.js';
import { tokenRequestMutants } from './token-request-mutants.js';
import { tokenResponseMutants } from './token-response-mutants.js';

export type { Mutant } from './mutant.js';

/** Every bug that a bank of this mock can be given, by bank and then along the way of a grant. */
export const bankMutants: readonly Mutant[] = [
  ...redirectUriMutants,
  ...askingClientMutants,
  ...authorizationEndpointMutants,
  ...authorizationRequestMutants,
  ...pkceMutants,
  ...loginMutants,
  ...secondFactorMutants,
  ...pageMutants,
  ...stateMutants,
  ...redirectMutants,
  ...clientAuthenticationMutants,
  ...tokenRequestMutants,
  ...codeRedemptionMutants,
  ...tokenResponseMutants,
  ...tokenErrorMutants,
  ...idTokenMutants,
  ...accessTokenMutants,
  ...refreshMutants,
  ...accessTokenLifeMutants,
  ...rateLimitMutants,
  ...clientCredentialsMutants,
  ...resourceMutants,
  ...bs2ResourceMutants,
  ...btgResourceMutants,
  ...revocationMutants,
  ...metadataMutants,
].toSorted((first, second) => compareBanks(first.bank, second.bank));

const byId = new Map<string, Mutant>(bankMutants.map((mutant) => [mutant.id, mutant]));

/** The mutant of that id; undefined for an id that the catalogue does not have. */
export function findMutant(id: string): Mutant | undefined {
  return byId.get(id);
}

/** The ids of the catalogue that are most like what was asked for, the likest first. */
export function nearestMutantIds(id: string, count = 3): readonly string[] {
  return nearestNames(
    id,
    bankMutants.map((mutant) => mutant.id),
    count,
  );
}
