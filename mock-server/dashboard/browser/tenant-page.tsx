import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { useActions } from './actions.js';
import type { Clock, Fault, Items, Mutant, Tenant } from './api-types.js';
import { ClockBar } from './clock-bar.js';
import { ConnectView } from './connect-view.js';
import { TenantApi } from './control-api.js';
import { FaultsView } from './faults-view.js';
import { GrantsView } from './grants-view.js';
import { useFeed, useNow, usePlace, useResource } from './hooks.js';
import { JournalFeed } from './journal-feed.js';
import { JournalView } from './journal-view.js';
import { MutantsView } from './mutants-view.js';
import { PeopleView } from './people-view.js';
import { PhoneView } from './phone-view.js';
import { SessionProvider } from './session.js';
import type { Session } from './session.js';
import { SettingsView } from './settings-view.js';
import { TenantSwitch } from './tenant-switch.js';

const views = [
  { id: 'journal', label: 'Journal' },
  { id: 'grants', label: 'Grants' },
  { id: 'phone', label: 'Phone' },
  { id: 'faults', label: 'Faults' },
  { id: 'mutants', label: 'Mutants' },
  { id: 'people', label: 'Clients & users' },
  { id: 'connect', label: 'Connect my app' },
  { id: 'settings', label: 'Settings' },
] as const;
type ViewId = (typeof views)[number]['id'];

/** The page of one tenant: its clock and what misbehaves always in sight, the rest one view at a time. */
export function TenantPage(props: {
  readonly tenant: Tenant;
  readonly tenants: readonly Tenant[];
  readonly onChoose: (id: string) => void;
  readonly onTenants: () => void;
}) {
  const { tenant } = props;
  const api = useMemo(() => new TenantApi(tenant.id), [tenant.id]);
  const feed = useMemo(() => new JournalFeed(api), [api]);
  const { told, activity, stir, dismiss, welcome, act } = useActions();
  useEffect(() => {
    feed.open();
    return () => feed.close();
  }, [feed]);
  useStirOnTraffic(feed, stir);
  useReturn(feed, welcome, props.onTenants);
  const loadClock = useCallback(() => api.get<Clock>('/clock'), [api]);
  const clock = useResource(loadClock, { key: tenant.id, activity, everyMs: 4000 });
  const faults = useResource(
    useCallback(() => api.get<Items<Fault>>('/faults'), [api]),
    { key: tenant.id, activity, everyMs: 4000 },
  );
  const mutants = useResource(
    useCallback(() => api.get<Items<Mutant>>('/mutants'), [api]),
    { key: tenant.id, activity, everyMs: 4000 },
  );
  const nowMs = useNow(clock.value);
  const [first = '', ...rest] = usePlace();
  const view: ViewId = views.find(({ id }) => id === first)?.id ?? 'journal';
  const session: Session = { api, tenant, feed, clock: clock.value, nowMs, activity, act };
  const standing = { faults: faults.value?.items ?? [], mutants: mutants.value?.items ?? [] };
  useEffect(() => {
    document.querySelector('.views [aria-current]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
    document.title = `${views.find(({ id }) => id === view)?.label ?? ''} · ${tenant.id} · homologa`;
  }, [view, tenant.id]);
  return (
    <SessionProvider value={session}>
      <a class="skip" href={`#/${view}`} onClick={(event) => skipTo(event)}>
        Skip to the content
      </a>
      <header class="top">
        <div class="brand">
          <strong>homologa</strong>
          <LiveState feed={feed} />
        </div>
        <TenantSwitch {...props} />
        <ClockBar />
      </header>
      <nav class="views" aria-label="Views">
        {views.map(({ id, label }) => (
          <a key={id} href={`#/${id}`} aria-current={id === view ? 'page' : undefined}>
            <span class="label" data-label={label}>
              {label}
            </span>
            {id === 'journal' ? <EntryCount feed={feed} /> : <StandingCount id={id} standing={standing} />}
          </a>
        ))}
      </nav>
      <Misbehaviour {...standing} />
      <main id="content" class={`view view-${view}`} tabIndex={-1}>
        {view === 'journal' && <JournalView chosen={rest[0]} />}
        {view === 'grants' && <GrantsView chosen={rest[0]} />}
        {view === 'phone' && <PhoneView />}
        {view === 'faults' && <FaultsView standing={standing.faults} />}
        {view === 'mutants' && <MutantsView standing={standing.mutants} />}
        {view === 'people' && <PeopleView />}
        {view === 'connect' && <ConnectView />}
        {view === 'settings' && <SettingsView />}
      </main>
      <div class="told" role="status" aria-live="polite">
        {told !== null && (
          <p key={told.count} class={told.isProblem ? 'problem' : ''}>
            <span>{told.text}</span>
            <button type="button" class="quiet" onClick={dismiss} aria-label="Dismiss">
              ×
            </button>
          </p>
        )}
      </div>
    </SessionProvider>
  );
}

function skipTo(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function LiveState({ feed }: { readonly feed: JournalFeed }) {
  useFeed(feed);
  const { state } = feed;
  const words = { connecting: 'connecting', live: 'live', lost: 'no answer' }[state];
  return <span class={`live live-${state}`}>{words}</span>;
}

interface Standing {
  readonly faults: readonly Fault[];
  readonly mutants: readonly Mutant[];
}

function EntryCount({ feed }: { readonly feed: JournalFeed }) {
  useFeed(feed);
  return feed.total > 0 ? <span class="count">{feed.total.toLocaleString('en')}</span> : null;
}

function StandingCount({ id, standing }: { readonly id: ViewId; readonly standing: Standing }) {
  const on = id === 'faults' ? standing.faults.length : id === 'mutants' ? standing.mutants.length : 0;
  return on > 0 ? <span class="count on">{on}</span> : null;
}

/** Nobody should look for a bug of their own while the bank was told to have one. */
function Misbehaviour({ faults, mutants }: Standing) {
  if (faults.length === 0 && mutants.length === 0) return null;
  const parts = [
    ...(faults.length === 0 ? [] : [<a href="#/faults">{plural(faults.length, 'fault')}</a>]),
    ...(mutants.length === 0 ? [] : [<a href="#/mutants">{plural(mutants.length, 'mutant')}</a>]),
  ];
  return (
    <p class="misbehaving" role="status">
      <strong>The banks misbehave on purpose:</strong> {parts[0]}
      {parts.length > 1 && ' and '}
      {parts[1]} {faults.length + mutants.length === 1 ? 'is' : 'are'} on.
    </p>
  );
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A stream that ends may be a tenant that was deleted: the list is asked again at once. */
function useReturn(feed: JournalFeed, onBack: () => void, onLost: () => void): void {
  useEffect(() => {
    let last = feed.state;
    return feed.listen(() => {
      if (feed.state === last) return;
      last = feed.state;
      if (last === 'live') onBack();
      if (last === 'lost') onLost();
    });
  }, [feed, onBack, onLost]);
}

/** What came in may have changed grants, faults and the phone; asked for once a second at most. */
function useStirOnTraffic(feed: JournalFeed, stir: () => void): void {
  useEffect(() => {
    let newest = feed.newest?.id;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const letGo = feed.listen(() => {
      if (feed.newest?.id === newest || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        newest = feed.newest?.id;
        stir();
      }, 700);
    });
    return () => {
      letGo();
      clearTimeout(timer);
    };
  }, [feed, stir]);
}
