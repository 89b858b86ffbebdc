import { setDefinitionFunctionWrapper } from '@cucumber/cucumber';
import { redactedError } from './run-redactor.js';

type Code = (this: unknown, ...parameters: unknown[]) => unknown;

/** Cucumber writes errors down itself: from now on none leaves a step or hook with a secret in it. */
export function redactErrorsOfSteps(): void {
  setDefinitionFunctionWrapper(
    (code: Code): Code =>
      async function (...parameters) {
        try {
          return await code.apply(this, parameters);
        } catch (error) {
          throw redactedError(error);
        }
      },
  );
}
