import { createHash } from 'node:crypto';
import { problemResponse } from '../control/problem.js';
import { loadDashboardBundle } from './dashboard-bundle.js';

/** A picture of two letters, so that a browser asks for none. */
const icon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E' +
  '%3Crect width=%2216%22 height=%2216%22 rx=%224%22 fill=%22%230f766e%22/%3E' +
  '%3Cpath d=%22M5 3.5v9M5 8.4c.6-1.2 1.5-1.9 2.9-1.9 1.9 0 3.1 1.2 3.1 3v3%22 fill=%22none%22 stroke=%22%23fff%22 stroke-width=%221.8%22 stroke-linecap=%22round%22/%3E%3C/svg%3E';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>homologa</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/dashboard/dashboard.css">
</head>
<body>
<div id="app"></div>
<noscript><p class="noscript">The dashboard needs JavaScript. Everything in it is in the control API too:
<a href="/_mock/openapi.json">OpenAPI</a>.</p></noscript>
<script type="module" src="/dashboard/dashboard.js"></script>
</body>
</html>
`;

/** Everything is of this origin: no script or style stands in the page, and nothing may be asked of others. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/**
 * Answers `/` and the two files that it asks for. Who may call was judged before. The page itself holds nothing: its
 * script asks the control API, under the same rules.
 */
export async function answerDashboard(request: Request): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { ...headers, allow: 'GET, HEAD' } });
  }
  const { pathname } = new URL(request.url);
  if (pathname === '/') return answer(request, 'text/html; charset=utf-8', page);
  try {
    const { script, style } = await loadDashboardBundle();
    if (pathname === '/dashboard/dashboard.js') return answer(request, 'text/javascript; charset=utf-8', script);
    if (pathname === '/dashboard/dashboard.css') return answer(request, 'text/css; charset=utf-8', style);
    return new Response(null, { status: 404, headers });
  } catch (error) {
    return problemResponse(error);
  }
}

/** A refusal as a page, for a person who has no token in their browser yet; for a program it stays what it is. */
export async function refuseDashboard(request: Request, refusal: Response): Promise<Response> {
  if (!/\btext\/html\b/.test(request.headers.get('accept') ?? '')) return refusal;
  const { detail } = (await refusal.json()) as { readonly detail: string };
  const advice =
    refusal.status === 401
      ? 'homologa serve prints a link that opens the dashboard once in a browser and lets it in from then on.'
      : 'This keeps other machines and other sites away from what the mock holds.';
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>homologa</title></head><body><h1>homologa</h1><p>${detail}</p><p>${advice}</p></body></html>`;
  const answered = new Headers(refusal.headers);
  for (const [name, value] of Object.entries(headers)) answered.set(name, value);
  answered.set('content-type', 'text/html; charset=utf-8');
  return new Response(body, { status: refusal.status, headers: answered });
}

/** A browser asks whether what it has is still right: another version may answer at the same port. */
function answer(request: Request, type: string, text: string): Response {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  const cached = { ...headers, 'cache-control': 'no-cache', etag };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: cached });
  return new Response(text, { headers: { ...cached, 'content-type': type } });
}
