import { RequestParameters } from '../../oauth/request-parameters.js';
import type { Exchange } from '../exchange.js';

/** The parameters of a form body; null when the body is of another type. */
export function readFormBody(exchange: Exchange): RequestParameters | null {
  const contentType = exchange.headers.get('content-type') ?? '';
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType) ? new RequestParameters(exchange.body) : null;
}
