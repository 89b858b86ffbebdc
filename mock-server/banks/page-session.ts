import { createHash } from 'node:crypto';
import { secretsEqual } from '../oauth/client-authentication.js';
import { RequestParameters } from '../oauth/request-parameters.js';
import { randomBase64url } from '../tenants/random-source.js';
import type { LoginSession } from '../tenants/login-session.js';
import type { Exchange } from './exchange.js';
import { bankOf } from './bank-of-exchange.js';
import { findSession } from './login-flow.js';
import type { LoginEnd } from './login-flow.js';
import { chooseLanguage } from './page.js';
import type { Language } from './page.js';

/** The query parameter in which a login session travels: another user agent may open the address. */
export const sessionParameter = 'sessionID';

/** A page of a login session, opened or sent back by a browser. */
export interface PageVisit {
  readonly session: LoginSession;
  readonly language: Language;
  /** The hidden field that forms of this page carry. */
  readonly csrf: string;
  /** Sets the cookie that the hidden field belongs to; empty when the browser has it. */
  readonly cookie: readonly (readonly [string, string])[];
}

/** A form that a browser sent back. */
export interface PageSubmission extends PageVisit {
  readonly form: RequestParameters;
}

const cookieValue = /^[A-Za-z0-9_-]{22}$/;

/** Opens a page of a login session, giving the browser a cookie where it has none. */
export function visitPage(exchange: Exchange): PageVisit | LoginEnd {
  const query = new RequestParameters(exchange.query);
  const session = findSession(exchange.tenant, exchange.bank, query.get(sessionParameter));
  if ('kind' in session) return session.kind === 'end' ? session.why : 'unknown-session';
  exchange.facts.clientId = session.clientId;
  if (session.username !== null) exchange.facts.username = session.username;
  const known = readCookie(exchange);
  const cookie = known ?? randomBase64url(exchange.tenant.random, 16);
  return {
    session,
    language: chooseLanguage(exchange.headers.get('accept-language'), query.get('lang')),
    csrf: csrfOf(cookie, session),
    cookie: known === null ? [['set-cookie', cookieHeader(exchange, cookie)]] : [],
  };
}

/** Whether a form carries the hidden field that belongs to this browser's cookie (RFC 6749 section 10.12). */
export function isOwnForm(exchange: Exchange, session: LoginSession, form: RequestParameters): boolean {
  const cookie = readCookie(exchange);
  const csrf = form.get('csrf');
  return cookie !== null && csrf !== undefined && secretsEqual(csrfOf(cookie, session), csrf);
}

/** Reads a form of a login session. One that the bank's pages do not know as their own is nobody's. */
export function submitPage(exchange: Exchange): PageSubmission | LoginEnd | 'forged' {
  const visit = visitPage(exchange);
  if (typeof visit === 'string') return visit;
  const form = new RequestParameters(exchange.body);
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(exchange.headers.get('content-type') ?? '');
  if (!isForm || form.malformed || form.hasRepeated) return 'forged';
  return bankOf(exchange).pages.isOwnForm(exchange, visit.session, form) ? { ...visit, form } : 'forged';
}

/** The language that the reader chose by a link; undefined where they chose none. */
export function chosenLanguage({ query }: Exchange): Language | undefined {
  const chosen = new RequestParameters(query).get('lang');
  return chosen === 'en' || chosen === 'pt' ? chosen : undefined;
}

/** The address of the page that answers, in a language; null where it answers a form, which no link sends again. */
export function ownUrl({ method, pageBase, path, query }: Exchange, language: Language): string | null {
  if (method !== 'GET') return null;
  const kept = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('lang='));
  return `${pageBase}${path}?${[...kept, `lang=${language}`].join('&')}`;
}

/** The address of a page of this session. */
export function pageUrl(exchange: Exchange, path: string, session: LoginSession, language?: Language): string {
  const action = path.endsWith('/login') ? 'action=display&' : '';
  return `${exchange.pageBase}${path}?${action}${sessionParameter}=${session.id}${language === undefined ? '' : `&lang=${language}`}`;
}

function csrfOf(cookie: string, session: LoginSession): string {
  return createHash('sha256').update(`${cookie}\n${session.csrfToken}`).digest('base64url');
}

function cookieName(exchange: Exchange): string {
  return `homologa_${exchange.bank}`;
}

function cookieHeader(exchange: Exchange, value: string): string {
  const base = new URL(exchange.pageBase);
  const secure = base.protocol === 'https:' ? '; Secure' : '';
  return `${cookieName(exchange)}=${value}; Path=${base.pathname === '/' ? '/' : `${base.pathname}/`}; HttpOnly; SameSite=Lax${secure}`;
}

function readCookie(exchange: Exchange): string | null {
  const header = exchange.headers.get('cookie') ?? '';
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== cookieName(exchange)) continue;
    const value = pair.slice(equals + 1).trim();
    if (cookieValue.test(value)) return value;
  }
  return null;
}
