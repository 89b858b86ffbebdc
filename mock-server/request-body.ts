/** The largest body that a bank reads: no form of OAuth comes near it. */
export const bodyLimitBytes = 65_536;
/** The most that is read of a larger one, only to let its sender finish: cut off, the connection would be lost. */
const discardLimitBytes = 16 * 1024 * 1024;

/** A request's body; `tooLarge` when it is more than a bank reads, and then nothing of it is kept. */
export interface RequestBody {
  readonly text: string;
  readonly tooLarge: boolean;
}

/** Reads the body of a request of `fetch`. */
export async function readBody(request: Request): Promise<RequestBody> {
  if (request.method === 'GET' || request.method === 'HEAD') return { text: '', tooLarge: false };
  const declared = request.headers.get('content-length');
  // `request.body` is not asked for before: it makes the listener build a whole Request with its stream, which took two
  // thirds of a token request's time.
  if (declared !== null && Number(declared) <= bodyLimitBytes) return { text: await request.text(), tooLarge: false };
  if (request.body === null) return { text: '', tooLarge: false };
  const decoder = new TextDecoder();
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done && size <= bodyLimitBytes) return { text: text + decoder.decode(), tooLarge: false };
    if (done) return { text: '', tooLarge: true };
    size += value.byteLength;
    if (size > discardLimitBytes) return { text: '', tooLarge: true };
    if (size <= bodyLimitBytes) text += decoder.decode(value, { stream: true });
  }
}
