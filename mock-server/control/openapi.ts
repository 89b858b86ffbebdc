import { alterationSchema } from './alteration-schema.js';
import { clientRequestSchema, clientSchema } from './client-request.js';
import { clockSchema } from './clock-schema.js';
import { explanationSchema } from './explain-schema.js';
import { faultRequestSchema, faultSchema } from './fault-schema.js';
import { findingSchema } from './findings-schema.js';
import { grantLifeSchema } from './grant-life-schema.js';
import { openedEntrySchema } from './journal-entry-schema.js';
import { grantRequestSchema, grantSchema, madeGrantSchema } from './grant-schema.js';
import { harSchema, journalEntrySchema } from './journal-schema.js';
import { mutantIdsSchema, mutantSchema } from './mutant-schema.js';
import { namedSchemasOf, referringSchemaOf } from './json-schema.js';
import type { JsonSchema, NamedSchemas } from './json-schema.js';
import type { Operation } from './operation.js';
import { operations } from './operations.js';
import { problemSchema } from './problem.js';
import {
  bs2SettingsPatchSchema,
  btgSettingsPatchSchema,
  settingsPatchSchema,
  settingsSchema,
} from './settings-patch-schema.js';
import { tenantDescriptionSchema, tenantRequestSchema } from './tenant-schema.js';
import { userRequestSchema, userSchema } from './user-request.js';

const componentBase = '#/components/schemas/';
const components: NamedSchemas = {
  Alteration: alterationSchema,
  Bs2SettingsPatch: bs2SettingsPatchSchema,
  BtgSettingsPatch: btgSettingsPatchSchema,
  Client: clientSchema,
  Clock: clockSchema,
  Explanation: explanationSchema,
  Fault: faultSchema,
  Finding: findingSchema,
  Grant: grantSchema,
  GrantLife: grantLifeSchema,
  HttpArchive: harSchema,
  JournalEntry: journalEntrySchema,
  MadeGrant: madeGrantSchema,
  Mutant: mutantSchema,
  MutantIds: mutantIdsSchema,
  NewClient: clientRequestSchema,
  NewFault: faultRequestSchema,
  NewGrant: grantRequestSchema,
  NewTenant: tenantRequestSchema,
  NewUser: userRequestSchema,
  OpenedEntry: openedEntrySchema,
  Problem: problemSchema,
  Settings: settingsSchema,
  SettingsPatch: settingsPatchSchema,
  Tenant: tenantDescriptionSchema,
  User: userSchema,
};
const jsonSchemaOf = (schema: NonNullable<Operation['request']>): JsonSchema =>
  referringSchemaOf(schema, components, componentBase);

/** Problems that any call may be answered with. */
const everyProblem: Readonly<Record<string, string>> = {
  401: 'The control token is missing or wrong',
  403: 'Not from this machine, or from a page of another origin',
};
const bodyProblems: Readonly<Record<string, string>> = {
  413: 'The body is too large',
  415: 'The body is not application/json',
};
const problemTexts: Readonly<Record<string, string>> = {
  400: 'A member is unknown, missing or wrong; errors names each',
  404: 'Something that is named does not exist',
  409: 'It cannot be done in the present state',
  422: 'The bank would not do it',
};

/** The control API in OpenAPI 3.1, made of the table of operations that its routes are made of. */
export function openApiDocument(version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    const methods = (paths[operation.path] ??= {});
    methods[operation.method.toLowerCase()] = describeOperation(operation);
  }
  const ok = { '200': { description: 'This document', content: json({ type: 'object' }) }, ...problems(everyProblem) };
  const opened = { description: 'Sets the cookie homologa_control and leads to the dashboard' };
  const spent = problems({ 404: 'The link was opened already' });
  const oneTime = { name: 'oneTime', in: 'path', required: true, schema: { type: 'string' } };
  return {
    openapi: '3.1.0',
    info: {
      title: 'homologa control API',
      version,
      description:
        'Moves the clock, plays the user and scripts the faults of a mock of two banks. Durations are ISO 8601, instants RFC 3339 UTC.',
    },
    paths: {
      ...paths,
      '/_mock/openapi.json': { get: { operationId: 'getOpenApi', summary: 'This document', responses: ok } },
      '/_mock/session/{oneTime}': {
        get: {
          operationId: 'openDashboardLink',
          summary: 'Opens a one-time dashboard link',
          security: [{}],
          parameters: [oneTime],
          responses: { '303': opened, ...spent },
        },
      },
    },
    // The empty one: without a control token, this machine is let in as it is.
    security: [{}, { controlToken: [] }, { dashboardCookie: [] }],
    components: {
      schemas: namedSchemasOf(components, componentBase),
      securitySchemes: {
        controlToken: { type: 'http', scheme: 'bearer', description: 'HOMOLOGA_CONTROL_TOKEN of the server' },
        dashboardCookie: { type: 'apiKey', in: 'cookie', name: 'homologa_control' },
      },
    },
  };
}

function describeOperation(operation: Operation): JsonSchema {
  const { id, summary, path, query, request, response, status, isEventStream } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.entries ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: jsonSchemaOf(schema),
  }));
  const refusals = Object.fromEntries(operation.problems.map((refusal) => [refusal, problemTexts[refusal] ?? '']));
  return {
    operationId: id,
    summary,
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    ...(request === null ? {} : { requestBody: { content: json(jsonSchemaOf(request)) } }),
    responses: {
      [status]: {
        description: 'Done',
        ...(isEventStream ? { content: { 'text/event-stream': { schema: { type: 'string' } } } } : {}),
        ...(response === null ? {} : { content: json(jsonSchemaOf(response)) }),
      },
      ...problems({ ...refusals, ...everyProblem, ...(request === null ? {} : bodyProblems) }),
    },
  };
}

function json(schema: JsonSchema): JsonSchema {
  return { 'application/json': { schema } };
}

function problems(texts: Readonly<Record<string, string>>): Record<string, JsonSchema> {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(Object.entries(texts).map(([status, description]) => [status, { description, content }]));
}
