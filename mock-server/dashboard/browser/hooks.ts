import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Clock } from './api-types.js';
import type { JournalFeed } from './journal-feed.js';

/** Draws again whenever the feed has something new. */
export function useFeed(feed: JournalFeed): void {
  const [, draw] = useState(0);
  useEffect(() => feed.listen(() => draw((count) => count + 1)), [feed]);
}

/** Something that is asked of the control API, and asked again. */
export interface Resource<Value> {
  readonly value: Value | undefined;
  readonly problem: string | null;
  readonly reload: () => void;
}

/**
 * Asks when it is first drawn, when `key` or `activity` changes and every so often while the page is seen. An answer
 * that is overtaken by a newer one is dropped; an unchanged answer draws nothing.
 */
export function useResource<Value>(
  load: () => Promise<Value>,
  { key, activity, everyMs }: { readonly key: string; readonly activity: number | string; readonly everyMs?: number },
): Resource<Value> {
  const [state, setState] = useState<{ value: Value | undefined; problem: string | null; key: string }>({
    value: undefined,
    problem: null,
    key,
  });
  const latest = useRef(0);
  const text = useRef('');
  const loader = useRef(load);
  loader.current = load;
  const reload = useCallback(() => {
    latest.current += 1;
    const own = latest.current;
    loader.current().then(
      (value) => {
        if (own !== latest.current) return;
        const asText = `${key} ${JSON.stringify(value)}`;
        if (asText === text.current) return;
        text.current = asText;
        setState({ value, problem: null, key });
      },
      (error: unknown) => {
        if (own !== latest.current) return;
        text.current = '';
        setState(({ value }) => ({ value, problem: messageOf(error), key }));
      },
    );
  }, [key]);
  useEffect(reload, [reload, activity]);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);
  return { value: state.key === key ? state.value : undefined, problem: state.problem, reload };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the tenant's clock shows now, in epoch ms: what it showed when it was asked, and what has passed since. */
export function useNow(clock: Clock | undefined): number | null {
  const [, draw] = useState(0);
  const asked = useRef<{ clock: Clock; atMs: number } | null>(null);
  if (clock !== undefined && asked.current?.clock !== clock) asked.current = { clock, atMs: performance.now() };
  useEffect(() => {
    if (clock?.mode !== 'running') return undefined;
    const timer = setInterval(() => draw((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, [clock?.mode]);
  if (clock === undefined || asked.current === null) return null;
  const passed = clock.mode === 'running' ? performance.now() - asked.current.atMs : 0;
  return Date.parse(clock.now) + passed;
}

/** Where in the page the user is: `#/grants/1234` is `['grants', '1234']`. */
export function usePlace(): readonly string[] {
  const read = (): string[] => location.hash.replace(/^#\/?/, '').split('/').map(decoded);
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const follow = (): void => setPlace(read());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}

/** As it is where it was not encoded: an address that somebody cut or typed must not empty the page. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function goTo(...place: readonly string[]): void {
  location.hash = `/${place.map(encodeURIComponent).join('/')}`;
}

/** Whether the window is narrow: lists have two lines to a row then, and what opens takes the whole of it. */
export function useNarrow(): boolean {
  const query = '(max-width: 760px)';
  const [narrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = (): void => setNarrow(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  return narrow;
}
