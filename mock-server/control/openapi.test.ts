import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { operations } from './operations.js';
import { createWorld } from './test-world.js';

const operationSchema = v.looseObject({
  operationId: v.string(),
  summary: v.pipe(v.string(), v.minLength(5)),
  responses: v.record(v.string(), v.unknown()),
});
const documentSchema = v.object({
  openapi: v.literal('3.1.0'),
  info: v.object({ title: v.string(), version: v.literal('9.9.9') }),
  paths: v.record(v.string(), v.record(v.string(), operationSchema)),
  components: v.object({ schemas: v.record(v.string(), v.unknown()) }),
});

async function readDocument(): Promise<{ text: string; document: v.InferOutput<typeof documentSchema> }> {
  const got = await createWorld().call('GET', '/_mock/openapi.json');
  expect(got.status).toBe(200);
  return { text: got.text, document: v.parse(documentSchema, got.body) };
}

describe('the OpenAPI document', () => {
  it('describes every operation, with its answers', async () => {
    const { document } = await readDocument();
    for (const { id, method, path, status, request } of operations) {
      const described = document.paths[path]?.[method.toLowerCase()];
      expect(described?.operationId).toBe(id);
      expect(Object.keys(described?.responses ?? {})).toContain(String(status));
      expect(Object.keys(described?.responses ?? {}), id).toEqual(expect.arrayContaining(['401', '403']));
      expect(described !== undefined && 'requestBody' in described, id).toBe(request !== null);
    }
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(operations.length + 2);
  });

  it('refers to nothing that it lacks', async () => {
    const { text, document } = await readDocument();
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = '']) => reference);
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\//);
      expect(Object.keys(document.components.schemas)).toContain(reference.slice('#/components/schemas/'.length));
    }
  });
});
