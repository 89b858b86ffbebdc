import type { BankId } from './banks/bank-id.js';
import type { Exchange, Peer, RequestHeaders } from './banks/exchange.js';
import { findOwnHost } from './banks/own-hosts.js';
import type { OwnHost } from './banks/own-hosts.js';
import { answerBankRequest } from './bank-request.js';
import type { Delivery } from './faults/fault-seam.js';
import { readBody } from './request-body.js';
import type { RequestBody } from './request-body.js';
import { defaultTenantId, resolveAddress } from './server-address.js';
import type { ServerAddress } from './server-address.js';
import type { RecordedExchange } from './journal/journal.js';
import type { Tenant } from './tenants/tenant.js';
import type { TenantRegistry } from './tenants/tenant-registry.js';

/** Which port a request came in by. */
export type Entrance = { readonly kind: 'main' } | { readonly kind: 'root'; readonly bank: BankId };

/** Where a request goes that is for no bank. */
export interface OtherApplications {
  control(request: Request, peer: Peer): Promise<Response>;
  dashboard(request: Request, peer: Peer): Promise<Response>;
  /** Told of each request to a bank, besides the tenant's journal. */
  readonly onExchange?: (exchange: RecordedExchange) => void;
}

export type Handled =
  { readonly kind: 'bank'; readonly delivery: Delivery } | { readonly kind: 'response'; readonly response: Response };

/** A request as it came, with its body still to be read. */
export interface IncomingRequest {
  readonly method: string;
  /** Absolute, as a `URL` would write it. */
  readonly url: string;
  readonly headers: RequestHeaders;
  readBody(): Promise<RequestBody>;
}

/** A bank of a tenant that a request is for. */
export interface BankLocation {
  readonly kind: 'bank';
  readonly tenant: Tenant;
  readonly bank: BankId;
  /** Below the bank's base URL. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly pageBase: string;
  readonly ownHost: OwnHost | undefined;
}

/** What a request is for. */
export type RequestLocation =
  | BankLocation
  | { readonly kind: 'control' | 'dashboard' }
  | { readonly kind: 'nothing'; readonly address: ServerAddress };

/** Answers every request to the mock: banks, control API, dashboard. Knows nothing of sockets. */
export class MockApplication {
  readonly #registry: TenantRegistry;
  readonly #others: OtherApplications;

  constructor(registry: TenantRegistry, others: OtherApplications) {
    this.#registry = registry;
    this.#others = others;
  }

  /** Answers a request of `fetch`, whatever it is for. */
  async handle(request: Request, entrance: Entrance, peer: Peer): Promise<Handled> {
    const location = this.locate(request.url, entrance);
    switch (location.kind) {
      case 'control':
        return { kind: 'response', response: await this.#others.control(request, peer) };
      case 'dashboard':
        return { kind: 'response', response: await this.#others.dashboard(request, peer) };
      case 'nothing':
        await readBody(request);
        return { kind: 'response', response: nothingHere(location.address) };
      case 'bank': {
        const { method, url, headers } = request;
        const incoming: IncomingRequest = { method, url, headers, readBody: () => readBody(request) };
        return { kind: 'bank', delivery: await this.answer(incoming, location, peer) };
      }
    }
  }

  /** What an absolute URL leads to, at this moment. */
  locate(url: string, entrance: Entrance): RequestLocation {
    const { origin, pathname, query } = splitUrl(url);
    const named = findOwnHost(origin.slice(origin.indexOf('://') + 3));
    const address = addressOf(entrance, pathname, named);
    if (address.kind === 'control' || address.kind === 'dashboard') return { kind: address.kind };
    const tenant = address.kind === 'bank' ? this.#registry.find(address.tenantId) : undefined;
    if (address.kind === 'none' || tenant === undefined) return { kind: 'nothing', address };
    const { bank, path, basePath } = address;
    const ownHost = named?.bank === bank ? named : undefined;
    const pageBase =
      ownHost?.bankUrl ??
      (entrance.kind === 'root' ? (tenant.links[bank].rootUrl ?? origin) : `${this.#pageOrigin(origin)}${basePath}`);
    return { kind: 'bank', tenant, bank, path, query, pageBase, ownHost };
  }

  /** Answers a request to a bank. */
  async answer(request: IncomingRequest, location: BankLocation, peer: Peer): Promise<Delivery> {
    const { tenant, bank, path, query, pageBase, ownHost } = location;
    const { method, headers } = request;
    const { text: body, tooLarge } = await request.readBody();
    const exchange: Exchange = {
      tenant,
      bank,
      method,
      path,
      query,
      headers,
      body,
      peer,
      pageBase,
      facts: {},
      ownHost,
    };
    // At a bank's own host the journal shows what the partner asked for, not the way that it took here.
    const url = ownHost === undefined ? request.url : `https://${ownHost.host}${path}${queryPart(query)}`;
    const { delivery, recorded } = await answerBankRequest({ exchange, url, bodyTooLarge: tooLarge });
    this.#others.onExchange?.(recorded);
    return delivery;
  }

  /** Pages stay on the loopback name that the user's browser used; any other `Host` leads to the public URL. */
  #pageOrigin(origin: string): string {
    const { publicOrigin, listenOrigin } = this.#registry.origins;
    if (publicOrigin !== listenOrigin) return publicOrigin;
    return isLoopbackOrigin(origin) ? origin : publicOrigin;
  }
}

/**
 * Where a request leads: by its path, or, where it names one of the banks' own hosts and no bank by its path, to the
 * root of that bank. So control API and dashboard are never at a bank's host.
 */
function addressOf(entrance: Entrance, pathname: string, ownHost: OwnHost | undefined): ServerAddress {
  if (entrance.kind === 'root') return atRoot(entrance.bank, pathname);
  const address = resolveAddress(pathname);
  return address.kind === 'bank' || ownHost === undefined ? address : atRoot(ownHost.bank, pathname);
}

function atRoot(bank: BankId, path: string): ServerAddress {
  return { kind: 'bank', tenantId: defaultTenantId, bank, basePath: '', path };
}

function queryPart(query: string): string {
  return query === '' ? '' : `?${query}`;
}

function isLoopbackOrigin(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(origin);
}

/** Taken apart by hand: a `URL` object for each request is what the routing would cost most. */
function splitUrl(url: string): { origin: string; pathname: string; query: string } {
  const pathStart = url.indexOf('/', url.indexOf('://') + 3);
  if (pathStart < 0) return { origin: url, pathname: '/', query: '' };
  const fragment = url.indexOf('#', pathStart);
  const end = fragment < 0 ? url.length : fragment;
  const queryStart = url.indexOf('?', pathStart);
  const hasQuery = queryStart >= 0 && queryStart < end;
  return {
    origin: url.slice(0, pathStart),
    pathname: url.slice(pathStart, hasQuery ? queryStart : end),
    query: hasQuery ? url.slice(queryStart + 1, end) : '',
  };
}

function nothingHere(address: ServerAddress): Response {
  const detail =
    address.kind === 'bank'
      ? `There is no tenant "${address.tenantId}" on this server.`
      : 'Banks answer under /bs2/ and /btg/, other tenants under /t/{tenant}/, the control API under /_mock/.';
  return Response.json(
    { type: 'about:blank', title: 'Not Found', status: 404, detail },
    { status: 404, headers: { 'content-type': 'application/problem+json' } },
  );
}
