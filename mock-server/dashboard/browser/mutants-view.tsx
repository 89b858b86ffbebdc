import { useCallback, useState } from 'preact/hooks';
import type { Items, Mutant } from './api-types.js';
import { callApi } from './control-api.js';
import { Switch } from './faults-view.js';
import { useResource } from './hooks.js';
import { useSession } from './session.js';

/** Mutants by one click: banks with one standing bug each. */
export function MutantsView({ standing }: { readonly standing: readonly Mutant[] }) {
  const { api, act } = useSession();
  const [words, setWords] = useState('');
  const catalogue = useResource(
    useCallback(() => callApi<Items<Mutant>>('GET', '/mutants'), []),
    { key: 'mutants', activity: 0 },
  );
  const on = new Set(standing.map(({ id }) => id));
  const toggle = (id: string): void => {
    const next = on.has(id) ? [...on].filter((other) => other !== id) : [...on, id];
    void act(() => api.put('/mutants', next), `${id} is ${on.has(id) ? 'off' : 'on'}.`);
  };
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (catalogue.value?.items ?? []).filter(({ id, description, breaks }) =>
    wanted.every((word) => `${id} ${description} ${breaks.join(' ')}`.toLowerCase().includes(word)),
  );
  // What is on stands first, where it is seen.
  const shown = [...found].sort((first, second) => Number(on.has(second.id)) - Number(on.has(first.id)));
  return (
    <div class="page">
      <div class="page-head">
        <h1>Mutants</h1>
        <button
          type="button"
          disabled={on.size === 0}
          onClick={() => void act(() => api.put('/mutants', []), 'Both banks are honest again.')}
        >
          Make the banks honest
        </button>
      </div>
      <p class="soft">
        A bank with one standing bug: it breaks the requirements named below it until you turn it off. Fine for seeing
        whether your tests notice.
      </p>
      <input
        type="search"
        class="wide"
        aria-label="Search the mutants"
        placeholder="Search: refresh, btg, RFC7636 …"
        value={words}
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
      />
      {catalogue.value === undefined ? (
        <p class="empty">{catalogue.problem ?? 'Loading …'}</p>
      ) : shown.length === 0 ? (
        <p class="empty">No mutant is called so.</p>
      ) : (
        <ul class="switches">
          {shown.map(({ id, description, breaks }) => (
            <li key={id}>
              <Switch isOn={on.has(id)} label={id} note={description} tags={breaks} onToggle={() => toggle(id)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
