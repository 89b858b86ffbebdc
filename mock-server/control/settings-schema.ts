import * as v from 'valibot';
import { HomologaError } from '../../foundation/homologa-error.js';
import { SecureRandomSource } from '../tenants/random-source.js';
import type { RandomSource } from '../tenants/random-source.js';
import type { TenantRequest } from '../tenants/tenant-registry.js';
import { toClient } from './client-request.js';
import type { Configuration } from './config-file.js';
import { parseStrictly, sentence } from './member-problem.js';
import type { MemberProblem } from './member-problem.js';
import { tenantIdSchema, tenantRequestSchema, tenantStartEntries } from './tenant-schema.js';
import { toUser } from './user-request.js';

export { clientRequestSchema } from './client-request.js';
export { settingsPatchSchema } from './settings-patch-schema.js';
export { userRequestSchema } from './user-request.js';

/** Thrown for a configuration with unknown or wrong members; the message has a line for each, `cause` `{ errors }`. */
export class InvalidConfigurationError extends HomologaError {
  constructor(source: string, errors: readonly MemberProblem[]) {
    const lines = errors.map((error) => `  ${sentence(error, 'the document')}`);
    super('ERR_INVALID_CONFIGURATION', `The configuration ${source} is not valid:\n${lines.join('\n')}`, {
      cause: { errors },
    });
  }
}

/** What `homologa serve --config` reads: the default tenant's start, and tenants beside it. */
export const configFileSchema = v.strictObject({
  /** For editors. */
  $schema: v.optional(v.string()),
  ...tenantStartEntries,
  tenants: v.optional(
    v.pipe(
      v.array(v.strictObject({ ...tenantRequestSchema.entries, id: tenantIdSchema })),
      v.maxLength(1000, 'at most 1000 tenants'),
    ),
  ),
});

/**
 * Reads a configuration that was parsed from YAML or JSON; `source` stands for it in messages.
 *
 * @throws InvalidConfigurationError with code `ERR_INVALID_CONFIGURATION`
 */
export function parseConfigFile(value: unknown, source = 'file'): Configuration {
  const result = parseStrictly(configFileSchema, value);
  if (result.kind === 'invalid') throw new InvalidConfigurationError(source, result.problems);
  const { tenants = [], settings, clients, users } = result.value;
  const random = new SecureRandomSource();
  const starts = [{ id: 'default', settings, clients, users }, ...tenants];
  const problems = starts.flatMap((start, index) => [
    ...findRepeated(starts.slice(0, index), start, index),
    ...findRepetitions(start, index === 0 ? '' : `tenants[${String(index - 1)}].`),
  ]);
  if (problems.length > 0) throw new InvalidConfigurationError(source, problems);
  const [first, ...others] = starts.map((start) => toTenantRequest(start, random));
  return { default: first ?? {}, tenants: others };
}

type TenantStart = v.InferOutput<typeof tenantRequestSchema>;

/** What the registry is asked to create, with what the request left open made up. */
export function toTenantRequest(request: TenantStart, random: RandomSource): TenantRequest {
  const { id, randomSeed, settings, clients, users } = request;
  return {
    id,
    randomSeed,
    settings,
    clients: clients?.map((client) => toClient(client, random)),
    users: users?.map((user) => toUser(user, random)),
    declaration: JSON.stringify({ clients, users }),
  };
}

/** Clients and users that are there twice; `base` is where the tenant stands in its document. */
export function findRepetitions({ clients = [], users = [] }: TenantStart, base: string): MemberProblem[] {
  const keys = clients.map(({ bank, id }) => (id === undefined ? null : `${bank} ${id}`));
  const names = users.map(({ username }) => username);
  const repeated = (list: readonly (string | null)[], path: (index: number) => string): MemberProblem[] =>
    list.flatMap((key, index) =>
      key === null || list.indexOf(key) === index
        ? []
        : [{ path: path(index), expected: 'a value that no other of the list has', received: JSON.stringify(key) }],
    );
  return [
    ...repeated(keys, (index) => `${base}clients[${String(index)}].id`),
    ...repeated(names, (index) => `${base}users[${String(index)}].username`),
  ];
}

function findRepeated(earlier: readonly TenantStart[], { id }: TenantStart, index: number): MemberProblem[] {
  if (!earlier.some((other) => other.id === id)) return [];
  const path = `tenants[${String(index - 1)}].id`;
  return [{ path, expected: 'an id that no other tenant has', received: JSON.stringify(id) }];
}
