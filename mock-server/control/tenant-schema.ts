import * as v from 'valibot';
import { bankIdSchema, listOf, plainText } from './basic-schemas.js';
import { clientRequestSchema } from './client-request.js';
import { settingsPatchSchema } from './settings-patch-schema.js';
import { companySchema, userRequestSchema } from './user-request.js';

export const tenantIdSchema = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, "-" and "_"'),
);

const listExpected = 'at most 1000 of them';

/** What a tenant starts with, where it is not what every tenant starts with. */
export const tenantStartEntries = {
  settings: v.optional(settingsPatchSchema),
  clients: v.optional(v.pipe(v.array(clientRequestSchema), v.maxLength(1000, listExpected))),
  users: v.optional(v.pipe(v.array(userRequestSchema), v.maxLength(1000, listExpected))),
};

/** A tenant to create. Without `clients` or `users` it has the seeded ones. */
export const tenantRequestSchema = v.strictObject({
  id: v.optional(tenantIdSchema),
  randomSeed: v.optional(plainText(200)),
  ...tenantStartEntries,
});

/** A tenant to create, as `POST /_mock/tenants` takes it. */
export type NewTenant = v.InferInput<typeof tenantRequestSchema>;

const describedClientSchema = v.nullable(
  v.object({
    id: v.string(),
    /** Null for a public client. */
    secret: v.nullable(v.string()),
    redirectUris: listOf(v.string()),
    scope: v.string(),
  }),
);

/** Addresses of a tenant's BS2. */
export const bs2AddressesSchema = v.object({
  baseUrl: v.string(),
  rootUrl: v.nullable(v.string()),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  balanceEndpoint: v.string(),
});

/** Addresses of a tenant's BTG. */
export const btgAddressesSchema = v.object({
  baseUrl: v.string(),
  rootUrl: v.nullable(v.string()),
  issuer: v.string(),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  revocationEndpoint: v.string(),
  accountsEndpoint: v.string(),
});

/** A tenant's description: where it is, and what its first clients and user are. */
export const tenantDescriptionSchema = v.object({
  id: v.string(),
  control: v.string(),
  jwksUri: v.string(),
  /** `client` is null where the tenant has none at this bank. */
  bs2: v.object({ ...bs2AddressesSchema.entries, client: describedClientSchema }),
  btg: v.object({ ...btgAddressesSchema.entries, client: describedClientSchema }),
  user: v.nullable(
    v.object({ username: v.string(), password: v.string(), cpf: v.string(), companies: listOf(companySchema) }),
  ),
});

/** Where a tenant's banks are, a client of each and the first user: what an application has to be told. */
export type TenantDescription = v.InferOutput<typeof tenantDescriptionSchema>;

/** Both halves of BTG's test keys that may be shown. */
export const jwksSchema = v.object({
  keys: listOf(
    v.object({
      kty: v.literal('RSA'),
      use: v.literal('sig'),
      alg: v.literal('RS256'),
      kid: v.string(),
      n: v.string(),
      e: v.string(),
    }),
  ),
});

export const healthSchema = v.object({ status: v.literal('ok'), version: v.string() });

export const bankQuerySchema = v.strictObject({ bank: v.optional(bankIdSchema) });
