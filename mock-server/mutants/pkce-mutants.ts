import { createHash } from 'node:crypto';
import type { AuthorizationPolicy } from '../oauth/authorization-policy.js';
import { withAuthorizationPolicy, withGrantPolicy } from './bank-patches.js';
import { btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

/** A challenge that is the verifier itself becomes one that S256 can compare. */
const keepsPlainChallenge: AuthorizationPolicy['challengeToKeep'] = (challenge, method) =>
  method === 'S256' ? challenge : createHash('sha256').update(challenge).digest('base64url');

/** PKCE that protects less than it seems to, or is asked of those who need not. */
export const pkceMutants: readonly Mutant[] = [
  btgMutant({
    name: 'pkce-ignored',
    description: 'A code that was asked for with a challenge is given tokens whatever verifier comes, also none.',
    breaks: ['RFC7636-4.6-a', 'RFC9700-2.1.1-b', 'RFC9700-2.1.1-c', 'RFC7636-4.4-a'],
    patch: (bank) => withGrantPolicy(bank, () => ({ verifierFault: () => null })),
  }),
  btgMutant({
    name: 'pkce-verifier-optional',
    description: 'A code that was asked for with a challenge can be redeemed without a verifier.',
    breaks: ['RFC7636-4.6-a', 'RFC9700-2.1.1-b', 'BTG-pkce-e'],
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        verifierFault: (code, verifier) => (verifier === undefined ? null : honest.verifierFault(code, verifier)),
      })),
  }),
  btgMutant({
    name: 'pkce-challenge-as-verifier',
    description: 'An S256 challenge is taken for its own verifier.',
    breaks: ['RFC7636-4.6-a', 'RFC9700-2.1.1-b'],
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        verifierFault: (code, verifier) =>
          verifier !== undefined && verifier === code.codeChallenge ? null : honest.verifierFault(code, verifier),
      })),
  }),
  btgMutant({
    name: 'pkce-verifier-refused',
    description: 'The right verifier of an S256 challenge is refused.',
    breaks: ['RFC7636-4.2-b', 'BTG-pkce-d', 'BTG-token-a', 'BTG-token-c'],
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        verifierFault: (code, verifier) =>
          honest.verifierFault(code, verifier) ?? (code.codeChallenge === null ? null : 'verifier-mismatch'),
      })),
  }),
  btgMutant({
    name: 'pkce-verifier-without-challenge',
    description: 'A verifier is accepted for a code that was asked for without a challenge.',
    breaks: ['RFC9700-2.1.1-c'],
    patch: (bank) =>
      withGrantPolicy(bank, (honest) => ({
        verifierFault: (code, verifier) => (code.codeChallenge === null ? null : honest.verifierFault(code, verifier)),
      })),
  }),
  btgMutant({
    name: 'pkce-plain-accepted',
    description: 'A challenge with the method plain is accepted.',
    breaks: ['RFC7636-4.4.1-a', 'BTG-pkce-c'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        challengeFault: (client, challenge, method) =>
          challenge !== undefined && method === 'plain' ? null : honest.challengeFault(client, challenge, method),
        challengeToKeep: keepsPlainChallenge,
      })),
  }),
  btgMutant({
    name: 'pkce-method-optional',
    description: 'A challenge without a method is accepted as plain.',
    breaks: ['RFC7636-4.4.1-a', 'BTG-pkce-c'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        challengeFault: (client, challenge, method) =>
          challenge !== undefined && method === undefined ? null : honest.challengeFault(client, challenge, method),
        challengeToKeep: keepsPlainChallenge,
      })),
  }),
  btgMutant({
    name: 'pkce-refused',
    description: 'A request with an S256 challenge is refused.',
    breaks: ['BTG-pkce-a'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        challengeFault: (client, challenge, method) =>
          honest.challengeFault(client, challenge, method) ??
          (challenge === undefined
            ? null
            : { error: 'invalid_request', description: 'code_challenge is not supported' }),
      })),
  }),
  btgMutant({
    name: 'pkce-demanded',
    description: 'A client that has a secret is refused without a challenge.',
    breaks: ['BTG-pkce-b'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        challengeFault: (client, challenge, method) =>
          honest.challengeFault({ ...client, type: 'public' }, challenge, method),
      })),
  }),
  btgMutant({
    name: 'public-client-without-pkce',
    description: 'A client without a secret may ask without a challenge, and whoever finds its code has its tokens.',
    breaks: ['BTG-pkce-f'],
    patch: (bank) =>
      withAuthorizationPolicy(bank, (honest) => ({
        challengeFault: (client, challenge, method) =>
          honest.challengeFault({ ...client, type: 'confidential' }, challenge, method),
      })),
  }),
];
