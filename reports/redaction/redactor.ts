import { Buffer } from 'node:buffer';
import { redactHtmlFields } from './html-fields.js';
import { redactJsonMembers } from './json-members.js';
import { jwtPattern, readJwtParts } from './jwt-view.js';
import { KnownSecrets } from './known-secrets.js';
import { replacePersonalNumbers } from './personal-numbers.js';
import { credentialHeaders, secretKindOf } from './secret-kinds.js';

const cookieHeaders = new Set(['cookie', 'set-cookie']);
const addressHeaders = new Set(['location', 'referer', 'origin', 'content-location']);
const cookieAttribute = /^\s*(path|max-age|expires|samesite|domain|httponly|secure|partitioned)\s*(=|$)/i;
/** A string of JSON that is a JWT and nothing else. */
const wholeJwt = new RegExp(`"${jwtPattern.source}"`, 'g');
/** How many addresses within addresses are looked into; deeper ones are hidden whole. */
const deepestAddress = 3;
/** Words of a protocol, such as the `code` of an error: hidden where they stand, but not looked for elsewhere. */
const plainWord = /^[A-Za-z_ -]{0,24}$/;
const ordinaryKinds = new Set(['code', 'token', 'account', 'session', 'cookie']);

/**
 * Replaces what is secret or personal by tags such as `«refresh_token#3»`. Equal values get equal tags for as long as
 * the redactor lives, so that what happened to one token can be followed without ever showing it.
 */
export class Redactor {
  readonly #tags = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #known = new KnownSecrets();
  readonly #prefix: string;

  /** `prefix` keeps the tags of parallel workers apart. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** Makes a secret known: from now on it is replaced wherever it turns up. */
  learn(kind: string, value: string): void {
    const tag = this.tag(kind, value);
    this.#known.add(value, tag);
  }

  /** The tag of a value. */
  tag(kind: string, value: string): string {
    if (value === '' || /^«[^»]*»$/.test(value)) return value;
    const tag = this.#tags.get(value) ?? this.#newTag(kind);
    this.#tags.set(value, tag);
    const isWord = ordinaryKinds.has(kind) && plainWord.test(value);
    if (!isWord && kind !== 'hidden') this.#known.add(value, tag);
    return tag;
  }

  /** A text that nothing is known of: JWTs, numbers of people and companies, and every secret that is known. */
  text(text: string): string {
    const withoutJwts = text.replace(jwtPattern, (jwt) => this.#jwt(jwt));
    const numbers = replacePersonalNumbers(withoutJwts, (kind, value) => this.tag(kind, value));
    return this.#known.hide(numbers);
  }

  header(name: string, raw: string): string {
    const lowerName = name.toLowerCase();
    const value = this.#known.hide(raw);
    if (credentialHeaders.has(lowerName)) return this.#credentials(value);
    if (cookieHeaders.has(lowerName)) return this.#cookies(value, lowerName === 'set-cookie');
    if (addressHeaders.has(lowerName)) return this.url(value);
    const kind = secretKindOf(lowerName);
    return kind === null ? this.text(value) : this.tag(kind, value);
  }

  /** A URL with what is secret in its user part, path, query and fragment replaced. */
  url(url: string, depth = 0): string {
    // Known secrets first: one that holds a "?" or "&" would fall apart.
    const [beforeFragment = '', ...fragments] = splitOutsideTags(this.#known.hide(url), '#');
    const [path = '', ...queries] = beforeFragment.split('?');
    const safePath = this.text(path.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1«credentials»@'));
    const accounts = safePath.replace(/(\/accounts?\/)([^/«]+)/, (_whole, before: string, account: string) => {
      return `${before}${this.tag('account', account)}`;
    });
    const query = queries.length === 0 ? '' : `?${this.form(queries.join('?'), depth)}`;
    const fragment = fragments.length === 0 ? '' : `#${this.form(fragments.join('#'), depth)}`;
    return `${accounts}${query}${fragment}`;
  }

  /** `name=value&…`, form-encoded. */
  form(encoded: string, depth = 0): string {
    return this.#known
      .hide(encoded)
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=');
        if (equals < 0) return this.text(pair);
        const name = pair.slice(0, equals);
        const value = decode(pair.slice(equals + 1));
        const kind = secretKindOf(decode(name));
        if (kind !== null) return `${name}=${this.tag(kind, value)}`;
        const isAddress = /^https?:|[?#]/i.test(value);
        if (isAddress && depth >= deepestAddress) return `${name}=${this.tag('value', value)}`;
        const safe = isAddress ? this.url(value, depth + 1) : this.text(value);
        return `${this.text(name)}=${safe === value ? this.text(pair.slice(equals + 1)) : encodeReadably(safe)}`;
      })
      .join('&');
  }

  /** A body, read as what it looks like before what its content type says: clients mistake one for the other. */
  body(contentType: string, raw: string): string {
    const first = raw.trimStart().slice(0, 1);
    // A JWT with a known secret in a claim would be hidden whole; as a member of JSON its claims are masked one by one.
    if (first === '{' || first === '[') return this.json(this.#hideAround(wholeJwt, raw));
    const body = this.#known.hide(raw);
    const start = body.trimStart().slice(0, 1);
    if (start === '{' || start === '[') return this.json(body);
    if (start === '<') return this.html(body);
    if (/x-www-form-urlencoded/i.test(contentType) || /^[^\s=&{<]{1,60}=\S*$/.test(body)) return this.form(body);
    return this.text(body);
  }

  json(body: string): string {
    const members = redactJsonMembers(body, (name, value) => {
      const kind = secretKindOf(name, 'data');
      const jwt = value.startsWith('eyJ') ? value.match(jwtPattern)?.[0] : undefined;
      if (jwt === value) return this.#jwt(jwt, kind ?? 'jwt', true);
      if (kind !== null) return this.tag(kind, value);
      if (/^\s*[{[]/.test(value)) return this.json(value);
      return /^https?:\/\//.test(value) ? this.url(value) : value;
    });
    return this.text(members);
  }

  html(body: string): string {
    const fields = redactHtmlFields(body, {
      field: (name, value) => this.tag(secretKindOf(name) ?? 'hidden', value),
      address: (address) => this.url(address),
    });
    return this.text(fields);
  }

  /** Tag, header and claims of a JWT; where it was seen before and stands in a line, the tag alone. */
  #jwt(jwt: string, kind = 'jwt', isRepeated = false): string {
    const isNew = !this.#tags.has(jwt);
    const tag = this.tag(kind, jwt);
    // The signed part, too, is a secret that a lenient server might take; the header is the same for many.
    for (const part of jwt.split('.').slice(1)) if (part.length >= 16) this.#known.add(part, tag);
    const parts = readJwtParts(jwt);
    if (parts === null || (!isNew && !isRepeated)) return tag;
    const readable = (value: object): string => this.json(JSON.stringify(value)).replaceAll('"', "'");
    return `${tag} ${readable(parts.header)} ${readable(parts.claims)}`;
  }

  /** Hides what is known everywhere but in what `kept` finds. */
  #hideAround(kept: RegExp, text: string): string {
    let hidden = '';
    let from = 0;
    for (const { index, 0: found } of text.matchAll(kept)) {
      hidden += this.#known.hide(text.slice(from, index)) + found;
      from = index + found.length;
    }
    return hidden + this.#known.hide(text.slice(from));
  }

  #credentials(value: string): string {
    const scheme = /^[A-Za-z][A-Za-z0-9-]* +/.exec(value)?.[0] ?? '';
    const credentials = value.slice(scheme.length);
    if (/^basic/i.test(scheme)) {
      const pair = Buffer.from(credentials, 'base64').toString('utf8');
      const colon = pair.indexOf(':');
      if (colon >= 0) this.tag('client_secret', decode(pair.slice(colon + 1)));
      return `${scheme}${this.tag('credentials', credentials)}`;
    }
    if (readJwtParts(credentials) !== null) return `${scheme}${this.#jwt(credentials, 'access_token')}`;
    return `${scheme}${this.tag(/^bearer/i.test(scheme) ? 'access_token' : 'credentials', credentials)}`;
  }

  /** Attributes follow the first pair of `Set-Cookie` only; whatever else there is may be a secret. */
  #cookies(value: string, isSetCookie: boolean): string {
    const masked = value.split(';').map((cookie, index) => {
      if (isSetCookie && index > 0 && cookieAttribute.test(cookie)) return this.text(cookie);
      const equals = cookie.indexOf('=');
      return `${this.text(cookie.slice(0, equals + 1))}${this.tag('cookie', cookie.slice(equals + 1).trim())}`;
    });
    return masked.join(';');
  }

  #newTag(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `«${kind}#${this.#prefix}${String(count)}»`;
  }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

/** Percent-encoded but for the tags. */
function encodeReadably(value: string): string {
  return value
    .split(/(«[^»]*»)/)
    .map((part) => (part.startsWith('«') ? part : encodeURIComponent(part)))
    .join('');
}

/** A tag holds the fragment's mark too. */
function splitOutsideTags(text: string, mark: string): string[] {
  return text.split(new RegExp(`${mark}(?![^«]*»)`));
}
