import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { homologaLoads } from './homologa-loads.js';
import type { NamedLoad } from './load.js';
import { putLoad } from './put-load.js';
import type { Running } from './subject.js';

/** A server that the bench measures, in a process of its own. */
export interface Subject {
  readonly name: string;
  /** Of `node`. */
  readonly args: readonly string[];
  /** What to ask first, by what it said of itself. */
  readonly firstAddress: (said: unknown) => string;
  readonly loads: (running: Running) => Promise<readonly NamedLoad[]>;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const urlOf = (said: unknown): string => v.parse(v.looseObject({ url: v.string() }), said).url;
const controlOf = (said: unknown): string => v.parse(v.looseObject({ control: v.string() }), said).control;
const discovery = (said: unknown): string => `${urlOf(said)}.well-known/openid-configuration`;
const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
});

/** The same form again and again. */
function posts(name: string, url: string, body: string, headers: Readonly<Record<string, string>> = {}): NamedLoad {
  const load = {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
    tokens: [],
    answersRenew: false,
  } as const;
  return { name, prepare: async () => (options) => putLoad(load, options) };
}

const clientCredentials = 'grant_type=client_credentials&scope=api';

function oidcProvider(name: string, ...rest: readonly string[]): Subject {
  return {
    name,
    args: [file('peers/oidc-provider.mjs'), ...rest],
    firstAddress: discovery,
    loads: async ({ said }) => [
      posts('client_credentials', `${urlOf(said)}token`, clientCredentials, basic('client', 'secret-of-the-benchmark')),
    ],
  };
}

/** In the order in which each round measures them. */
export const subjects: readonly Subject[] = [
  {
    name: 'bare Hono route',
    args: [file('peers/bare-routes.mjs')],
    firstAddress: urlOf,
    loads: async ({ said }) => [
      posts('random opaque token', `${urlOf(said)}opaque`, clientCredentials),
      posts('one RS256', `${urlOf(said)}rs256`, clientCredentials),
    ],
  },
  {
    name: 'homologa',
    args: [file('../dist/cli/homologa.js'), 'serve', '--port', '0', '--json', '--rate-limit', 'off'],
    firstAddress: (said) => `${controlOf(said)}/health`,
    loads: ({ said }) => homologaLoads(controlOf(said)),
  },
  oidcProvider('oidc-provider, opaque'),
  oidcProvider('oidc-provider, RS256', 'jwt'),
  {
    name: 'oauth2-mock-server',
    args: [file('peers/oauth2-mock-server.mjs')],
    firstAddress: discovery,
    loads: async ({ said }) => [
      posts('client_credentials', `${urlOf(said)}token`, clientCredentials),
      posts('refresh', `${urlOf(said)}token`, 'grant_type=refresh_token&refresh_token=any', basic('client', 'any')),
    ],
  },
];
