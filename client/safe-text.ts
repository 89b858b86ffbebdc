// Long runs with a digit or a capital are what codes, tokens and keys look like, whichever bank made them. Without that
// condition `unsupported_grant_type` would be one; with `.` and `/` in the class, host names and BTG's scopes would.
const tokenLike = /(?=[a-z_~+=-]*[A-Z0-9])[A-Za-z0-9_~+=-]{20,}/g;

/**
 * Makes a text that came from outside fit for an error message or a log: control characters become spaces, the
 * given secrets and everything that looks like a token become `[masked]`, and the length is bounded.
 *
 * Banks do echo what they refuse ("No such refresh token: …"), so their texts are never repeated verbatim.
 */
export function safeText(text: string, secrets: readonly string[] = [], maxLength = 200): string {
  let safe = text;
  for (const secret of secrets) if (secret.length >= 4) safe = safe.replaceAll(secret, '[masked]');
  safe = safe
    .replace(tokenLike, '[masked]')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return safe.length > maxLength ? `${safe.slice(0, maxLength - 1)}…` : safe;
}
