import { KnownSecrets } from '../../reports/redaction/known-secrets.js';
import type { BankCall } from './bank-call.js';

/** What must not leave the application and the bank; for sentences. */
export const secretKinds = [
  'the client secret',
  'an access token',
  'a refresh token',
  'an id_token',
  'a code_verifier',
  'a password of a customer',
  'an authorization code',
] as const;
export type SecretKind = (typeof secretKinds)[number];

/** Shorter ones could be ordinary words. */
const shortest = 8;

/** What a run knows that is secret, by kind. */
export class RunSecrets {
  readonly #all = new KnownSecrets();
  readonly #byKind = new Map<SecretKind, KnownSecrets>();

  add(kind: SecretKind, value: string | null | undefined): void {
    if (value == null || value.length < shortest) return;
    const known = this.#byKind.get(kind) ?? new KnownSecrets();
    this.#byKind.set(kind, known);
    known.add(value, '');
    this.#all.add(value, '');
  }

  /** Learns all that went through the bank: of token requests and answers, and of its redirects back. */
  addTraffic(calls: readonly BankCall[]): void {
    for (const { form, answer, tokens, endpoint } of calls) {
      this.add('an authorization code', form.get('code'));
      this.add('a code_verifier', form.get('code_verifier'));
      this.add('a refresh token', form.get('refresh_token'));
      this.add('an access token', tokens?.accessToken);
      this.add('a refresh token', tokens?.refreshToken);
      this.add('an id_token', tokens?.idToken);
      const location = answer.headers.get('location');
      if (location !== null && endpoint !== 'token') this.add('an authorization code', codeIn(location));
    }
  }

  /** The kinds of secrets in a text: as they are, or as URLs, JSON, HTML or base64 would have them. */
  kindsIn(text: string): readonly SecretKind[] {
    if (this.#all.hide(text) === text) return [];
    return secretKinds.filter((kind) => {
      const known = this.#byKind.get(kind);
      return known !== undefined && known.hide(text) !== text;
    });
  }
}

function codeIn(location: string): string | null {
  return URL.canParse(location) ? new URL(location).searchParams.get('code') : null;
}
