import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Settings } from './api-types.js';
import { useResource } from './hooks.js';
import type { Session } from './session.js';
import { useSession } from './session.js';

/** Every setting, whatever there is: a new one appears here by itself. */
export function SettingsView() {
  const session = useSession();
  const { api, activity } = session;
  const settings = useResource(
    useCallback(() => api.get<Settings>('/settings'), [api]),
    { key: api.id, activity, everyMs: 8000 },
  );
  const { value } = settings;
  if (value === undefined) return <p class="empty">{settings.problem ?? 'Loading …'}</p>;
  const { bs2, btg, environment, ...server } = value;
  return (
    <div class="page">
      <h1>Settings</h1>
      <p class="soft">
        What the banks of this tenant do. A change is in force at once; “Reset” above brings back the start.
      </p>
      <section class="settings">
        <h2>Environment</h2>
        <span class="choice" role="group" aria-label="Environment">
          {(['homologacao', 'producao'] as const).map((id) => (
            <button
              key={id}
              type="button"
              aria-pressed={environment === id}
              onClick={() => void patch(session, [], 'environment', id)}
            >
              {id === 'homologacao' ? 'Homologação' : 'Produção'}
            </button>
          ))}
        </span>
      </section>
      <Group title="Mock" path={[]} members={server} />
      <Group title="BS2" path={['bs2']} members={bs2} />
      <Group title="BTG" path={['btg']} members={btg} />
    </div>
  );
}

function patch({ api, act }: Session, path: readonly string[], name: string, value: unknown): Promise<boolean> {
  const body = [...path].reverse().reduce<unknown>((inner, key) => ({ [key]: inner }), { [name]: value });
  return act(() => api.patch('/settings', body), `${[...path, name].join('.')} is ${JSON.stringify(value)}.`);
}

function Group(props: { readonly title: string; readonly path: readonly string[]; readonly members: object }) {
  return (
    <section class="settings">
      <h2>{props.title}</h2>
      {Object.entries(props.members).map(([name, value]: [string, unknown]) => (
        <Setting key={name} path={props.path} name={name} value={value} />
      ))}
    </section>
  );
}

/** A setting as JSON would have it; a text may be typed without quotes. */
function Setting({
  path,
  name,
  value,
}: {
  readonly path: readonly string[];
  readonly name: string;
  readonly value: unknown;
}) {
  const session = useSession();
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  const [typed, setTyped] = useState<string | null>(null);
  const id = ['setting', ...path, name].join('-');
  // What was chosen stands until the mock says what is in force.
  const [chosen, setChosen] = useState<boolean | null>(null);
  useEffect(() => setChosen(null), [value]);
  if (typeof value === 'boolean') {
    const choose = async (): Promise<void> => {
      setChosen(!value);
      if (!(await patch(session, path, name, !value))) setChosen(null);
    };
    return (
      <div class="setting">
        <label for={id}>{name}</label>
        <input id={id} type="checkbox" checked={chosen ?? value} onChange={() => void choose()} />
      </div>
    );
  }
  return (
    <form
      class="setting"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === null || typed === shown) return;
        void patch(session, path, name, readTyped(typed, value)).then((done) => done && setTyped(null));
      }}
    >
      <label for={id}>{name}</label>
      <input
        id={id}
        class="mono"
        value={typed ?? shown}
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setTyped(null)}
      />
      <button
        type="submit"
        class={typed === null || typed === shown ? 'quiet' : ''}
        disabled={typed === null || typed === shown}
      >
        Set
      </button>
    </form>
  );
}

function readTyped(typed: string, before: unknown): unknown {
  const text = typed.trim();
  if (typeof before === 'string' && !/^[{["]/.test(text) && text !== 'null') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
