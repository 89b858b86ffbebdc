import type { Reply } from './bank-visit.js';
import type { Probe, Probes } from './probe.js';

/** The metadata, where the bank publishes them. */
function metadata(isWrong: (reply: Reply) => boolean): Probe {
  return async (visit) => {
    await visit.tenant.settings.patch({ btg: { discovery: true } });
    return isWrong(await visit.fetch(`${visit.tenant.btg.baseUrl}/.well-known/openid-configuration`));
  };
}

export const metadataProbes: Probes = {
  'metadata-without-keys': metadata(({ json }) => 'issuer' in json && !('jwks_uri' in json)),
  'metadata-as-text': metadata(({ headers }) => headers.get('content-type')?.startsWith('text/plain') === true),
  'metadata-silent-on-iss': metadata(
    ({ json }) => 'issuer' in json && !('authorization_response_iss_parameter_supported' in json),
  ),
};
