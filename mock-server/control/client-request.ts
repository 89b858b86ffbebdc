import * as v from 'valibot';
import { isUsableRedirectUri } from '../oauth/redirect-uri.js';
import { parseScope } from '../oauth/scope.js';
import { bs2Credentials, btgCredentials } from '../tenants/fixtures.js';
import type { RandomSource } from '../tenants/random-source.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import { bankIdSchema, listOf, plainText, scopeSchema, visibleText } from './basic-schemas.js';
import { bs2SettingsPatchSchema, btgSettingsPatchSchema } from './settings-patch-schema.js';

const redirectUriSchema = v.pipe(
  v.string(),
  v.maxLength(2000, 'at most 2000 characters'),
  v.check(isUsableRedirectUri, 'an absolute http or https URL without a fragment'),
);

const sharedEntries = {
  id: v.optional(visibleText(200)),
  secret: v.optional(visibleText(500)),
  redirectUris: v.pipe(v.array(redirectUriSchema), v.maxLength(100, 'at most 100 redirect URIs')),
  scope: scopeSchema,
  name: v.optional(plainText(200)),
  provisioned: v.optional(v.boolean()),
};

/** A client to register. `type: "public"` exists at BTG only, and has no secret. */
export const clientRequestSchema = v.variant('bank', [
  v.strictObject({
    bank: v.literal('bs2'),
    ...sharedEntries,
    type: v.optional(v.literal('confidential')),
    settings: v.optional(bs2SettingsPatchSchema),
  }),
  v.pipe(
    v.strictObject({
      bank: v.literal('btg'),
      ...sharedEntries,
      type: v.optional(v.picklist(['confidential', 'public'])),
      settings: v.optional(btgSettingsPatchSchema),
    }),
    v.forward(
      v.check(
        ({ type, secret }) => type !== 'public' || secret === undefined,
        'no secret, since a public client has none',
      ),
      ['secret'],
    ),
  ),
]);

/** A client as it is listed, its secret included: it is a secret of tests. */
export const clientSchema = v.object({
  bank: bankIdSchema,
  id: v.string(),
  secret: v.nullable(v.string()),
  name: v.string(),
  type: v.picklist(['confidential', 'public']),
  redirectUris: listOf(v.string()),
  scope: v.string(),
  provisioned: v.boolean(),
  settings: v.union([bs2SettingsPatchSchema, btgSettingsPatchSchema]),
});

export const clientSecretSchema = v.object({ id: v.string(), secret: v.string() });

/** Id and secret in the bank's own shapes. */
export function newCredentials(bank: RegisteredClient['bank'], random: RandomSource): { id: string; secret: string } {
  return bank === 'bs2' ? bs2Credentials(random) : btgCredentials(random);
}

/** The client that a request asks for, with what it left open made up. */
export function toClient(request: v.InferOutput<typeof clientRequestSchema>, random: RandomSource): RegisteredClient {
  const made = newCredentials(request.bank, random);
  const type = request.type ?? 'confidential';
  return {
    bank: request.bank,
    id: request.id ?? made.id,
    secret: type === 'public' ? null : (request.secret ?? made.secret),
    name: request.name ?? 'Aplicação de Teste',
    type,
    redirectUris: request.redirectUris,
    loopbackPaths: [],
    scope: request.scope,
    registeredScope: parseScope(request.scope) ?? [],
    settings: request.settings ?? {},
    provisioned: request.provisioned ?? true,
  };
}

/** A client as it is listed. */
export function listedClient(client: RegisteredClient): v.InferOutput<typeof clientSchema> {
  const { bank, id, secret, name, type, redirectUris, scope, provisioned, settings } = client;
  return { bank, id, secret, name, type, redirectUris, scope, provisioned, settings };
}
