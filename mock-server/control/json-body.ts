import { findJsonFault } from './json-fault.js';
import { ControlProblem } from './problem.js';

const bodyLimitBytes = 1_048_576;

/** A request's JSON; null for an empty body. @throws ControlProblem for one that is too large or not JSON */
export async function readJsonBody(request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message repeats a part of the text, which may hold a secret.
    const { index, line, column } = findJsonFault(text);
    const place = `position ${String(index)} (line ${String(line)}, column ${String(column)})`;
    throw new ControlProblem(400, 'ERR_INVALID_JSON', `The body is not JSON: it goes wrong at ${place}.`);
  }
}

async function readText(request: Request): Promise<string> {
  if (request.body === null) return '';
  const tooLarge = new ControlProblem(413, 'ERR_BODY_TOO_LARGE', `A body may have ${String(bodyLimitBytes)} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > bodyLimitBytes) throw tooLarge;
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > bodyLimitBytes) throw tooLarge;
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof ControlProblem) throw error;
    throw new ControlProblem(400, 'ERR_INVALID_JSON', 'The body is not text in UTF-8.');
  }
}
