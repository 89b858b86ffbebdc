import { btgIssuer } from '../banks/btg/issuer.js';
import type { JsonMembers, JsonValue } from '../banks/json-members.js';
import { withMember, withoutMember } from '../mutants/jwt-changes.js';
import type { AlterationOf } from './alteration.js';
import { withOtherLastCharacter } from './altered-text.js';
import { strangeIssuer } from './authorization-response-alterations.js';
import { idTokenAlteration } from './define-alterations.js';

/** A client that is not the one that asked. */
const strangeClient = '00000000-0000-4000-8000-00000000ffff';
/** People of nobody's, so that the sub is another than whoever logged in. */
const strangers = ['52998224725', '11144477735'];
const nonceOfNobody = 'nonce-de-ninguem';

function otherPerson(claims: JsonMembers): JsonValue {
  const sub = claims.find(([name]) => name === 'sub')?.[1];
  return strangers.find((stranger) => stranger !== sub) ?? null;
}

const issuer = ['OIDCC-3.1.3.7-2', 'RFC8725-3.8-a'];
const audience = ['OIDCC-3.1.3.7-3', 'RFC8725-3.9-a'];
const nonceCheck = ['OIDCC-3.1.3.7-11', 'RFC9700-4.5.3.2-a'];

/** id_tokens of any grant that say the wrong thing of who issued them, for whom, about whom and for which login. */
const idTokenClaimAlterations: readonly AlterationOf<'btg'>[] = [
  idTokenAlteration(
    {
      name: 'id-token.iss-wrong',
      description: 'The iss of the id_token is an issuer that nobody knows.',
      breaks: issuer,
    },
    ({ claims }) => ({ claims: withMember(claims, 'iss', strangeIssuer) }),
  ),
  idTokenAlteration(
    { name: 'id-token.iss-missing', description: 'The id_token has no iss.', breaks: [...issuer, 'OIDCC-2-a'] },
    ({ claims }) => ({ claims: withoutMember(claims, 'iss') }),
  ),
  idTokenAlteration(
    {
      name: 'id-token.iss-trailing-slash',
      description: 'The iss of the id_token ends in a slash that the issuer does not have.',
      breaks: issuer,
    },
    ({ claims }, { grant }, tenant) => ({ claims: withMember(claims, 'iss', `${btgIssuer(tenant, grant.bankUrl)}/`) }),
  ),
  idTokenAlteration(
    { name: 'id-token.aud-wrong', description: 'The aud of the id_token is another client.', breaks: audience },
    ({ claims }) => ({ claims: withMember(claims, 'aud', strangeClient) }),
  ),
  idTokenAlteration(
    { name: 'id-token.aud-missing', description: 'The id_token has no aud.', breaks: [...audience, 'OIDCC-2-a'] },
    ({ claims }) => ({ claims: withoutMember(claims, 'aud') }),
  ),
  idTokenAlteration(
    {
      name: 'id-token.aud-extra',
      description: 'The aud of the id_token lists the client and one that it does not know, without an azp.',
      breaks: ['OIDCC-3.1.3.7-3'],
    },
    ({ claims }, { client }) => ({ claims: withMember(claims, 'aud', [client.id, strangeClient]) }),
  ),
  idTokenAlteration(
    {
      name: 'id-token.aud-array',
      description: 'The aud of the id_token is a list of the client alone, which is as good as its id.',
      breaks: ['OIDCC-3.1.3.7-3'],
    },
    ({ claims }, { client }) => ({ claims: withMember(claims, 'aud', [client.id]) }),
  ),
  idTokenAlteration(
    { name: 'id-token.sub-missing', description: 'The id_token does not say who logged in.', breaks: ['OIDCC-2-a'] },
    ({ claims }) => ({ claims: withoutMember(claims, 'sub') }),
  ),
  idTokenAlteration(
    {
      name: 'id-token.nonce-wrong',
      description: 'The last character of the nonce in the id_token is another than was sent.',
      breaks: nonceCheck,
    },
    ({ claims }, { nonce }) =>
      nonce === null ? null : { claims: withMember(claims, 'nonce', withOtherLastCharacter(nonce)) },
  ),
  idTokenAlteration(
    {
      name: 'id-token.nonce-missing',
      description: 'The id_token carries no nonce, though the request had one.',
      breaks: nonceCheck,
    },
    ({ claims }, { nonce }) => (nonce === null ? null : { claims: withoutMember(claims, 'nonce') }),
  ),
];

/** An id_token of a refresh in which one claim is not what it was at the login; others are left alone. */
function refreshed(
  name: string,
  description: string,
  requirement: string,
  change: (claims: JsonMembers) => JsonMembers,
): AlterationOf<'btg'> {
  return idTokenAlteration(
    { name: `id-token.refreshed-${name}`, description, breaks: [requirement] },
    ({ claims }, { grantType }) => (grantType === 'refresh_token' ? { claims: change(claims) } : null),
  );
}

const refreshedIdTokenAlterations: readonly AlterationOf<'btg'>[] = [
  refreshed('iss', 'The iss of a refreshed id_token is an issuer that nobody knows.', 'OIDCC-12.2-b', (claims) =>
    withMember(claims, 'iss', strangeIssuer),
  ),
  refreshed('sub', 'The sub of a refreshed id_token is another person.', 'OIDCC-12.2-b', (claims) =>
    withMember(claims, 'sub', otherPerson(claims)),
  ),
  refreshed('aud', 'The aud of a refreshed id_token is another client.', 'OIDCC-12.2-b', (claims) =>
    withMember(claims, 'aud', strangeClient),
  ),
  refreshed('nonce', 'A refreshed id_token carries a nonce that no request had.', 'OIDCC-12.2-a', (claims) =>
    withMember(claims, 'nonce', nonceOfNobody),
  ),
];

/** id_tokens in which one claim is wrong, and the rest and the signature right. */
export const idTokenAlterations: readonly AlterationOf<'btg'>[] = [
  ...idTokenClaimAlterations,
  ...refreshedIdTokenAlterations,
];
