import { signHs256, signRs256, signWithHmac, unsigned } from '../banks/btg/jwt.js';
import type { JwtContent } from '../banks/btg/jwt.js';
import type { BtgJwts } from '../banks/btg/jwts.js';
import { signingKey } from '../banks/btg/signing-key.js';
import { withJwts, withMember } from '../mutants/jwt-changes.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { Tenant } from '../tenants/tenant.js';
import type { AlterationOf } from './alteration.js';
import { withWrongSignature } from './altered-text.js';
import { btgAlteration, idTokenAlteration } from './define-alterations.js';

/** Where a header says that keys are to be had; below the bank, so that the journal shows who asks. */
export const strangeKeysPath = '/chaves-de-ninguem/jwks.json';

/** An id_token that is signed otherwise. A signature of null leaves the id_token of this answer as it is. */
function signedOtherwise(
  name: string,
  description: string,
  breaks: readonly string[],
  sign: (
    tenant: Tenant,
    content: JwtContent,
    client: RegisteredClient,
    honest: BtgJwts,
  ) => Promise<string> | string | null,
): AlterationOf<'btg'> {
  return btgAlteration({ name: `id-token.${name}`, description, breaks }, 'token', (bank, acted) =>
    withJwts(bank, (honest) => ({
      signIdToken: async (tenant, content, client) => {
        const signed = await sign(tenant, content, client, honest);
        if (signed === null) return honest.signIdToken(tenant, content, client);
        acted();
        return signed;
      },
    })),
  );
}

const otherAlgorithm = ['OIDCC-3.1.3.7-7', 'RFC8725-3.1-a'];

/** HMAC over a longer hash, keyed with the client's secret; public clients have none. */
function hmac(alg: 'HS384' | 'HS512', hash: 'sha384' | 'sha512'): AlterationOf<'btg'> {
  return signedOtherwise(
    `alg-${alg.toLowerCase()}`,
    `The id_token is signed with ${alg} and the client’s secret, and not with HS256.`,
    otherAlgorithm,
    (_tenant, { claims }, { secret }) =>
      secret === null ? null : signWithHmac({ header: [['alg', alg]], claims }, hash, secret),
  );
}

/** id_tokens that say the right thing, and are not signed as they should be. */
export const idTokenSignatureAlterations: readonly AlterationOf<'btg'>[] = [
  signedOtherwise(
    'signature-bad',
    'One bit of the id_token’s signature is wrong.',
    ['OIDCC-3.1.3.7-6', 'RFC8725-3.3-a'],
    async (tenant, content, client, honest) => withWrongSignature(await honest.signIdToken(tenant, content, client)),
  ),
  signedOtherwise(
    'alg-none',
    'The id_token is not signed: its alg is none.',
    ['OIDCC-2-b', 'RFC8725-3.2-a'],
    (_tenant, { claims }) => unsigned({ header: [['alg', 'none']], claims }),
  ),
  signedOtherwise(
    'alg-other',
    'The id_token is signed with RS256 and the bank’s key, and not with HS256 and the client’s secret.',
    otherAlgorithm,
    (tenant, { claims }, { secret }) => {
      if (secret === null) return null;
      const { kid, privateKey } = signingKey(tenant.settings.btg.signingKey);
      const header = [['alg', 'RS256'] as const, ['kid', kid] as const];
      return signRs256({ header, claims }, privateKey);
    },
  ),
  hmac('HS384', 'sha384'),
  hmac('HS512', 'sha512'),
  signedOtherwise(
    'hs256-public-key',
    'The id_token is signed with HS256, keyed with the PEM of the bank’s RSA public key.',
    ['RFC8725-3.1-a'],
    (tenant, { claims }) => {
      const { publicKey } = signingKey(tenant.settings.btg.signingKey);
      const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      return signHs256({ header: [['alg', 'HS256']], claims }, pem);
    },
  ),
  idTokenAlteration(
    {
      name: 'id-token.jku-header',
      description: 'The id_token is signed as it is right; its header has a jku, an address that gives no keys.',
      breaks: ['OIDCC-2-c', 'RFC8725-3.10-a'],
    },
    ({ header }, _occasion, tenant) => ({
      header: withMember(header, 'jku', `${tenant.links.btg.internalBase}${strangeKeysPath}`),
    }),
  ),
];
