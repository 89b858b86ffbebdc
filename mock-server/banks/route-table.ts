import type { Answer, Endpoint, Exchange } from './exchange.js';

/** Values of the `:name` segments of a route's path, percent-decoded. */
export type PathParameters = Readonly<Record<string, string>>;

export interface Route {
  readonly method: 'GET' | 'POST';
  /** A path below the bank's base URL; `:name` stands for one segment. */
  readonly path: string;
  readonly endpoint: Endpoint;
  readonly handle: (exchange: Exchange, parameters: PathParameters) => Promise<Answer> | Answer;
}

export type RouteMatch =
  | { readonly kind: 'route'; readonly route: Route; readonly parameters: PathParameters }
  | { readonly kind: 'other-method'; readonly endpoint: Endpoint; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

/** A bank's endpoints, as data. */
export class RouteTable {
  readonly #fixed = new Map<string, Route[]>();
  readonly #patterns: { readonly pattern: RegExp; readonly routes: Route[] }[] = [];

  constructor(routes: readonly Route[]) {
    const byPath = new Map<string, Route[]>();
    for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
    for (const [path, group] of byPath) {
      if (!path.includes('/:')) this.#fixed.set(path, group);
      else
        this.#patterns.push({
          pattern: new RegExp(`^${path.replaceAll(/:([A-Za-z]+)/g, '(?<$1>[^/]+)')}$`),
          routes: group,
        });
    }
  }

  match(method: string, path: string): RouteMatch {
    const fixed = this.#fixed.get(path);
    if (fixed !== undefined) return choose(fixed, method, {});
    for (const { pattern, routes } of this.#patterns) {
      const match = pattern.exec(path);
      if (match !== null) return choose(routes, method, decodeAll(match.groups ?? {}));
    }
    return { kind: 'none' };
  }
}

function choose(routes: readonly Route[], method: string, parameters: PathParameters): RouteMatch {
  const route = routes.find((candidate) => candidate.method === method);
  if (route !== undefined) return { kind: 'route', route, parameters };
  const [first] = routes;
  if (first === undefined) return { kind: 'none' };
  return { kind: 'other-method', endpoint: first.endpoint, allowed: routes.map((candidate) => candidate.method) };
}

function decodeAll(groups: Readonly<Record<string, string>>): PathParameters {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}
