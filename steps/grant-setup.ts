import { returnedCode, tryConsent } from './authorization-return.js';
import type { AuthorizationStart, HeldCode, HeldTokens, StartOptions } from './client-driver.js';
import { heldTokens } from './client-driver.js';
import type { ConsentInput } from './target.js';
import { PrerequisiteFailure } from './check-failure.js';
import { callResource, describeApiAnswer } from './resource.js';
import type { ScenarioWorld } from './world.js';

/** Lets the user consent, and keeps the code. @throws PrerequisiteFailure */
export async function holdCode(
  world: ScenarioWorld,
  options: StartOptions = {},
  differing: Partial<ConsentInput> = {},
): Promise<HeldCode> {
  const start = await world.client.start(options);
  const end = await tryConsent(world.bank, world.consentInput(start, differing));
  const held = codeOf(start, returnedCode(end));
  world.request.set(start);
  world.code.set(held);
  return held;
}

/**
 * Lets the user consent, redeems the code and keeps the tokens. A scenario that may share a grant, and asks for nothing out
 * of the ordinary, gets the tokens of one that is there already.
 *
 * @throws PrerequisiteFailure
 */
export async function holdTokens(
  world: ScenarioWorld,
  options: StartOptions = {},
  differing: Partial<ConsentInput> = {},
): Promise<HeldTokens> {
  const isOrdinary = Object.keys(options).length === 0 && Object.keys(differing).length === 0;
  const sharing = isOrdinary && world.sharing.isSet ? world.sharing.get() : null;
  const shared = sharing === null ? null : await sharing.grants.take(world.bank, sharing);
  if (shared !== null) {
    world.tokens.set(shared);
    return shared;
  }
  const held = await holdCode(world, options, differing);
  const answer = await world.client.redeem(held);
  const tokens = heldTokens(answer, held.scope);
  world.tokenAnswer.set(answer);
  world.tokens.set(tokens);
  await sharing?.grants.put(tokens, answer);
  return tokens;
}

/** Lets the same user consent once more, and keeps both pairs of tokens. @throws PrerequisiteFailure */
export async function holdTokensOnceMore(world: ScenarioWorld): Promise<void> {
  const first = world.tokens.get();
  await holdTokens(world);
  world.previousTokens.set(first);
}

/** Refreshes, and keeps the new tokens beside the old ones. @throws PrerequisiteFailure */
export async function refreshHeldTokens(world: ScenarioWorld): Promise<HeldTokens> {
  const old = world.tokens.get();
  const answer = await world.client.refreshTokens(old);
  // A bank that does not rotate answers without a refresh token: the old one goes on.
  const tokens = heldTokens({ ...answer, refreshToken: answer.refreshToken ?? old.refreshToken }, old.scope);
  world.previousTokens.set(old);
  world.tokens.set(tokens);
  return tokens;
}

/** A fresh token of the user opens the resource: where it does not, no other token proves anything. @throws PrerequisiteFailure */
export async function requireOpening(world: ScenarioWorld): Promise<void> {
  const held = await holdCode(world);
  const { accessToken } = heldTokens(await world.client.redeem(held), held.scope);
  const answer = await callResource(world.bank, `Bearer ${accessToken}`);
  if (answer.status !== 200) throw new PrerequisiteFailure('a right token that opens', describeApiAnswer(answer));
}

/** A code with what its redemption must repeat. */
export function codeOf({ transaction }: AuthorizationStart, code: string): HeldCode {
  const { redirectUri, codeVerifier, nonce, scope } = transaction;
  return { code, redirectUri, codeVerifier, nonce, scope };
}
