import { replaceCode } from '../banks/grant-changes.js';
import { randomBase64url } from '../tenants/random-source.js';
import type { Alteration } from './alteration.js';
import { withOtherLastCharacter } from './altered-text.js';
import { parameterOf, withParameter, withoutParameter } from './authorization-response.js';
import { bs2Response, btgResponse, responseOfBothBanks } from './define-alterations.js';

/** An issuer that no application knows. */
export const strangeIssuer = 'https://emissor.exemplo.invalid';
/** 1,200 characters of base64url. */
const longCodeBytes = 900;

const csrfDefence = ['RFC6749-10.12-a', 'RFC9700-2.1-c'];

/** Authorization responses that are not as the bank sends them. */
export const authorizationResponseAlterations: readonly Alteration[] = [
  ...responseOfBothBanks(
    {
      name: 'authorization-response.state-altered',
      description: 'The last character of the state is another than was sent.',
      breaks: { both: csrfDefence },
    },
    (response) => withParameter(response, 'state', withOtherLastCharacter),
  ),
  ...responseOfBothBanks(
    {
      name: 'authorization-response.state-missing',
      description: 'The state that was sent does not come back.',
      breaks: { both: csrfDefence },
    },
    (response) => withoutParameter(response, 'state'),
  ),
  ...responseOfBothBanks(
    {
      name: 'authorization-response.duplicate-code',
      description: 'The code comes twice, the second time with another last character.',
      breaks: { both: ['RFC6749-3.1-c'] },
    },
    (response) => {
      const code = parameterOf(response, 'code');
      if (code === null) return null;
      const [first = ['code', code] as const, ...rest] = response.parameters;
      return { ...response, parameters: [first, ['code', withOtherLastCharacter(code)], ...rest] };
    },
  ),
  ...responseOfBothBanks(
    {
      name: 'authorization-response.unknown-parameters',
      description: 'Two parameters more than the application knows, at the end of the query.',
      breaks: { both: ['RFC6749-4.1.2-g'] },
    },
    (response) => ({
      ...response,
      parameters: [...response.parameters, ['session_state', 'f9e8d7.c6b5'], ['x_canal', 'conexão & teste']],
    }),
  ),
  ...responseOfBothBanks(
    {
      name: 'authorization-response.long-code',
      description: 'The code has 1200 characters, and is redeemed like any other.',
      breaks: { both: ['RFC6749-4.1.2-g'] },
    },
    async (response, { tenant }) => {
      const code = parameterOf(response, 'code');
      if (code === null) return null;
      const longCode = randomBase64url(tenant.random, longCodeBytes);
      const isReplaced = await replaceCode(tenant.store, code, longCode, tenant.clock.now());
      return isReplaced ? withParameter(response, 'code', () => longCode) : null;
    },
  ),
  bs2Response(
    {
      name: 'authorization-response.iss-added',
      description: 'The response carries an iss, the bank’s address, which BS2 never announced.',
      breaks: ['RFC9207-2.4-c'],
    },
    (response, { tenant }) => ({
      ...response,
      parameters: [...response.parameters, ['iss', tenant.links.bs2.publicBase]],
    }),
  ),
  btgResponse(
    {
      name: 'authorization-response.iss-wrong',
      description: 'The iss is an issuer that nobody knows.',
      breaks: ['RFC9207-2.4-a'],
    },
    (response) => withParameter(response, 'iss', () => strangeIssuer),
  ),
  btgResponse(
    {
      name: 'authorization-response.iss-missing',
      description: 'The response carries no iss.',
      breaks: ['RFC9207-2.4-b'],
    },
    (response) => withoutParameter(response, 'iss'),
  ),
  btgResponse(
    {
      name: 'authorization-response.iss-trailing-slash',
      description: 'The iss ends in a slash that the issuer does not have.',
      breaks: ['RFC9207-2.4-a'],
    },
    (response) => withParameter(response, 'iss', (iss) => `${iss}/`),
  ),
  btgResponse(
    {
      name: 'authorization-response.iss-other-bank',
      description: 'The iss is the address of the other bank.',
      breaks: ['RFC9207-2.4-a', 'RFC9700-2.1-d', 'RFC9700-4.4.2-a'],
    },
    (response, { tenant }) => withParameter(response, 'iss', () => tenant.links.bs2.publicBase),
  ),
];
