import * as v from 'valibot';

const client = v.looseObject({
  id: v.string(),
  secret: v.nullish(v.string()),
  redirectUris: v.array(v.string()),
  scope: v.string(),
});

const bank = {
  baseUrl: v.string(),
  rootUrl: v.nullable(v.string()),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  client: v.nullish(client),
};

/** What of a tenant's description the command line shows; the rest passes through as it came. */
export const tenantView = v.looseObject({
  id: v.string(),
  control: v.string(),
  bs2: v.looseObject({ ...bank, balanceEndpoint: v.string() }),
  btg: v.looseObject({ ...bank, issuer: v.string(), accountsEndpoint: v.string() }),
  user: v.nullish(v.looseObject({ username: v.string(), password: v.string(), cpf: v.string() })),
});

export type TenantView = v.InferOutput<typeof tenantView>;
export type ClientView = v.InferOutput<typeof client>;
