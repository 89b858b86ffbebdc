import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import type * as v from 'valibot';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas that stand under a name of their own. */
export type NamedSchemas = Readonly<Record<string, v.GenericSchema>>;

const options = { target: 'draft-2020-12', typeMode: 'input', errorMode: 'ignore' } as const;

/**
 * JSON Schema (2020-12) of what a schema takes in; checks that JSON Schema has no word for are left out. Schemas among
 * `named` stand in `$defs` under their names.
 */
export function jsonSchemaOf(schema: v.GenericSchema, named: NamedSchemas = {}): JsonSchema {
  const { $schema: _dialect, ...rest } = toJsonSchema(schema, { ...options, definitions: { ...named } });
  return rest;
}

/** The same for a document that keeps the named ones elsewhere: `base` and the name is what refers to them. */
export function referringSchemaOf(schema: v.GenericSchema, named: NamedSchemas, base: string): JsonSchema {
  const overrideRef = ({ referenceId }: { referenceId: string }): string => `${base}${referenceId}`;
  const converted = toJsonSchema(schema, { ...options, definitions: { ...named }, overrideRef });
  const { $schema: _dialect, $defs: _named, ...rest } = converted;
  return rest;
}

/** What {@link referringSchemaOf} refers to. */
export function namedSchemasOf(named: NamedSchemas, base: string): Readonly<Record<string, object>> {
  const overrideRef = ({ referenceId }: { referenceId: string }): string => `${base}${referenceId}`;
  return { ...toJsonSchemaDefs({ ...named }, { ...options, overrideRef }) };
}
