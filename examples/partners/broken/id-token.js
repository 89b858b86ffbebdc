import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bug } from './bugs.js';
import { BankFailure } from './failures.js';

const leewaySeconds = 30;
const bankPublicKey = new URL('./bank-public-key.pem', import.meta.url);

/**
 * Checks an id_token that came from BTG's token endpoint and gives its claims (OpenID Connect Core 3.1.3.7, and 12.2
 * when `original` holds the claims of the first one). HS256 keyed with the client secret is the only algorithm.
 *
 * @throws BankFailure `unusable`
 */
export function verifyIdToken(idToken, { bank, nonce, original }) {
  if (idToken === null && (bug('id-token-missing-accepted') || bug('id-token-unverified'))) return null;
  const [header, payload] = String(idToken).split('.', 2).map(decode);
  if (header === undefined || payload === undefined || header === null || payload === null) refuse('no JWT');
  if (bug('id-token-unverified')) return payload;
  if (bug('id-token-jku-followed') && header.jku !== undefined) void fetch(header.jku).catch(() => undefined);
  if (bug('id-token-access-token-accepted') && header.typ === 'at+jwt') return payload;
  if (!bug('id-token-signature-ignored')) assertSignature(idToken, header, bank);
  assertParties(payload, bank);
  assertTimes(payload);
  if (nonce !== null && !(bug('id-token-nonce-missing-accepted') && payload.nonce === undefined)) {
    if (payload.nonce !== nonce && !bug('id-token-nonce-ignored')) refuse('nonce');
  }
  if (original !== null) assertSame(payload, original);
  return payload;
}

function assertSignature(idToken, header, bank) {
  if (String(header.alg).toLowerCase() === 'none' && bug('id-token-alg-none-accepted')) return;
  // An algorithm for which there is no key here, so it is left at that.
  if (header.alg === 'RS256' && bug('id-token-alg-other-accepted')) return;
  if (header.alg !== 'HS256') refuse('alg');
  if (header.typ !== undefined && !/^(application\/)?jwt$/i.test(header.typ)) refuse('typ');
  const signed = idToken.slice(0, idToken.lastIndexOf('.'));
  const given = Buffer.from(idToken.split('.')[2] ?? '', 'base64url');
  const isBy = (key) => {
    const expected = createHmac('sha256', key).update(signed).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
  // The key of the bank's access tokens is public: everybody can make a MAC with it.
  const isConfused = () => bug('id-token-alg-confusion') && isBy(readFileSync(bankPublicKey));
  if (!isBy(bank.clientSecret) && !isConfused()) refuse('signature');
}

function assertParties({ iss, aud, azp, sub }, bank) {
  const lacksIss = iss === undefined && bug('id-token-iss-missing-accepted');
  if (iss !== bank.issuer && !lacksIss && !bug('id-token-iss-ignored')) refuse('iss');
  if (typeof sub !== 'string' && !bug('id-token-sub-ignored')) refuse('sub');
  if (bug('id-token-aud-ignored') || (aud === undefined && bug('id-token-aud-missing-accepted'))) return;
  if (bug('id-token-aud-array-refused') && typeof aud !== 'string') refuse('aud');
  const audiences = [aud].flat();
  if (bug('id-token-aud-extra-accepted') && audiences.includes(bank.clientId)) return;
  if (!audiences.every((audience) => audience === bank.clientId)) refuse('aud');
  if (azp !== undefined && azp !== bank.clientId) refuse('azp');
}

function assertTimes({ exp, iat }) {
  const now = Date.now() / 1000;
  const leeway = bug('id-token-leeway-of-a-day') ? 86_400 : leewaySeconds;
  if (!bug('id-token-exp-ignored') && !(exp === undefined && bug('id-token-exp-missing-accepted'))) {
    if (typeof exp !== 'number' || now >= exp + leeway) refuse('exp');
  }
  if (bug('id-token-iat-ignored') || (iat === undefined && bug('id-token-iat-missing-accepted'))) return;
  if (typeof iat !== 'number' || iat > now + leeway || iat < now - 600 - leeway) refuse('iat');
}

function assertSame(payload, original) {
  const audience = ({ aud }) => JSON.stringify([aud].flat().sort());
  const hasChanged =
    payload.iss !== original.iss ||
    payload.sub !== original.sub ||
    audience(payload) !== audience(original) ||
    (payload.nonce !== undefined && payload.nonce !== original.nonce);
  if (hasChanged) refuse('not the first one’s subject, issuer, audience or nonce');
}

function decode(part) {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function refuse(what) {
  throw new BankFailure('unusable', `the id_token is not to be trusted: ${what}`);
}
