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
const jwt = /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*/g;
const rememberedTags = 50_000;

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
    if (cookieHeaders.has(lowerName)) return this.#cookies(value);
    if (locationHeaders.has(lowerName)) return this.url(value);
    return this.text(value);
  }

  /** A URL with the secrets of its query, fragment and user part replaced. */
  url(url: string): string {
    const [beforeFragment = '', ...fragments] = url.split('#');
    const [path = '', ...queries] = beforeFragment.split('?');
    const safePath = path.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1«credentials»@');
    const query = queries.length === 0 ? '' : `?${this.form(queries.join('?'))}`;
    const fragment = fragments.length === 0 ? '' : `#${this.form(fragments.join('#'))}`;
    return `${safePath}${query}${fragment}`;
  }

  /** `name=value&…`, form-encoded, with the values of secrets replaced. */
  form(encoded: string): string {
    return encoded
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=');
        if (equals < 0) return this.text(pair);
        const name = pair.slice(0, equals);
        const value = decode(pair.slice(equals + 1));
        const kind = secretNames.get(decode(name).toLowerCase());
        if (kind !== undefined) return `${name}=${this.tag(kind, value)}`;
        const redirect = /^https?:/i.test(value)
          ? encodeURIComponent(this.url(value))
          : this.text(pair.slice(equals + 1));
        return `${name}=${redirect}`;
      })
      .join('&');
  }

  /** A body, read as its content type says. */
  body(contentType: string, body: string): string {
    if (body === '') return '';
    if (contentType.includes('json')) return this.#json(body);
    if (contentType.includes('html')) return this.#html(body);
    if (contentType.includes('x-www-form-urlencoded') || /^[\w.%-]+=/.test(body)) return this.form(body);
    return this.text(body);
  }

  /** Free text: JWTs are replaced wherever they stand. */
  text(text: string): string {
    return text.replace(jwt, (token) => this.tag('jwt', token));
  }

  /** Keeps order and white space: only the string values of secret members change. */
  #json(body: string): string {
    const members = body.replace(
      /"((?:[^"\\]|\\.)*)"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g,
      (whole, name: string, colon: string, value: string) => {
        const kind = secretNames.get(name.toLowerCase());
        return kind === undefined ? whole : `"${name}"${colon}"${this.tag(kind, value)}"`;
      },
    );
    return this.text(members);
  }

  #html(body: string): string {
    return this.text(
      body.replace(
        /(<input[^>]*type="hidden"[^>]*value=")([^"]*)(")/g,
        (_whole, before: string, value: string, after: string) => {
          return `${before}${this.tag('csrf', value)}${after}`;
        },
      ),
    ).replace(/((?:action|href)=")([^"]*\?[^"]*)(")/g, (_whole, before: string, url: string, after: string) => {
      return `${before}${this.url(url.replaceAll('&amp;', '&')).replaceAll('&', '&amp;')}${after}`;
    });
  }

  #cookies(value: string): string {
    const [first = '', ...attributes] = value.split(';');
    const mask = (cookie: string): string => {
      const equals = cookie.indexOf('=');
      if (equals < 0) return cookie;
      const name = cookie.slice(0, equals);
      return /^\s*(path|max-age|expires|samesite|domain)$/i.test(name)
        ? cookie
        : `${name}=${this.tag('cookie', cookie.slice(equals + 1))}`;
    };
    return [mask(first), ...attributes.map(mask)].join(';');
  }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
