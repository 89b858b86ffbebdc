import type { HttpTransport } from '../../client/http-transport.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import type { MockTargetOptions } from '../mock-target.js';

/** A mock with something wrong between it and the scenarios, or in it. */
export interface AlteredBank {
  readonly name: string;
  readonly bank: ScenarioBank;
  readonly alter?: MockTargetOptions['alter'];
  readonly settings?: MockTargetOptions['settings'];
}

type Alteration = (transport: HttpTransport) => HttpTransport;

/** Lets an answer through changed; null leaves it as it is. */
function answering(change: (response: Response, request: Request) => Response | null): Alteration {
  return (transport) => async (request) => {
    const response = await transport(request);
    return change(response, request) ?? response;
  };
}

function withHeaders(response: Response, change: (headers: Headers) => void, status = response.status): Response {
  const headers = new Headers(response.headers);
  change(headers);
  return new Response(response.body, { status, headers });
}

/** Changes the parameters of redirects to the client. */
function redirecting(change: (parameters: URLSearchParams) => void): Alteration {
  return answering((response) => {
    const location = response.headers.get('location');
    if (location?.startsWith('https://client.example/') !== true) return null;
    const url = new URL(location);
    change(url.searchParams);
    return withHeaders(response, (headers) => {
      headers.set('location', url.href);
    });
  });
}

/** Answers a token request as before when its code or refresh token was good once. */
function forgettingUse(parameter: 'code' | 'refresh_token'): Alteration {
  return (transport) => {
    const given = new Map<string, string>();
    return async (request) => {
      if (request.method !== 'POST' || !request.url.endsWith('/token')) return transport(request);
      const value = new URLSearchParams(await request.clone().text()).get(parameter);
      if (value === null) return transport(request);
      const before = given.get(value);
      const response = await transport(request);
      if (response.ok) given.set(value, await response.clone().text());
      if (response.status !== 400 || before === undefined) return response;
      return new Response(before, { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
    };
  };
}

/** Banks that are broken on purpose. */
export const alteredBanks: readonly AlteredBank[] = [
  { name: 'a code works twice', bank: 'bs2', alter: forgettingUse('code') },
  { name: 'a refresh token works twice', bank: 'btg', alter: forgettingUse('refresh_token') },
  {
    name: 'a long state is cut',
    bank: 'bs2',
    alter: redirecting((parameters) => {
      const state = parameters.get('state') ?? '';
      parameters.set('state', state.slice(0, 255));
    }),
  },
  {
    name: 'the iss is forgotten',
    bank: 'btg',
    alter: redirecting((parameters) => {
      parameters.delete('iss');
    }),
  },
  {
    name: 'the last form is repeated at the client',
    bank: 'bs2',
    alter: answering((response) =>
      response.headers.get('location')?.startsWith('https://client.example/') === true
        ? withHeaders(response, () => undefined, 307)
        : null,
    ),
  },
  {
    name: 'tokens may be cached',
    bank: 'btg',
    alter: answering((response, request) =>
      request.url.endsWith('/oauth2/token')
        ? withHeaders(response, (headers) => {
            headers.delete('cache-control');
          })
        : null,
    ),
  },
  {
    name: 'a refresh token lives a second longer',
    bank: 'bs2',
    settings: { bs2: { refreshTokenLifetime: 'P30DT1S' } },
  },
  { name: 'nothing answers', bank: 'bs2', alter: () => async () => new Response('', { status: 503 }) },
];
