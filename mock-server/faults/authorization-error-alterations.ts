import type { Alteration } from './alteration.js';
import type { AuthorizationResponse } from './authorization-response.js';
import { responseOfBothBanks } from './define-alterations.js';

/** Markup that would show itself in a page: an element with this id, and a script that calls a function of this name. */
export const markupMark = 'homologaMarkup';
const markup = `<b id=${markupMark}>recusado</b><script>${markupMark}()</script>`;

/** An error in the place of the code, or of the error that the bank meant. The code is told to nobody. */
function withError(response: AuthorizationResponse, error: string, description: string): AuthorizationResponse {
  const rest = response.parameters.filter(([name]) => !['code', 'error', 'error_description'].includes(name));
  return { ...response, parameters: [['error', error], ['error_description', description], ...rest] };
}

/** Authorization responses with an error, though the user consented. */
export const authorizationErrorAlterations: readonly Alteration[] = [
  ...responseOfBothBanks(
    {
      name: 'authorization-response.denied',
      description: 'The response is the error access_denied, as when the user refuses.',
      breaks: { both: ['RFC6749-4.1.2.1-a'], bs2: ['BS2-holder-k'], btg: ['BTG-code-b'] },
    },
    (response) => withError(response, 'access_denied', 'The resource owner denied the request'),
  ),
  ...responseOfBothBanks(
    {
      name: 'authorization-response.error-unknown',
      description: 'The response is an error that no specification has.',
      breaks: { both: ['RFC6749-4.1.2.1-a'] },
    },
    (response) => withError(response, 'unexpected_condition', 'Something that no specification names'),
  ),
  ...responseOfBothBanks(
    {
      name: 'authorization-response.error-without-state',
      description: 'The response is the error access_denied without the state that was sent.',
      breaks: { both: ['RFC6749-10.12-a'] },
    },
    (response) => {
      const error = withError(response, 'access_denied', 'The resource owner denied the request');
      return { ...error, parameters: error.parameters.filter(([name]) => name !== 'state') };
    },
  ),
  ...responseOfBothBanks(
    {
      name: 'authorization-response.error-description-markup',
      description: 'The response is the error access_denied, described in HTML with a script.',
      breaks: { both: ['RFC6749-10.14-a'] },
    },
    (response) => withError(response, 'access_denied', markup),
  ),
];
