import type { BankId } from '../../banks/bank-id.js';
import type { Endpoint } from '../../banks/exchange.js';
import { readBearerToken } from '../../oauth/bearer-check.js';
import { readClientCredentials } from '../../oauth/client-authentication.js';
import type { ClientCredentials } from '../../oauth/client-authentication.js';
import { RequestParameters } from '../../oauth/request-parameters.js';
import type { Environment } from '../../tenants/settings.js';
import { readRedirect, readTokenAnswer } from './seen-answer.js';
import type { SeenRedirect, SeenTokens } from './seen-answer.js';
import { bareValue, encodeTags } from './masked.js';

/** A request and its answer as they were recorded, here or elsewhere. */
export interface ExchangeParts {
  readonly entry: number;
  readonly bank: BankId;
  readonly endpoint: Endpoint;
  readonly receivedAtMs: number;
  readonly answeredAtMs: number;
  /** The newest entry that had been answered when this request came in; null where only the times tell. */
  readonly arrivedAfter: number | null;
  readonly environment: Environment | null;
  readonly method: string;
  readonly url: string;
  /** A request header; null where it is absent. */
  readonly header: (name: string) => string | null;
  readonly body: string;
  /** 0 where no answer came. */
  readonly status: number;
  readonly answerHeader: (name: string) => string | null;
  readonly answerBody: string;
  readonly answerArrived: boolean;
  /** Set where the mock was told to misbehave. */
  readonly isFaulted: boolean;
  /** What only the bank knows; null where it was recorded elsewhere. */
  readonly outcome: string | null;
  readonly clientId: string | null;
  readonly grantId: string | null;
}

/** An exchange as the rules see it. Values are as they were sent, or tags that stand for them. */
export interface SeenExchange extends Omit<ExchangeParts, 'answerBody' | 'answerHeader' | 'clientId'> {
  readonly query: RequestParameters;
  /** Null where the body is no form. */
  readonly form: RequestParameters | null;
  /** Parameters of an authorization request, wherever it has them. */
  readonly parameters: RequestParameters;
  readonly isJson: boolean;
  readonly credentials: ClientCredentials | { readonly kind: 'masked' };
  /** The decoded text of a Basic header, before each half is form-decoded. */
  readonly basicText: string | null;
  readonly clientId: string | null;
  /** The client, or the tag of its credentials: equal for equal clients of a bank. Null where nothing says who it is. */
  readonly clientKey: string | null;
  readonly grantType: string | undefined;
  readonly bearer: string | null;
  /** Tokens that the client got. */
  readonly tokens: SeenTokens | null;
  /** Where the answer sends the user, when it is the client's redirect URI. */
  readonly redirect: SeenRedirect | null;
  /** Where else the answer leads. */
  readonly location: string | null;
  /** The OAuth error code of the answer, in its JSON or on its redirect. */
  readonly error: string | null;
  /** Seconds that a Retry-After asks to wait. */
  readonly retryAfterSeconds: number | null;
}

/** Reads an exchange for the rules. Never throws, whatever was sent. */
export function seeExchange(parts: ExchangeParts): SeenExchange {
  const { answerBody, answerHeader, clientId: knownClientId, ...rest } = parts;
  const url = encodeTags(parts.url);
  const queryStart = url.indexOf('?');
  const fragment = url.indexOf('#');
  const end = fragment < 0 ? url.length : fragment;
  const query = new RequestParameters(queryStart < 0 || queryStart > end ? '' : url.slice(queryStart + 1, end));
  const isJson = /^\s*[[{]/.test(parts.body);
  const isForm = !isJson && /^[^\s=&]{1,100}=/.test(parts.body);
  const form = isForm ? new RequestParameters(parts.body) : null;
  const isAuthorization = parts.endpoint === 'authorize';
  const parameters = isAuthorization && parts.method === 'POST' ? (form ?? query) : query;
  const authorization = parts.header('authorization');
  const identifying = isAuthorization ? parameters : (form ?? new RequestParameters(''));
  const credentials = readCredentials(authorization, identifying);
  const clientId = knownClientId ?? ('id' in credentials ? credentials.id : null);
  const tokens = parts.endpoint === 'token' && parts.answerArrived ? readTokenAnswer(parts.status, answerBody) : null;
  const location = answerHeader('location');
  const redirect = location === null || !parts.answerArrived ? null : readRedirect(parts.endpoint, location);
  return {
    ...rest,
    url,
    query,
    form,
    parameters,
    isJson,
    credentials,
    basicText: readBasicText(authorization),
    clientId,
    clientKey: clientId ?? (credentials.kind === 'masked' ? (authorization?.trim() ?? null) : null),
    grantType: form?.get('grant_type'),
    bearer: parts.endpoint === 'api' ? readBearer(authorization) : null,
    tokens,
    redirect,
    location: redirect === null ? location : null,
    error: redirect?.error ?? readError(parts.endpoint, parts.status, answerBody),
    retryAfterSeconds: readRetryAfter(answerHeader('retry-after')),
  };
}

/**
 * Whether the sender of an exchange could have read the answer of an earlier one. Two that were under way at once are
 * a race, and prove nothing about what their sender learned.
 */
export function couldKnow(later: SeenExchange, earlier: SeenExchange): boolean {
  if (!earlier.answerArrived) return false;
  if (later.arrivedAfter !== null) return earlier.entry <= later.arrivedAfter;
  // Recordings cut the start to whole milliseconds and not the duration: what is that close came one after the other.
  return earlier.answeredAtMs < later.receivedAtMs + 1;
}

function readCredentials(authorization: string | null, parameters: RequestParameters): SeenExchange['credentials'] {
  if (authorization !== null && /^basic +«/i.test(authorization)) return { kind: 'masked' };
  if (authorization !== null && !/^basic\b/i.test(authorization)) return readClientCredentials(undefined, parameters);
  return readClientCredentials(authorization ?? undefined, parameters);
}

function readBasicText(authorization: string | null): string | null {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}

function readBearer(authorization: string | null): string | null {
  if (authorization === null) return null;
  const sent = /^bearer +(«.*)$/is.exec(authorization)?.[1];
  return sent === undefined ? readBearerToken(authorization) : bareValue(sent);
}

function readError(endpoint: Endpoint, status: number, body: string): string | null {
  if ((endpoint !== 'token' && endpoint !== 'revoke' && endpoint !== 'api') || status < 400) return null;
  return /"error"\s*:\s*"([a-z_]{1,60})"/.exec(body.slice(0, 2000))?.[1] ?? null;
}

/** The form of seconds; a date would have to be read on the client's clock. */
function readRetryAfter(value: string | null): number | null {
  return value !== null && /^\d{1,7}$/.test(value) ? Number(value) : null;
}
