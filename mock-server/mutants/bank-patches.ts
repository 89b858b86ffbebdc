import type { Bank } from '../banks/bank.js';
import type { Answer, Endpoint, Exchange } from '../banks/exchange.js';
import type { LoginDialect } from '../banks/login-dialect.js';
import type { PageStep } from '../banks/page-flow.js';
import type { TokenDialect } from '../banks/token-dialect.js';
import type { AuthorizationPolicy } from '../oauth/authorization-policy.js';
import type { GrantPolicy } from '../oauth/grant-policy.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { LoginStep } from '../tenants/login-session.js';

/** What is different; everything else stays the honest bank's. */
type Change<Part, Context extends readonly unknown[] = []> = (honest: Part, ...context: Context) => Partial<Part>;

/** Changes decisions on codes, refresh tokens and bearer tokens. */
export function withGrantPolicy<B extends Bank>(bank: B, change: Change<GrantPolicy, [Exchange, RegisteredClient]>): B {
  return withTokens(bank, (dialect) => ({
    policy: (exchange, client) => {
      const honest = dialect.policy(exchange, client);
      return { ...honest, ...change(honest, exchange, client) };
    },
  }));
}

/** Changes decisions on authorization requests. They are made anew for each request. */
export function withAuthorizationPolicy<B extends Bank>(bank: B, change: Change<AuthorizationPolicy>): B {
  const { authorization } = bank;
  const policy: typeof authorization.policy = (tenant, client) => {
    const honest = authorization.policy(tenant, client);
    return { ...honest, ...change(honest) };
  };
  return { ...bank, authorization: { ...authorization, policy } };
}

/** Changes the token endpoint. */
export function withTokens<B extends Bank>(bank: B, change: Change<TokenDialect>): B {
  return { ...bank, tokens: { ...bank.tokens, ...change(bank.tokens) } };
}

/** Changes the login. */
export function withLogin<B extends Bank>(bank: B, change: Change<LoginDialect>): B {
  return { ...bank, login: { ...bank.login, ...change(bank.login) } };
}

/** Changes one page of the login; a bank without that page stays as it is. */
export function withPage<B extends Bank>(bank: B, step: LoginStep, change: Change<PageStep>): B {
  const { pages } = bank;
  const honest = pages.steps[step];
  if (honest === undefined) return bank;
  return { ...bank, pages: { ...pages, steps: { ...pages.steps, [step]: { ...honest, ...change(honest) } } } };
}

/** Changes answers as they go out. */
export function withFinish<B extends Bank>(
  bank: B,
  change: (answer: Answer, endpoint: Endpoint, exchange: Exchange) => Answer,
): B {
  return {
    ...bank,
    finish: (answer: Answer, endpoint: Endpoint, exchange: Exchange) =>
      change(bank.finish(answer, endpoint, exchange), endpoint, exchange),
  };
}
