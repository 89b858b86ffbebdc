import type { TenantHandle } from '../mock-server/index.js';
import { postToken } from './killed-customer.js';

const clientId = 'l7operada';

/** A value that is changed by calls: what was answered last, and what was asked for and not answered. */
interface Changed<T> {
  answered: T;
  asked: T | null;
}

/** Whoever works with the control API while customers refresh: settings, secrets, clock, users, revocations. */
export class KilledOperator {
  calls = 0;
  #attempts: Changed<number> = { answered: 0, asked: null };
  #secret = '';
  #isRotating = false;
  #clockMs = 0;
  #users: string[] = [];
  #revoked: string[] = [];

  async begin(tenant: TenantHandle): Promise<void> {
    const { secret } = await tenant.clients.create({ bank: 'bs2', id: clientId, redirectUris: [], scope: 'saldo' });
    this.#secret = secret ?? '';
    this.#attempts.answered = (await tenant.settings.get()).bs2.secondFactorAttempts;
  }

  /** One round of calls; rejects where the server is gone. */
  async work(tenant: TenantHandle): Promise<void> {
    const asked = (this.#attempts.answered % 100) + 1;
    this.#attempts.asked = asked;
    await tenant.settings.patch({ bs2: { secondFactorAttempts: asked } });
    this.#attempts = { answered: asked, asked: null };
    this.calls += 1;

    this.#isRotating = true;
    this.#secret = (await tenant.clients.rotateSecret(clientId)).secret;
    this.#isRotating = false;
    this.calls += 1;

    this.#clockMs = Date.parse((await tenant.clock.advance('PT1S')).now);
    this.calls += 1;

    const username = `operada-${String(this.#users.length)}-${String(this.calls)}`;
    await tenant.users.create({ username, password: 'senha-de-teste' });
    this.#users.push(username);
    this.calls += 1;

    const { id, refreshToken } = await tenant.grants.create({ bank: 'btg', username });
    await tenant.grants.delete(id);
    this.#revoked.push(refreshToken ?? '');
    this.calls += 2;
  }

  /** What is not as it was answered. */
  async judge(tenant: TenantHandle): Promise<string[]> {
    const problems: string[] = [];
    const { secondFactorAttempts } = (await tenant.settings.get()).bs2;
    const { answered, asked } = this.#attempts;
    if (secondFactorAttempts !== answered && secondFactorAttempts !== asked) {
      problems.push(`a setting is ${String(secondFactorAttempts)}, answered was ${String(answered)}`);
    }
    this.#attempts = { answered: secondFactorAttempts, asked: null };
    const { secret } = await tenant.clients.get(clientId);
    if (secret !== this.#secret && !this.#isRotating) problems.push('a secret is not the one that was answered last');
    this.#secret = secret ?? '';
    this.#isRotating = false;
    if (Date.parse((await tenant.clock.show()).now) < this.#clockMs) problems.push('the clock went back');
    const users = new Set((await tenant.users.list()).map(({ username }) => username));
    if (this.#users.some((username) => !users.has(username))) problems.push('a user is missing');
    for (const refreshToken of this.#revoked.splice(0)) {
      const answer = await postToken(tenant, 'btg', { grant_type: 'refresh_token', refresh_token: refreshToken });
      if (answer.status !== 400) problems.push(`a token of a revoked grant is answered ${String(answer.status)}`);
    }
    return problems;
  }
}
