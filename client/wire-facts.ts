/** How an answer came over the connection, which a `Response` does not keep. */
export interface WireFacts {
  /** Names as the bank writes them and in its order; a name that came twice is there twice. */
  readonly headerNames: readonly string[];
  /** Null without TLS, or where the connection is not this transport's own. */
  readonly tls: TlsFacts | null;
}

/** What was agreed on when the connection was opened. */
export interface TlsFacts {
  /** The name that was asked for (SNI, RFC 6066 section 3); null where the host is an address. */
  readonly serverName: string | null;
  /** Such as `TLSv1.3`. */
  readonly protocol: string | null;
}

const known = new WeakMap<Response, WireFacts>();

/** Notes how an answer came, for whoever records it. */
export function noteWireFacts(response: Response, facts: WireFacts): void {
  known.set(response, facts);
}

/** How an answer came; undefined where its transport does not show it, as in the process. */
export function wireFactsOf(response: Response): WireFacts | undefined {
  return known.get(response);
}
