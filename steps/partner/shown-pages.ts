import type { HttpTransport } from '../../client/http-transport.js';

/** One answer of the application to a customer, as it came; may hold secrets. */
export interface ShownPage {
  readonly url: string;
  readonly status: number;
  readonly location: string | null;
  readonly body: string;
}

const longestBody = 262_144;

/** Every answer that the application gave to any customer in a run. */
export class ShownPages {
  readonly #origins: ReadonlySet<string>;
  readonly #pages: ShownPage[] = [];

  /** `origins` are the application's. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  get all(): readonly ShownPage[] {
    return this.#pages;
  }

  add(page: ShownPage): void {
    if (this.#origins.has(new URL(page.url).origin))
      this.#pages.push({ ...page, body: page.body.slice(0, longestBody) });
  }

  /** A transport whose answers are kept here where they are the application's. */
  readonly observe = (transport: HttpTransport): HttpTransport => {
    return async (request) => {
      const response = await transport(request);
      const body = await response.clone().text();
      this.add({ url: request.url, status: response.status, location: response.headers.get('location'), body });
      return response;
    };
  };
}
