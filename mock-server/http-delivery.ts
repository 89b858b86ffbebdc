import type { Delivery } from './faults/fault-seam.js';

const bodyless = new Set([101, 204, 205, 304]);

/** Whether answers of that status have no body. */
export function isBodyless(status: number): boolean {
  return bodyless.has(status);
}

/** A delivery as a response, for answers that are sent whole. */
export function toResponse({ answer }: Delivery): Response {
  const headers = new Headers();
  for (const [name, value] of answer.headers) headers.append(name, value);
  const empty = isBodyless(answer.status) || answer.body === '';
  // Without it Node would announce the empty body as chunked.
  if (empty && !isBodyless(answer.status)) headers.set('content-length', '0');
  return new Response(empty ? null : answer.body, { status: answer.status, headers });
}

/** What a client in the same process sees of a connection that is reset: what `fetch` throws. */
export function connectionReset(): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) });
}

/** The part of a body that arrives before the reset. */
export function firstHalf(body: string): string {
  return body.slice(0, Math.ceil(body.length / 2));
}

/** The length that is announced for a body that will be cut off; at least one byte, or nothing would be missing. */
export function announcedLength(body: string): string {
  return String(Math.max(1, Buffer.byteLength(body)));
}

/** A delivery as a client in the same process sees it. @throws TypeError as `fetch` does on a reset connection */
export function toInProcessResponse(delivery: Delivery): Response {
  if (delivery.transport === 'reset-before') throw connectionReset();
  if (delivery.transport === 'complete') return toResponse(delivery);
  const { answer } = delivery;
  const part = new TextEncoder().encode(firstHalf(answer.body));
  let sent = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        // Not both at once: an error takes what is still queued with it.
        if (sent || part.byteLength === 0) controller.error(connectionReset());
        else controller.enqueue(part);
        sent = true;
      },
    },
    { highWaterMark: 0 },
  );
  const headers = new Headers(answer.headers.map(([name, value]): [string, string] => [name, value]));
  headers.set('content-length', announcedLength(answer.body));
  return new Response(isBodyless(answer.status) ? null : body, { status: answer.status, headers });
}
