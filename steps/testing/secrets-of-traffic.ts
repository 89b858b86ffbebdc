import type { HttpTransport } from '../../client/http-transport.js';
import { parseJson } from '../token-answer.js';

const secretMembers = [
  'access_token',
  'refresh_token',
  'id_token',
  'code',
  'client_secret',
  'password',
  'code_verifier',
];

/** Notes every secret that passes through a transport: in headers, forms, JSON answers and redirects. */
export function notingSecrets(transport: HttpTransport, secrets: Set<string>): HttpTransport {
  const note = (value: string | null): void => {
    // A second factor has six digits, which any timestamp may hold.
    if (value !== null && value.length > 12) secrets.add(value);
  };
  const noteForm = (form: URLSearchParams): void => {
    for (const name of secretMembers) note(form.get(name));
  };
  return async (request) => {
    const authorization = request.headers.get('authorization') ?? '';
    const credentials = authorization.replace(/^\w+ /, '');
    note(credentials);
    const basic = Buffer.from(credentials, 'base64').toString('utf8');
    if (authorization.startsWith('Basic ') && basic.includes(':')) note(basic.slice(basic.indexOf(':') + 1));
    if (request.method === 'POST') noteForm(new URLSearchParams(await request.clone().text()));
    const response = await transport(request);
    const location = response.headers.get('location');
    if (location !== null) noteForm(new URL(location, request.url).searchParams);
    const json = parseJson(await response.clone().text());
    if (typeof json === 'object' && json !== null) {
      for (const [name, value] of Object.entries(json)) {
        if (secretMembers.includes(name) && typeof value === 'string') note(value);
      }
    }
    return response;
  };
}
