import { readConsentStep, submitSecondFactor } from '../client/user-agent/consent-steps.js';
import type { ConsentStep } from '../client/user-agent/consent-steps.js';
import type { Navigation, Page } from '../client/user-agent/http-user-agent.js';
import { describeReturn, hasCode, isAt } from './authorization-return.js';
import { CheckFailure, PrerequisiteFailure } from './check-failure.js';
import { stopAtRefusedLogin } from './consent-ways/account-guard.js';
import { consentUntil } from './consent-ways/http-consent.js';
import type { FactorKind } from './target.js';
import type { ScenarioWorld } from './world.js';

/** Walks to the first page of that kind and stays there. */
export async function walkTo(
  world: ScenarioWorld,
  isThere: (step: ConsentStep) => boolean,
  factor: FactorKind = world.bank.factor,
): Promise<void> {
  const start = await world.client.start();
  world.request.set(start);
  try {
    world.browsing.set(await consentUntil(world.bank, world.consentInput(start, { factor }), isThere));
  } catch (error) {
    // As where the user consents: a mock's user cannot be harmed.
    if (world.bank.control === null) stopAtRefusedLogin(error);
    throw error;
  }
}

/** The page at which the user's browser stands. */
export function pageOf(world: ScenarioWorld): Page {
  const { navigation } = world.browsing.get();
  if (navigation.kind === 'page') return navigation.page;
  throw new PrerequisiteFailure('a page of the bank', describeReturn(new URL(navigation.redirectTo)));
}

/** The page at which the user's browser stands, where a bank that shows none is at fault. @throws CheckFailure */
export function expectPage(world: ScenarioWorld): Page {
  const { navigation } = world.browsing.get();
  if (navigation.kind === 'page') return navigation.page;
  throw new CheckFailure('a page that asks the user', describeNavigation(navigation));
}

/** Where a browser ended, in a few words. */
export function describeNavigation(navigation: Navigation): string {
  if (navigation.kind === 'stopped') return describeReturn(new URL(navigation.redirectTo));
  return `the bank’s ${readConsentStep(navigation.page).kind} page (${String(navigation.page.status)})`;
}

/** Whether the user came back to the client with a code, in the query or, as is judged elsewhere, in the fragment. */
export function givesCode(world: ScenarioWorld, navigation: Navigation): boolean {
  if (navigation.kind !== 'stopped') return false;
  const url = new URL(navigation.redirectTo);
  return isAt(url, world.bank.client.redirectUri) && hasCode(url);
}

/** Types a token; nothing where the bank already sent the user back, which the next step judges. */
export async function typeTokenWhereAsked(world: ScenarioWorld, code: string): Promise<void> {
  if (world.browsing.get().navigation.kind === 'page') await typeToken(world, code);
}

/** Types a token into the page at which the browser stands. */
export async function typeToken(world: ScenarioWorld, code: string): Promise<void> {
  const { userAgent } = world.browsing.get();
  world.browsing.set({ userAgent, navigation: await submitSecondFactor(userAgent, pageOf(world), code) });
}
