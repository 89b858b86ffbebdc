import { defineParameterType } from '@cucumber/cucumber';
import { literalPattern } from '../foundation/literal-pattern.js';
import { demandingStates, redirectUriDifferences } from './authorization-url.js';
import { badAuthorizations } from './bad-authorization.js';
import { resourcePaths } from './resource-paths.js';
import { momentOffsets, secondsOf } from './moment.js';
import { codeFaults, refreshFaults } from './token-faults.js';

const oneOf = (words: readonly string[]): RegExp => new RegExp(words.map(literalPattern).join('|'));

/** "one second before": seconds from the end of a life. */
defineParameterType({
  name: 'moment',
  regexp: oneOf(Object.keys(momentOffsets)),
  transformer: (moment: string) => momentOffsets[moment] ?? 0,
});

/** "30 days": seconds. */
defineParameterType({
  name: 'duration',
  regexp: /(\d+) (seconds?|minutes?|hours?|days?)/,
  transformer: (amount: string, unit: string) => secondsOf(amount, unit),
});

defineParameterType({
  name: 'factor',
  regexp: /app|SMS/,
  transformer: (factor: string) => factor.toLowerCase(),
});

/** "code, iss and state": names in alphabetical order. */
defineParameterType({
  name: 'parameters',
  regexp: /[a-z_]+(?:, [a-z_]+)*(?: and [a-z_]+)?/,
  transformer: (list: string) => list.split(/, | and /).sort(),
});

defineParameterType({ name: 'state', regexp: oneOf(Object.keys(demandingStates)) });
defineParameterType({ name: 'difference', regexp: oneOf(redirectUriDifferences) });
defineParameterType({ name: 'badToken', regexp: oneOf(Object.keys(badAuthorizations)) });
defineParameterType({
  name: 'verifier',
  regexp: /another verifier|no verifier|the challenge as the verifier|the right verifier/,
});
defineParameterType({ name: 'codeFault', regexp: oneOf(Object.keys(codeFaults)) });
defineParameterType({ name: 'refreshFault', regexp: oneOf(Object.keys(refreshFaults)) });
defineParameterType({ name: 'resource', regexp: oneOf(Object.keys(resourcePaths)) });
