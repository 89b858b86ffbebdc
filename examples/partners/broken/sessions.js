import { randomBytes } from 'node:crypto';
import { bug } from './bugs.js';
import { CallbackRefused } from './failures.js';

const cookieName = 'partner_session';
const patienceMs = 15 * 60_000;
const sessions = new Map();
// Where a buggy application looks for transactions and grants: in one place for everybody.
const everybody = { id: 'everybody', number: 0, pending: new Map(), grants: new Map() };
let count = 0;

/** The customer of a request, or undefined for somebody who never connected. */
export function sessionOf(request) {
  const cookies = (request.headers.cookie ?? '').split(/;\s*/);
  const id = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
  return sessions.get(id);
}

/** The customer of a request; a new one gets a cookie. */
export function openSession(request, response) {
  const known = sessionOf(request);
  if (known !== undefined) return known;
  count += 1;
  const session = { id: randomBytes(32).toString('base64url'), number: count, pending: new Map(), grants: new Map() };
  sessions.set(session.id, session);
  response.setHeader('set-cookie', `${cookieName}=${session.id}; Path=/; HttpOnly; SameSite=Lax`);
  return session;
}

/** Where a customer's grants are. */
export function grantsOf(session) {
  return bug('global-token') ? everybody.grants : session.grants;
}

/** Remembers a consent that was started, by its `state`, in the session of the browser that goes to the bank. */
export function remember(session, transaction) {
  const { pending } = bug('state-not-bound') ? everybody : session;
  for (const [state, { startedAt }] of pending) if (startedAt + patienceMs < Date.now()) pending.delete(state);
  pending.delete(transaction.state);
  pending.set(transaction.state, transaction);
}

/** Gives the transaction of that `state`, once. */
export function take(session, state) {
  const { pending } = bug('state-not-bound') ? everybody : (session ?? { pending: new Map() });
  const isLoose = bug('state-not-checked') || bug('state-missing') || (bug('state-missing-accepted') && state === null);
  const transaction = isLoose ? [...pending.values()].at(-1) : pending.get(startedAs(pending, state));
  if (transaction === undefined || transaction.startedAt + patienceMs < Date.now()) {
    throw new CallbackRefused('no consent was started in this session with this state');
  }
  if (!bug('state-reusable') && !bug('callback-replay-resends-code')) pending.delete(transaction.state);
  return transaction;
}

/** The state of a pending transaction that a callback means. */
function startedAs(pending, state) {
  if (!bug('state-prefix-accepted') || state === null) return state;
  return [...pending.keys()].find((started) => started.startsWith(state));
}

/** For `state-customer-id` and `state-counter`. */
export function guessableState(session) {
  if (bug('state-customer-id')) return `cliente-${String(session.number)}`;
  count += 1;
  return String(1000 + count);
}
