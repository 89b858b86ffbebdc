import { secretsEqual } from '../oauth/client-authentication.js';
import { randomDigits } from './random-source.js';
import type { RandomSource } from './random-source.js';
import { totpCode, totpStep } from './totp.js';
import type { User } from './user.js';
import type { Clock } from './virtual-clock.js';

export type SecondFactorKind = 'app' | 'sms';

/** An SMS as the dashboard's phone shows it. */
export interface SmsMessage {
  readonly code: string;
  readonly sentAtMs: number;
  readonly lifetimeMs: number;
  readonly sessionId: string;
}

export type SecondFactorOutcome = 'accepted' | 'wrong' | 'expired' | 'spent';

/** How a bank's settings want codes judged. */
export interface SecondFactorRules {
  /** Whether a code that was accepted is accepted again. */
  readonly acceptReplay: boolean;
}

interface UserFactors {
  /** Newest first, at most ten. */
  readonly messages: SmsMessage[];
  readonly spentSteps: Set<number>;
  readonly spentMessages: Set<SmsMessage>;
}

/** One step on either side of now: RFC 6238 section 5.2 allows for the delay of whoever types. */
const allowedSteps = [0, 1, -1];

/** App tokens and SMS tokens of a tenant's users: what was sent, what was used. */
export class SecondFactors {
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #factors = new Map<string, UserFactors>();

  constructor(clock: Clock, random: RandomSource) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Sends an SMS token for one login session; an earlier one of that session is void from then on. */
  sendSms(user: User, sessionId: string, lifetimeMs: number): void {
    const { messages } = this.#of(user.username);
    messages.unshift({ code: randomDigits(this.#random, 6), sentAtMs: this.#clock.now(), lifetimeMs, sessionId });
    messages.length = Math.min(messages.length, 10);
  }

  /** Judges what was typed; an accepted code is spent. */
  judge(
    user: User,
    kind: SecondFactorKind,
    typed: string,
    sessionId: string,
    rules: SecondFactorRules,
  ): SecondFactorOutcome {
    if (user.behaviour === 'second-factor-wrong') return 'wrong';
    const alwaysExpired = user.behaviour === 'second-factor-expired';
    const applied = alwaysExpired ? { acceptReplay: true } : rules;
    const outcome =
      kind === 'app' ? this.#judgeApp(user, typed, applied) : this.#judgeSms(user, typed, sessionId, applied);
    return alwaysExpired && outcome === 'accepted' ? 'expired' : outcome;
  }

  /** A code of the user's app that is valid now and not spent; null when all three of the window are. */
  appCode(user: User): string | null {
    const { spentSteps } = this.#of(user.username);
    const now = totpStep(this.#clock.now());
    const step = allowedSteps.map((offset) => now + offset).find((candidate) => !spentSteps.has(candidate));
    return step === undefined ? null : totpCode(user.totpSecret, step);
  }

  /** The last SMS sent to the user, whether or not its code still works. */
  lastSms(username: string): SmsMessage | undefined {
    return this.#factors.get(username)?.messages[0];
  }

  messages(username: string): readonly SmsMessage[] {
    return this.#factors.get(username)?.messages ?? [];
  }

  clear(): void {
    this.#factors.clear();
  }

  #judgeApp(user: User, typed: string, rules: SecondFactorRules): SecondFactorOutcome {
    const { spentSteps } = this.#of(user.username);
    const now = totpStep(this.#clock.now());
    for (const spent of spentSteps) if (spent < now - 2) spentSteps.delete(spent);
    for (const offset of allowedSteps) {
      if (!secretsEqual(totpCode(user.totpSecret, now + offset), typed)) continue;
      if (spentSteps.has(now + offset) && !rules.acceptReplay) return 'spent';
      spentSteps.add(now + offset);
      return 'accepted';
    }
    // Ten minutes of older codes tell "expired" from "wrong" to whoever reads the page; both are refused.
    for (let age = 2; age <= 20; age += 1) if (totpCode(user.totpSecret, now - age) === typed) return 'expired';
    return 'wrong';
  }

  #judgeSms(user: User, typed: string, sessionId: string, rules: SecondFactorRules): SecondFactorOutcome {
    const { messages, spentMessages } = this.#of(user.username);
    const message = messages.find((candidate) => candidate.sessionId === sessionId);
    if (message === undefined || !secretsEqual(message.code, typed)) {
      const older = messages.find((candidate) => candidate.code === typed);
      if (older === undefined) return 'wrong';
      if (!spentMessages.has(older)) return 'expired';
      return rules.acceptReplay ? 'accepted' : 'spent';
    }
    if (Math.floor(this.#clock.now() / 1000) >= Math.floor((message.sentAtMs + message.lifetimeMs) / 1000))
      return 'expired';
    if (spentMessages.has(message) && !rules.acceptReplay) return 'spent';
    spentMessages.add(message);
    return 'accepted';
  }

  #of(username: string): UserFactors {
    let factors = this.#factors.get(username);
    if (factors === undefined) {
      factors = { messages: [], spentSteps: new Set(), spentMessages: new Set() };
      this.#factors.set(username, factors);
    }
    return factors;
  }
}
