import { randomBytes } from 'node:crypto';
import { secretsEqual } from '../oauth/client-authentication.js';
import { controlCookieName, controlCookieValue } from './access-control.js';
import { ControlProblem, problemResponse, secureHeaders } from './problem.js';

const path = '/_mock/session/';
const outstandingLimit = 16;

/** Links that open the dashboard once: each gives the browser a cookie in place of the control token. */
export class DashboardLinks {
  readonly #controlToken: string | null;
  readonly #outstanding: string[] = [];

  constructor(controlToken: string | null) {
    this.#controlToken = controlToken;
  }

  /** A new link below an origin; without a control token the dashboard itself. At most sixteen wait to be opened. */
  mint(origin: string): string {
    if (this.#controlToken === null) return `${origin}/`;
    const oneTime = randomBytes(24).toString('base64url');
    this.#outstanding.push(oneTime);
    if (this.#outstanding.length > outstandingLimit) this.#outstanding.shift();
    return `${origin}${path}${oneTime}`;
  }

  /** Opens a link; null for a request to anywhere else. */
  open(request: Request, secure: boolean): Response | null {
    const { pathname } = new URL(request.url);
    if (request.method !== 'GET' || !pathname.startsWith(path)) return null;
    const typed = pathname.slice(path.length);
    const index = this.#outstanding.findIndex((oneTime) => secretsEqual(oneTime, typed));
    if (index < 0 || this.#controlToken === null) {
      return problemResponse(
        new ControlProblem(404, 'ERR_LINK_SPENT', 'This link was opened already, or never was one.'),
      );
    }
    this.#outstanding.splice(index, 1);
    const value = controlCookieValue(this.#controlToken);
    const cookie = `${controlCookieName}=${value}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
    return new Response(null, { status: 303, headers: { ...secureHeaders, location: '/', 'set-cookie': cookie } });
  }
}
