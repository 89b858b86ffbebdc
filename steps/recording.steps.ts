import { Then } from '@cucumber/cucumber';
import { addedParameters, describeReturn, isAt } from './authorization-return.js';
import { PrerequisiteFailure } from './check-failure.js';
import { statusOfRedirect } from './redirect-status.js';
import type { ScenarioWorld } from './world.js';

Then('what came back is recorded', function (this: ScenarioWorld) {
  const end = this.consentEnd.get();
  if (end.kind === 'stuck') {
    this.record(end.why);
    return;
  }
  const { url } = end;
  const { redirectUri } = this.bank.client;
  if (!isAt(url, redirectUri)) this.record(`the user is sent elsewhere than to the redirect URI`);
  else this.record(`${describeReturn(url)}; parameters ${addedParameters(url, redirectUri).join(', ') || 'none'}`);
});

Then('the status of the last redirect is recorded', function (this: ScenarioWorld) {
  const end = this.consentEnd.get();
  if (end.kind === 'stuck') throw new PrerequisiteFailure('a redirect', end.why);
  this.record(`the bank redirects by ${String(statusOfRedirect(this) ?? 'nothing')}`);
});
