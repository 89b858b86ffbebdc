import { Component } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Entry, Explanation, Finding } from './api-types.js';
import { EntryDetail } from './entry-detail.js';
import { everything } from './entry-filter.js';
import type { EntryFilter } from './entry-filter.js';
import { ExplanationPanel } from './explanation-panel.js';
import { FirstSteps } from './first-steps.js';
import { goTo, useFeed, useNarrow } from './hooks.js';
import { PhonePanel } from './phone-view.js';
import { useSession } from './session.js';
import { bankNames, dayOf, pathOf, statusClass, timeOf, whatOf } from './words.js';
import { WindowedList } from './windowed-list.js';

const kinds = [
  ['all', 'Everything'],
  ['findings', 'With findings'],
  ['refused', 'Refused or faulty'],
  ['tokens', 'Token requests'],
] as const;

/** The requests as they come in, newest first, and beside them the one that was opened. */
export function JournalView({ chosen }: { readonly chosen: string | undefined }) {
  const { api, feed, act } = useSession();
  useFeed(feed);
  const isNarrow = useNarrow();
  const [explained, setExplained] = useState<Explanation | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const { filter } = feed;
  const change = (changed: Partial<EntryFilter>): void => {
    feed.filter = { ...filter, ...changed };
  };
  useEffect(() => () => void (feed.filter = everything), [feed]);
  useSlashKey(search);
  const chosenId = chosen !== undefined && /^\d{1,15}$/.test(chosen) ? Number(chosen) : null;
  useFocusOnOpened(chosenId !== null, isNarrow);
  const explain = async (): Promise<void> => {
    const value = search.current?.value.trim() ?? '';
    if (value === '') return;
    // What was said of another value must not stand below this one, also where the mock refuses to look it up.
    setExplained(null);
    await act(async () => {
      const told = await api.post<Explanation>('/explain', { value });
      setExplained(told);
      const entries = [told.issued?.entry, ...told.timeline.map(({ entry }) => entry)].filter((id) => id != null);
      if (told.kind !== 'unknown') change({ words: '', among: entries.length === 0 ? null : new Set(entries) });
      if (search.current !== null && told.kind !== 'unknown') search.current.value = '';
    });
  };
  const forget = (): void => {
    setExplained(null);
    change({ among: null, words: '' });
  };
  const { shown } = feed;
  return (
    <div class={`split ${chosenId === null ? '' : 'opened'}`}>
      <section class="list" aria-label="Journal">
        <form
          class="filters"
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            void explain();
          }}
        >
          <input
            ref={search}
            type="search"
            aria-label="Filter, or paste a token, code or state"
            placeholder="Filter, or paste a token, code or state"
            spellcheck={false}
            autocomplete="off"
            onPaste={({ clipboardData }) => {
              // A whole secret is looked up at once; the field has it a moment later.
              if (/^\S{16,}$/.test(clipboardData?.getData('text').trim() ?? '')) setTimeout(() => void explain());
            }}
            onInput={({ currentTarget }) =>
              change({ words: currentTarget.value.length > 200 ? '' : currentTarget.value })
            }
          />
          <button type="submit">Explain</button>
          <select
            aria-label="Bank"
            value={filter.bank}
            onChange={({ currentTarget }) => change({ bank: currentTarget.value as EntryFilter['bank'] })}
          >
            <option value="both">Both banks</option>
            <option value="bs2">BS2</option>
            <option value="btg">BTG</option>
          </select>
          <select
            aria-label="Which requests"
            value={filter.kind}
            onChange={({ currentTarget }) => change({ kind: currentTarget.value as EntryFilter['kind'] })}
          >
            {kinds.map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
          <span class="soft shown" aria-live="off">
            {shown.length === feed.total
              ? `${feed.total.toLocaleString('en')} requests`
              : `${shown.length.toLocaleString('en')} of ${feed.total.toLocaleString('en')}`}
            {feed.missed > 0 && `, ${feed.missed.toLocaleString('en')} older ones forgotten`}
          </span>
          <a class="button quiet har" href={api.address('/journal?format=har')} download={`${api.id}.har`}>
            HAR
          </a>
          <button
            type="button"
            class="quiet"
            onClick={() =>
              void act(() => api.delete('/journal'), 'The journal is empty.').then((done) => done && feed.clear())
            }
          >
            Clear
          </button>
        </form>
        {explained !== null && <ExplanationPanel explained={explained} onClose={forget} />}
        {feed.total === 0 ? (
          <FirstSteps />
        ) : shown.length === 0 ? (
          <div class="empty">
            <p>No request here passes the filter.</p>
            <p class="soft">
              Secrets are not in the journal: paste the whole token, code, state or redirect above and press Enter, and
              the mock finds what became of it.
            </p>
            <button type="button" onClick={forget}>
              Show everything
            </button>
          </div>
        ) : (
          <WindowedList
            items={shown}
            rowHeight={isNarrow ? 52 : 30}
            label="Requests, newest first"
            chosenId={chosenId}
            onChoose={(id) => goTo('journal', String(id))}
            onLeave={() => goTo('journal')}
            renderRow={(entry) => <Row entry={entry} severity={feed.severityOf(entry.id)} />}
          />
        )}
      </section>
      <aside class="side" aria-label={chosenId === null ? 'Phone' : 'Request'}>
        {chosenId === null ? <PhonePanel /> : <EntryDetail id={chosenId} onClose={() => goTo('journal')} />}
      </aside>
    </div>
  );
}

interface RowProps {
  readonly entry: Entry;
  readonly severity: Finding['severity'] | null;
}

/** Drawn once: an entry never changes, but for a finding that is told behind it. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: Readonly<RowProps>): boolean {
    return next.entry !== this.props.entry || next.severity !== this.props.severity;
  }

  override render({ entry, severity }: Readonly<RowProps>) {
    const { id, at, bank, outcome, faults, request, response } = entry;
    return (
      <>
        <span class="id mono">{id}</span>
        <span class="time mono">
          <span class="day">{dayOf(at)} </span>
          {timeOf(at)}
        </span>
        <span class={`bank ${bank}`}>{bankNames[bank]}</span>
        <span class="method mono">{request.method}</span>
        <span class="what">
          {whatOf(entry)} <span class="path mono">{pathOf(request.url)}</span>
        </span>
        <span class={`status mono ${statusClass(entry)}`}>{response.status === 0 ? 'reset' : response.status}</span>
        <span class={`outcome ${statusClass(entry)}`}>
          {faults.length > 0 && <span class="flag on">fault</span>}
          {outcome ?? ''}
        </span>
        <span class="found">
          {severity !== null && (
            <span class={`flag ${severity}`} title={entry.findings.join(', ')}>
              {entry.findings.length} <span class="word">{entry.findings.length === 1 ? 'finding' : 'findings'}</span>
            </span>
          )}
        </span>
      </>
    );
  }
}

/** Where what opens takes the whole window, the keyboard goes there, and back to the list when it is closed. */
function useFocusOnOpened(isOpened: boolean, isNarrow: boolean): void {
  const wasOpened = useRef(false);
  useEffect(() => {
    if (isOpened && isNarrow) document.querySelector<HTMLElement>('.detail-head button')?.focus();
    if (!isOpened && wasOpened.current && document.activeElement === document.body) {
      document.querySelector<HTMLElement>('.rows')?.focus({ preventScroll: true });
    }
    wasOpened.current = isOpened;
  }, [isOpened, isNarrow]);
}

/** `/` leads to the search from wherever nothing is being typed. */
function useSlashKey(search: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const follow = (event: KeyboardEvent): void => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', follow);
    return () => removeEventListener('keydown', follow);
  }, [search]);
}
