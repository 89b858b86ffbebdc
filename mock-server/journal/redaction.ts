/** Parameters, form fields and JSON members whose values are secrets, and what their tags are called. */
const secretNames = new Map<string, string>([
  ['code', 'code'],
  ['access_token', 'access_token'],
  ['refresh_token', 'refresh_token'],
  ['id_token', 'id_token'],
  ['token', 'token'],
  ['client_secret', 'client_secret'],
  ['client_assertion', 'client_assertion'],
  ['assertion', 'assertion'],
  ['code_verifier', 'code_verifier'],
  ['password', 'password'],
  ['sessionid', 'session'],
  ['sessiondata', 'session_data'],
  ['session', 'session'],
  ['csrf', 'csrf'],
  ['cpf', 'cpf'],
  ['sub', 'cpf'],
]);

/** Headers whose values are secrets, whole or in part. */
const credentialHeaders = new Set(['authorization', 'proxy-authorization', 'x-api-key']);
const cookieHeaders = new Set(['cookie', 'set-cookie']);
const locationHeaders = new Set(['location', 'referer', 'origin']);
const cookieAttribute = /^\s*(path|max-age|expires|samesite|domain|httponly|secure|partitioned)\s*(=|$)/i;
const jwt = /\beyJ[A-Za-z0-9_-]{5,2000}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*/g;
/** A member whose value is a string, a number or a list; a string may be cut off by the end of the body. */
const jsonMember =
  /"((?:[^"\\]|\\.){0,100})"(\s*:\s*)(?:"((?:[^"\\]|\\.)*)(?:"|\\?$)|(-?\d[\d.eE+-]*|\[[^\]]*(?:\]|$)))/g;
/** Bounded throughout: what a stranger sends must not keep its reader waiting. */
const hiddenField = /(<input[^<>]{0,300}type="hidden"[^<>]{0,300}value=")([^"]*)("|$)/g;
/** What a bank's page shows and marks as a secret: a test user's password. */
const shownSecret = /(<code class="secret">)([^<]{0,300})(<|$)/g;
const formPart =
  /(name=(?:"([^"\r\n]{1,100})"|([^\s";]{1,100}))(?=[;\r\n])[^\r\n]{0,300}(?:\r?\n[^\r\n]{1,300}){0,5}\r?\n\r?\n)([\s\S]*?)(?=\r?\n--|$)/g;

const rememberedTags = 50_000;
/** How many addresses within addresses are looked into; deeper ones are hidden whole. */
const deepestAddress = 3;

/** What a value of that name is a secret of; `code[]`, `Code` and `x-code` are `code` too. */
function kindOf(name: string): string | undefined {
  const plain = name.trim().toLowerCase().replace(/\[.*$/s, '').replace(/^x-/, '').replaceAll('-', '_');
  return secretNames.get(plain);
}

/**
 * Replaces secrets by tags such as `«refresh_token#3»`. Equal values get equal tags for as long as the redactor
 * lives, so that what happened to one token can be followed without ever showing it.
 */
export class Redactor {
  readonly #tags = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** The tag of a secret. */
  tag(kind: string, value: string): string {
    if (value === '') return '';
    const known = this.#tags.get(value);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const tag = `«${kind}#${String(count)}»`;
    if (this.#tags.size >= rememberedTags) {
      const oldest = this.#tags.keys().next();
      if (oldest.done !== true) this.#tags.delete(oldest.value);
    }
    this.#tags.set(value, tag);
    return tag;
  }

  header(name: string, value: string): string {
    const lowerName = name.toLowerCase();
    if (credentialHeaders.has(lowerName)) {
      const scheme = /^(basic|bearer) +/i.exec(value)?.[0] ?? '';
      return `${scheme}${this.tag(scheme.toLowerCase().startsWith('bearer') ? 'access_token' : 'credentials', value.slice(scheme.length))}`;
    }
    if (cookieHeaders.has(lowerName)) return this.#cookies(value, lowerName === 'set-cookie');
    if (locationHeaders.has(lowerName)) return this.url(value);
    const kind = kindOf(lowerName);
    return kind === undefined ? this.text(value) : this.tag(kind, value);
  }

  /** A URL with the secrets of its query, fragment and user part replaced. */
  url(url: string, depth = 0): string {
    const [beforeFragment = '', ...fragments] = url.split('#');
    const [path = '', ...queries] = beforeFragment.split('?');
    const safePath = path.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1«credentials»@');
    const query = queries.length === 0 ? '' : `?${this.form(queries.join('?'), depth)}`;
    const fragment = fragments.length === 0 ? '' : `#${this.form(fragments.join('#'), depth)}`;
    return `${safePath}${query}${fragment}`;
  }

  /** `name=value&…`, form-encoded, with the values of secrets replaced. */
  form(encoded: string, depth = 0): string {
    return encoded
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=');
        if (equals < 0) return this.text(pair);
        const name = pair.slice(0, equals);
        const value = decode(pair.slice(equals + 1));
        const kind = kindOf(decode(name));
        if (kind !== undefined) return `${name}=${this.tag(kind, value)}`;
        const isAddress = /^https?:|[?#]/i.test(value);
        if (isAddress && depth >= deepestAddress) return `${name}=${this.tag('value', value)}`;
        const safe = isAddress ? this.url(value, depth + 1) : value;
        return `${name}=${safe === value ? this.text(pair.slice(equals + 1)) : encodeURIComponent(safe)}`;
      })
      .join('&');
  }

  /** A body, read as what it looks like before what its content type says: clients mistake one for the other. */
  body(contentType: string, body: string): string {
    if (body === '') return '';
    if (/multipart\//i.test(contentType)) return this.#multipart(body);
    if (/^\s*[[{]/.test(body)) return this.#json(body);
    if (/html/i.test(contentType) || /^\s*</.test(body)) return this.#html(body);
    if (/x-www-form-urlencoded/i.test(contentType) || /^[^\s=&]+=/.test(body)) return this.form(body);
    return this.#json(body);
  }

  /** Free text: JWTs are replaced wherever they stand. */
  text(text: string): string {
    return text.replace(jwt, (token) => this.tag('jwt', token));
  }

  /** Keeps order and white space: only the values of secret members change. */
  #json(body: string): string {
    const members = body.replace(
      jsonMember,
      (whole, name: string, colon: string, text: string | undefined, other: string | undefined) => {
        const kind = kindOf(unescapeJson(name));
        if (kind === undefined) return whole;
        return `"${name}"${colon}"${this.tag(kind, text === undefined ? (other ?? '') : unescapeJson(text))}"`;
      },
    );
    return this.text(members);
  }

  #html(body: string): string {
    const tagged =
      (kind: string) =>
      (_whole: string, before: string, value: string, after: string): string =>
        `${before}${this.tag(kind, value)}${after}`;
    return this.text(body.replace(hiddenField, tagged('csrf')).replace(shownSecret, tagged('password'))).replace(
      /((?:action|href)=")([^"]*\?[^"]*)("|$)/g,
      (_whole, before: string, url: string, after: string) => {
        return `${before}${this.url(url.replaceAll('&amp;', '&')).replaceAll('&', '&amp;')}${after}`;
      },
    );
  }

  #multipart(body: string): string {
    const parts = body.replace(
      formPart,
      (whole, head: string, quoted: string | undefined, bare: string | undefined, value: string) => {
        const kind = kindOf(quoted ?? bare ?? '');
        return kind === undefined ? whole : `${head}${this.tag(kind, value)}`;
      },
    );
    return this.text(parts);
  }

  /** Attributes follow the first pair of `Set-Cookie` only; whatever else there is may be a secret. */
  #cookies(value: string, isSetCookie: boolean): string {
    const masked = value.split(';').map((cookie, index) => {
      if (isSetCookie && index > 0 && cookieAttribute.test(cookie)) return cookie;
      const equals = cookie.indexOf('=');
      return `${cookie.slice(0, equals + 1)}${this.tag('cookie', cookie.slice(equals + 1).trim())}`;
    });
    return masked.join(';');
  }
}

function unescapeJson(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
