import type { Mutant } from '../mutant.js';
import { authorizationEndpointProbes } from './authorization-endpoint-probes.js';
import {
  authorizationRequestProbes,
  bs2AskingClientProbes,
  btgAskingClientProbes,
  pkceProbes,
  redirectUriProbes,
} from './authorization-probes.js';
import { accessTokenLifeProbes, codeProbes, refreshProbes } from './code-and-refresh-probes.js';
import { accessTokenProbes, idTokenProbes } from './jwt-probes.js';
import { loginProbes, pageProbes, secondFactorProbes } from './login-probes.js';
import { metadataProbes } from './metadata-probes.js';
import type { Probe, Probes } from './probe.js';
import { rateLimitProbes } from './rate-limit-probes.js';
import { redirectProbes } from './redirect-probes.js';
import { bs2ResourceProbes, btgResourceProbes, resourceProbes } from './resource-probes.js';
import {
  clientAuthenticationProbes,
  clientCredentialsProbes,
  revocationProbes,
  tokenErrorProbes,
  tokenResponseProbes,
} from './token-endpoint-probes.js';
import { tokenRequestProbes } from './token-request-probes.js';

const shared: Probes = {
  ...redirectUriProbes,
  ...authorizationEndpointProbes,
  ...authorizationRequestProbes,
  ...pkceProbes,
  ...loginProbes,
  ...secondFactorProbes,
  ...pageProbes,
  ...redirectProbes,
  ...clientAuthenticationProbes,
  ...codeProbes,
  ...tokenResponseProbes,
  ...tokenErrorProbes,
  ...idTokenProbes,
  ...accessTokenProbes,
  ...refreshProbes,
  ...accessTokenLifeProbes,
  ...rateLimitProbes,
  ...clientCredentialsProbes,
  ...resourceProbes,
  ...revocationProbes,
  ...tokenRequestProbes,
  ...metadataProbes,
};
const ofBank: Readonly<Record<Mutant['bank'], Probes>> = {
  bs2: { ...shared, ...bs2AskingClientProbes, ...bs2ResourceProbes },
  btg: { ...shared, ...btgAskingClientProbes, ...btgResourceProbes },
};

/** The probe of a mutant; undefined where nobody wrote one. */
export function probeOf({ id, bank }: Mutant): Probe | undefined {
  return ofBank[bank][id.slice(bank.length + 1)];
}
