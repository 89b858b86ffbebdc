import { bankIds } from './banks/bank-id.js';
import type { BankId } from './banks/bank-id.js';

/** What a path of the mock's own port leads to. */
export type ServerAddress =
  | {
      readonly kind: 'bank';
      readonly tenantId: string;
      readonly bank: BankId;
      readonly basePath: string;
      readonly path: string;
    }
  | { readonly kind: 'control' }
  | { readonly kind: 'dashboard' }
  | { readonly kind: 'none' };

export const defaultTenantId = 'default';

/** Resolves a path: `/bs2/…`, `/t/{tenant}/btg/…`, `/_mock/…`, or `/` and the dashboard's files below `/dashboard/`. */
export function resolveAddress(pathname: string): ServerAddress {
  if (pathname === '/' || pathname.startsWith('/dashboard/')) return { kind: 'dashboard' };
  if (pathname === '/_mock' || pathname.startsWith('/_mock/')) return { kind: 'control' };
  const prefix = /^\/t\/([A-Za-z0-9_-]{1,64})(?=\/)/.exec(pathname);
  const tenantPath = prefix === null ? '' : prefix[0];
  for (const bank of bankIds) {
    const basePath = `${tenantPath}/${bank}`;
    if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) continue;
    return {
      kind: 'bank',
      tenantId: prefix?.[1] ?? defaultTenantId,
      bank,
      basePath,
      path: pathname.slice(basePath.length) || '/',
    };
  }
  return { kind: 'none' };
}
