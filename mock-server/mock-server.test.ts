import { afterEach, expect, it } from 'vitest';
import { startMockServer } from './mock-server.js';
import type { MockServer } from './mock-server.js';

let mock: MockServer | null = null;
afterEach(async () => mock?.close());

it('tells its tenants as the control API lists them', async () => {
  mock = await startMockServer({ listen: false });
  const { id } = await mock.createTenant({ settings: { environment: 'producao' } });
  const listed: unknown = await (await mock.fetch(new Request(`${mock.control}/tenants`))).json();

  expect(mock.tenants().map((tenant) => tenant.id)).toEqual(['default', id]);
  expect(listed).toEqual({ items: mock.tenants() });
});
