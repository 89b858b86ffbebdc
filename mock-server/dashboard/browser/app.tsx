import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Items, Tenant } from './api-types.js';
import { callApi } from './control-api.js';
import { useResource } from './hooks.js';
import { TenantPage } from './tenant-page.js';

/** The tenant that the address names; a page is of one tenant. */
export function chosenTenant(): string {
  return new URLSearchParams(location.search).get('tenant') ?? 'default';
}

/** The whole page: finds the tenant, or says why there is none. */
export function App() {
  const [id, setId] = useState(chosenTenant);
  const load = useCallback(() => callApi<Items<Tenant>>('GET', '/tenants'), []);
  const tenants = useResource(load, { key: 'tenants', activity: 0, everyMs: 5000 });
  useEffect(() => {
    const follow = (): void => setId(chosenTenant());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const choose = (next: string): void => {
    history.pushState(null, '', `${next === 'default' ? '/' : `/?tenant=${encodeURIComponent(next)}`}${location.hash}`);
    setId(next);
  };
  const list = tenants.value?.items;
  const tenant = list?.find((candidate) => candidate.id === id);
  if (tenant !== undefined && list !== undefined) {
    return <TenantPage key={id} tenant={tenant} tenants={list} onChoose={choose} onTenants={tenants.reload} />;
  }
  if (list === undefined)
    return <Notice text={tenants.problem ?? 'Asking the mock …'} isProblem={tenants.problem !== null} />;
  return (
    <Notice text={`This server has no tenant “${id}”: it was deleted, or never was.`} isProblem>
      <button type="button" onClick={() => choose('default')}>
        Go to the default tenant
      </button>
    </Notice>
  );
}

function Notice({
  text,
  isProblem,
  children,
}: {
  text: string;
  isProblem: boolean;
  children?: preact.ComponentChildren;
}) {
  return (
    <main class="notice">
      <h1>homologa</h1>
      <p role={isProblem ? 'alert' : 'status'}>{text}</p>
      {children}
    </main>
  );
}
