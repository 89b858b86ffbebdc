import { accessTokenRules } from './access-token-rules.js';
import { addressRules } from './address-rules.js';
import { authorizationRequestRules } from './authorization-request-rules.js';
import { clientAuthenticationRules } from './client-authentication-rules.js';
import { codeRules } from './code-rules.js';
import type { FindingRule } from './finding.js';
import { forgeryDefenceRules } from './forgery-defence-rules.js';
import { grantTypeRules } from './grant-type-rules.js';
import { pkceRules } from './pkce-rules.js';
import { productionRules } from './production-rules.js';
import { rateRules } from './rate-rules.js';
import { refreshRules } from './refresh-rules.js';

/** The rules in the order in which a client meets them, under the headings of the catalogue. */
export const findingGroups: readonly { readonly heading: string; readonly rules: readonly FindingRule[] }[] = [
  { heading: 'The authorization request', rules: authorizationRequestRules },
  { heading: 'Forged callbacks', rules: forgeryDefenceRules },
  { heading: 'PKCE', rules: pkceRules },
  { heading: 'Addresses', rules: addressRules },
  { heading: 'Client authentication', rules: clientAuthenticationRules },
  { heading: 'Grant types', rules: grantTypeRules },
  { heading: 'Codes', rules: codeRules },
  { heading: 'Refreshing', rules: refreshRules },
  { heading: 'How often', rules: rateRules },
  { heading: 'Calls', rules: accessTokenRules },
  { heading: 'Go-live', rules: productionRules },
];

/** Every rule. */
export const findingRules: readonly FindingRule[] = findingGroups.flatMap(({ rules }) => rules);
