import * as v from 'valibot';
import { itemsOf } from '../mock-server/control/basic-schemas.js';
import { tenantDescriptionSchema } from '../mock-server/control/tenant-schema.js';
import type { TenantDescription } from '../mock-server/control/tenant-schema.js';
import type { MockServer } from '../mock-server/index.js';

/** The one line of `homologa serve --json`. It shows the mock's own test credentials: that is its purpose. */
export interface ListeningEvent {
  readonly event: 'listening';
  readonly version: string;
  readonly url: string;
  readonly listen: string;
  readonly control: string;
  /** The certificate to trust, with `--tls auto`. */
  readonly ca?: string;
  /** Every tenant that the mock started with, by id; always `default`. */
  readonly tenants: Readonly<Record<string, TenantDescription>>;
}

const tenantList = itemsOf(tenantDescriptionSchema);

/** Describes a mock that has just started. */
export async function listeningEvent(mock: MockServer, caFile: string | null = null): Promise<ListeningEvent> {
  const answer = await mock.fetch(new Request(`${mock.control}/tenants`));
  const { items } = v.parse(tenantList, await answer.json());
  return {
    event: 'listening',
    version: mock.version,
    url: mock.url,
    listen: mock.listen,
    control: mock.control,
    ...(caFile === null ? {} : { ca: caFile }),
    tenants: Object.fromEntries(items.map((tenant) => [tenant.id, tenant])),
  };
}
