import type { HttpTransport } from '../client/http-transport.js';

/** One exchange, without anything secret: no query, no header, no body. */
export interface LoggedExchange {
  readonly method: string;
  readonly address: string;
  /** Null where no answer came. */
  readonly status: number | null;
}

/** The exchanges of one scenario, in the order in which they were answered. */
export interface ExchangeLog {
  readonly exchanges: readonly LoggedExchange[];
  /** A transport whose exchanges are noted here. */
  observe(this: void, transport: HttpTransport): HttpTransport;
}

/** An empty log; once `signal` is aborted, nothing is sent any more. */
export function createExchangeLog(signal: AbortSignal): ExchangeLog {
  const exchanges: LoggedExchange[] = [];
  return {
    exchanges,
    observe: (transport) => async (request) => {
      const { origin, pathname } = new URL(request.url);
      const note = (status: number | null): void => {
        exchanges.push({ method: request.method, address: `${origin}${pathname}`, status });
      };
      try {
        signal.throwIfAborted();
        const response = await transport(request);
        note(response.status);
        return response;
      } catch (error) {
        note(null);
        throw error;
      }
    },
  };
}

/** The log as text, one exchange a line. */
export function formatExchanges(exchanges: readonly LoggedExchange[]): string {
  return exchanges
    .map(({ method, address, status }) => `${method} ${address} → ${status === null ? 'no answer' : String(status)}`)
    .join('\n');
}
