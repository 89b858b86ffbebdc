import { createHmac } from 'node:crypto';
import { secretsEqual } from '../oauth/client-authentication.js';
import { ControlProblem, problemResponse } from './problem.js';

/** Who sends a request to the control API or the dashboard. */
export type Caller = { readonly kind: 'in-process' } | { readonly kind: 'socket'; readonly address: string | null };

/** The cookie that a one-time dashboard link sets. */
export const controlCookieName = 'homologa_control';

const forwardedHeaders = /^(forwarded|via|x-forwarded-.*)$/;
const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Judges a request to the control API or the dashboard; null lets it in. Without a control token only loopback is let
 * in, by peer and by `Host` (so that no name of another site leads here) and past no proxy; with one, only who shows
 * it. Changes are refused to pages of other origins in either case. `ownOrigins` are what the server calls itself
 * besides the request's own origin.
 */
export function judgeAccess(
  request: Request,
  caller: Caller,
  controlToken: string | null,
  ownOrigins: readonly string[] = [],
): Response | null {
  const refusal =
    (caller.kind === 'socket' ? judgeCaller(request, caller.address, controlToken) : null) ??
    (readingMethods.has(request.method) ? null : judgeMutation(request, caller, ownOrigins));
  if (refusal === null) return null;
  return problemResponse(refusal, refusal.status === 401 ? { 'www-authenticate': 'Bearer realm="homologa"' } : {});
}

/** What the cookie holds for this control token. */
export function controlCookieValue(controlToken: string): string {
  return createHmac('sha256', controlToken).update('homologa dashboard').digest('base64url');
}

function judgeCaller(request: Request, address: string | null, controlToken: string | null): ControlProblem | null {
  if (controlToken !== null) {
    return showsToken(request, controlToken)
      ? null
      : new ControlProblem(
          401,
          'ERR_CONTROL_TOKEN',
          'Send the control token as Authorization: Bearer, or open a dashboard link.',
        );
  }
  const forbid = (code: string, detail: string): ControlProblem =>
    new ControlProblem(403, code, `${detail} Set HOMOLOGA_CONTROL_TOKEN to reach it from elsewhere.`);
  if (!isLoopbackAddress(address))
    return forbid('ERR_NOT_LOOPBACK', 'Without a control token only this machine is let in.');
  if (!isLoopbackHost(hostOf(request))) {
    return forbid('ERR_NOT_LOOPBACK', 'Without a control token the Host must be a loopback address.');
  }
  if ([...request.headers.keys()].some((name) => forwardedHeaders.test(name))) {
    return forbid('ERR_FORWARDED', 'Without a control token nothing that a proxy forwards is let in.');
  }
  return null;
}

function showsToken(request: Request, controlToken: string): boolean {
  const bearer = /^bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer !== undefined && secretsEqual(controlToken, bearer)) return true;
  const expected = controlCookieValue(controlToken);
  return (request.headers.get('cookie') ?? '').split(';').some((pair) => {
    const [name, value = ''] = pair.trim().split('=');
    return name === controlCookieName && secretsEqual(expected, value);
  });
}

function judgeMutation(request: Request, caller: Caller, ownOrigins: readonly string[]): ControlProblem | null {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const own = [new URL(request.url).origin, ...ownOrigins];
  if ((origin !== null && !own.includes(origin)) || site === 'cross-site' || site === 'same-site') {
    return new ControlProblem(403, 'ERR_FOREIGN_ORIGIN', 'Pages of other origins change nothing here.');
  }
  if (request.method === 'DELETE' && !hasBody(request, caller)) return null;
  if (/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) return null;
  return new ControlProblem(415, 'ERR_CONTENT_TYPE', 'Send Content-Type: application/json.');
}

/** By its headers where it came over a socket: servers give every request a stream. */
function hasBody({ headers, body }: Request, caller: Caller): boolean {
  if (caller.kind === 'in-process') return body !== null;
  return headers.has('transfer-encoding') || (headers.get('content-length') ?? '0') !== '0';
}

function hostOf(request: Request): string {
  return request.headers.get('host') ?? new URL(request.url).host;
}

function isLoopbackHost(host: string): boolean {
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || isLoopbackV4(name);
}

function isLoopbackAddress(address: string | null): boolean {
  if (address === null) return false;
  return address === '::1' || isLoopbackV4(address.replace(/^::ffff:/i, ''));
}

function isLoopbackV4(address: string): boolean {
  const parts = address.split('.');
  return (
    parts.length === 4 && parts[0] === '127' && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
  );
}
