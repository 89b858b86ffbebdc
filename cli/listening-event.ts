import type { MockServer, TenantDescription } from '../mock-server/index.js';

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

/** Describes a mock that has just started. */
export function listeningEvent(mock: MockServer, caFile: string | null = null): ListeningEvent {
  return {
    event: 'listening',
    version: mock.version,
    url: mock.url,
    listen: mock.listen,
    control: mock.control,
    ...(caFile === null ? {} : { ca: caFile }),
    tenants: Object.fromEntries(mock.tenants().map((tenant) => [tenant.id, tenant])),
  };
}
