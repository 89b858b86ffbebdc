import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ScenarioBank } from '../../reports/scenario-tags.js';

/** An answer on its way through a proxy. */
export interface PassingAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What a proxy does to an answer; `request` is its path and its form. */
export type Interference = (
  answer: PassingAnswer,
  request: { readonly path: string; readonly form: URLSearchParams },
) => PassingAnswer | Promise<PassingAnswer>;

const redirectUri = 'http://127.0.0.1:8765/callback';

/** The client's redirect URI in target files. */
export const targetRedirectUri = redirectUri;

/** A small proxy before a mock, for scenarios that reach it by its address. */
export async function startProxy(
  upstream: string,
  interfere: Interference,
): Promise<{ readonly url: string; isBusy(): boolean; close(): void }> {
  let underWay = 0;
  const server = createServer((incoming, outgoing) => {
    underWay += 1;
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      const sent = Buffer.concat(chunks).toString('utf8');
      const headers = new Headers();
      for (const [name, value] of Object.entries(incoming.headers)) {
        if (typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name))
          headers.set(name, value);
      }
      const path = incoming.url ?? '/';
      const method = incoming.method ?? 'GET';
      const init = { method, headers, redirect: 'manual' as const, ...(method === 'POST' ? { body: sent } : {}) };
      const response = await fetch(`${upstream}${path}`, init);
      const answer = { status: response.status, headers: response.headers, body: await response.text() };
      const passed = await interfere(atProxy(answer, upstream, `http://${incoming.headers.host ?? ''}`), {
        path,
        form: new URLSearchParams(sent),
      });
      const given: Record<string, string | string[]> = {};
      passed.headers.forEach((value, name) => {
        if (!['content-length', 'transfer-encoding', 'connection', 'set-cookie'].includes(name)) given[name] = value;
      });
      const cookies = passed.headers.getSetCookie();
      if (cookies.length > 0) given['set-cookie'] = cookies;
      outgoing.writeHead(passed.status, given).end(passed.body);
    })()
      .catch(() => outgoing.destroy())
      .finally(() => {
        underWay -= 1;
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    /** Whether a request was begun that is not answered, by the upstream too. */
    isBusy: () => underWay > 0,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Addresses of the mock in redirects and pages, as those of the proxy: the browser goes on through it. */
function atProxy(answer: PassingAnswer, upstream: string, proxy: string): PassingAnswer {
  const headers = new Headers(answer.headers);
  const location = headers.get('location');
  if (location?.startsWith(upstream) === true) headers.set('location', location.replace(upstream, proxy));
  const isPage = headers.get('content-type')?.includes('html') === true;
  return { ...answer, headers, body: isPage ? answer.body.replaceAll(upstream, proxy) : answer.body };
}

/** Changes the parameters of the redirect back to the client. */
function redirecting(change: (parameters: URLSearchParams) => void): () => Interference {
  return () => (answer) => {
    const location = answer.headers.get('location');
    if (location?.startsWith(redirectUri) !== true) return answer;
    const url = new URL(location);
    change(url.searchParams);
    const headers = new Headers(answer.headers);
    headers.set('location', url.href);
    return { ...answer, headers };
  };
}

/** Changes what the token endpoint answers. */
function answering(change: (answer: PassingAnswer, form: URLSearchParams) => PassingAnswer): Interference {
  return (answer, { path, form }) =>
    /\/token($|\?)/.test(path) && form.has('grant_type') ? change(answer, form) : answer;
}

/** Answers a code or refresh token that was good once as it was answered then. */
function forgetting(parameter: string): () => Interference {
  return () => {
    const given = new Map<string, PassingAnswer>();
    return answering((answer, form) => {
      const value = form.get(parameter) ?? '';
      if (value === '') return answer;
      if (answer.status === 200) given.set(value, answer);
      return answer.status === 400 ? (given.get(value) ?? answer) : answer;
    });
  };
}

interface Disturbance {
  /** The banks that it is tried on. */
  readonly banks: readonly ScenarioBank[];
  /** Made anew for each run. */
  readonly make: () => Interference;
}

/** What stands between a bank and its scenarios. */
export const interferences: Readonly<Record<string, Disturbance>> = {
  nothing: { banks: ['bs2', 'btg'], make: () => (answer) => answer },
  'drops state': {
    banks: ['bs2'],
    make: redirecting((parameters) => {
      parameters.delete('state');
    }),
  },
  'adds a slash to iss': {
    banks: ['btg'],
    make: redirecting((parameters) => {
      if (parameters.has('iss')) parameters.set('iss', `${parameters.get('iss') ?? ''}/`);
    }),
  },
  'answers a used code as before': { banks: ['bs2'], make: forgetting('code') },
  'answers a used refresh token as before': { banks: ['btg'], make: forgetting('refresh_token') },
  'makes expires_in a text': {
    banks: ['btg'],
    make: () => answering((answer) => ({ ...answer, body: answer.body.replace(/("expires_in":\s*)(\d+)/, '$1"$2"') })),
  },
  'widens the scope': {
    banks: ['bs2'],
    make: () =>
      answering((answer, form) =>
        form.get('grant_type') === 'refresh_token'
          ? { ...answer, body: answer.body.replace(/("scope":\s*")/, '$1everything ') }
          : answer,
      ),
  },
};
