import { useEffect, useRef, useState } from 'preact/hooks';

interface Identified {
  readonly id: number;
}

/** Rows drawn beyond what is seen, so that a fast wheel shows no gap. */
const margin = 12;

/**
 * A list of any length of which only what is seen is drawn. `items` are oldest first and shown newest first; for who has
 * scrolled away the list stands still, and says how many came in above. Arrow keys, Home, End and Page move the choice.
 */
export function WindowedList<Item extends Identified>({
  items: all,
  rowHeight,
  label,
  chosenId,
  onChoose,
  onLeave,
  renderRow,
}: {
  readonly items: readonly Item[];
  readonly rowHeight: number;
  readonly label: string;
  readonly chosenId: number | null;
  readonly onChoose: (id: number) => void;
  readonly onLeave: () => void;
  readonly renderRow: (item: Item) => preact.ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const newestId = all.at(-1)?.id ?? 0;
  /** The newest entry that is shown, where the list stands still. */
  const [heldId, setHeldId] = useState<number | null>(null);
  const items = heldId === null ? all : all.slice(0, lastIndexUpTo(all, heldId) + 1);
  const waiting = all.length - items.length;
  const follow = (scrollTop: number): void => {
    setTop(scrollTop);
    setHeldId((held) => (scrollTop <= rowHeight ? null : (held ?? newestId)));
  };
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const count = items.length;
  const first = Math.max(0, Math.floor(top / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + margin);
  const rows: { readonly item: Item; readonly index: number }[] = [];
  for (let index = first; index < last; index += 1) {
    const item = items[count - 1 - index];
    if (item !== undefined) rows.push({ item, index });
  }
  const chosenIndex = chosenId === null ? -1 : count - 1 - lastIndexUpTo(items, chosenId);
  const move = (index: number): void => {
    const next = Math.max(0, Math.min(count - 1, index));
    const item = items[count - 1 - next];
    const element = box.current;
    if (item === undefined || element === null) return;
    if (next * rowHeight < element.scrollTop) element.scrollTop = next * rowHeight;
    const lowest = (next + 1) * rowHeight - element.clientHeight;
    if (element.scrollTop < lowest) element.scrollTop = lowest;
    onChoose(item.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(chosenIndex + 1),
      ArrowUp: () => move(chosenIndex < 0 ? 0 : chosenIndex - 1),
      j: () => move(chosenIndex + 1),
      k: () => move(chosenIndex < 0 ? 0 : chosenIndex - 1),
      PageDown: () => move(chosenIndex + page),
      PageUp: () => move(chosenIndex - page),
      Home: () => move(0),
      End: () => move(count - 1),
      Escape: onLeave,
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  const toTop = (): void => {
    setHeldId(null);
    if (box.current !== null) box.current.scrollTop = 0;
  };
  return (
    <div class="rows-box">
      {waiting > 0 && (
        <button type="button" class="waiting" onClick={toTop}>
          {waiting.toLocaleString('en')} new
        </button>
      )}
      <div
        ref={box}
        class="rows"
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={rows.some(({ item }) => item.id === chosenId) ? `row-${String(chosenId)}` : undefined}
        onScroll={({ currentTarget }) => follow(currentTarget.scrollTop)}
        onKeyDown={onKeyDown}
      >
        <div class="whole" role="presentation" style={{ height: `${String(count * rowHeight)}px` }}>
          {rows.map(({ item, index }) => (
            <div
              key={item.id}
              id={`row-${String(item.id)}`}
              role="option"
              aria-selected={item.id === chosenId}
              aria-setsize={count}
              aria-posinset={index + 1}
              class="row"
              style={{ height: `${String(rowHeight)}px`, transform: `translateY(${String(index * rowHeight)}px)` }}
              onClick={() => onChoose(item.id)}
            >
              {renderRow(item)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Index of the last item whose id is at most that, by halving; -1 where there is none. */
function lastIndexUpTo(items: readonly Identified[], id: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.id ?? Infinity) <= id) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
