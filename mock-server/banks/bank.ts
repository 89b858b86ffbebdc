import type { FaultSubject } from '../faults/fault.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { Tenant } from '../tenants/tenant.js';
import type { BankId } from './bank-id.js';
import type { Answer, Endpoint, Exchange } from './exchange.js';
import type { AuthorizationDialect } from './authorization-dialect.js';
import type { LoginDialect } from './login-dialect.js';
import type { PageFlow } from './page-flow.js';
import type { RouteTable } from './route-table.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import type { TokenDialect } from './token-dialect.js';

/** What an authorization request leads to, before any page: a login, or the answer that ends it. */
export type AuthorizationOutcome =
  | { readonly kind: 'login'; readonly client: RegisteredClient; readonly request: AuthorizationRequest }
  | { readonly kind: 'answer'; readonly answer: Answer };

/** A bank, as the server sees it: a profile, a policy and renderers behind these few doors. */
export interface Bank {
  readonly id: BankId;
  readonly routes: RouteTable;
  readonly authorization: AuthorizationDialect;
  readonly login: LoginDialect;
  /** The login's pages, in their order. */
  readonly pages: PageFlow;
  readonly tokens: TokenDialect;
  /** Judges an authorization request without showing a page. */
  authorize(exchange: Exchange): Promise<AuthorizationOutcome>;
  /** What production asks of a caller before its request is even read; null lets it in. */
  gate(exchange: Exchange, endpoint: Endpoint): Answer | null;
  /** The last look at every answer before it goes out. */
  finish(answer: Answer, endpoint: Endpoint, exchange: Exchange): Answer;
  /** What faults are matched against. */
  faultSubject(exchange: Exchange, endpoint: Endpoint): Promise<FaultSubject>;
  notFound(exchange: Exchange): Answer;
  methodNotAllowed(exchange: Exchange, allowed: readonly string[]): Answer;
  /** The request is refused as it stands: its body is too large, or its path cannot be read. */
  badRequest(exchange: Exchange, status: 400 | 413, description: string): Answer;
  /** Addresses of a tenant's bank, for its description. */
  describe(tenant: Tenant): Readonly<Record<string, string | null>>;
}
