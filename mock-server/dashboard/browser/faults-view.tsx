import { useCallback, useState } from 'preact/hooks';
import type { Alteration, BankId, Fault, Items } from './api-types.js';
import { callApi } from './control-api.js';
import { useResource } from './hooks.js';
import { useSession } from './session.js';
import { bankNames } from './words.js';

type Point = Fault['at'];
type Effect = Fault['effect'];

const columns = [
  ['token', 'Token'],
  ['api', 'API'],
  ['authorize', 'Authorization'],
] as const;
type Column = (typeof columns)[number][0];

interface Preset {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly points: readonly Column[];
  readonly effect: Effect;
}

const everywhere = ['token', 'api', 'authorize'] as const;
const presets: readonly Preset[] = [
  {
    id: '503',
    label: '503',
    description: 'The bank is down for maintenance',
    points: everywhere,
    effect: { status: 503 },
  },
  { id: '500', label: '500', description: 'The bank fails', points: everywhere, effect: { status: 500 } },
  {
    id: '429',
    label: '429 for 30 s',
    description: 'Too many requests, with Retry-After',
    points: ['token', 'api'],
    effect: { status: 429, headers: { 'retry-after': '30' } },
  },
  {
    id: 'slow',
    label: '5 s late',
    description: 'The answer takes five seconds',
    points: everywhere,
    effect: { delay: 'PT5S' },
  },
  {
    id: 'lost-before',
    label: 'Reset before',
    description: 'The connection breaks and nothing was done',
    points: ['token', 'api'],
    effect: { drop: 'before' },
  },
  {
    id: 'lost-after',
    label: 'Answer lost',
    description: 'The work was done and the answer is lost: after a rotation, the worst that can happen',
    points: ['token', 'api'],
    effect: { drop: 'after' },
  },
  {
    id: 'half',
    label: 'Half an answer',
    description: 'The body ends in its midst',
    points: ['token', 'api'],
    effect: { truncate: true },
  },
  {
    id: 'race',
    label: 'Race of two',
    description: 'Held until two such requests wait, then both at once',
    points: ['token'],
    effect: { barrier: 2 },
  },
];

/** Faults by one click: what the next answers, or all, are to suffer. */
export function FaultsView({ standing }: { readonly standing: readonly Fault[] }) {
  const { api, act } = useSession();
  const [bank, setBank] = useState<BankId>('bs2');
  const [times, setTimes] = useState(1);
  const [words, setWords] = useState('');
  const catalogue = useResource(
    useCallback(() => callApi<Items<Alteration>>('GET', '/faults'), []),
    { key: 'faults', activity: 0 },
  );
  const toggle = (at: Point, effect: Effect, label: string): void => {
    const on = standing.filter((fault) => isSame(fault, at, effect));
    void act(
      async () => {
        for (const { id } of on) await api.delete(`/faults/${id}`);
        if (on.length === 0) await api.post('/faults', { at, times, effect });
      },
      on.length > 0
        ? `${label} is off.`
        : `${label} is on ${times === 0 ? 'until you turn it off' : 'for the next request'}.`,
    );
  };
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const alterations = (catalogue.value?.items ?? []).filter(
    (alteration) =>
      alteration.bank === bank &&
      wanted.every((word) =>
        `${alteration.id} ${alteration.description} ${alteration.breaks.join(' ')}`.toLowerCase().includes(word),
      ),
  );
  return (
    <div class="page">
      <div class="page-head">
        <h1>Faults</h1>
        <div class="inline">
          <Choice
            label="Bank"
            value={bank}
            options={[
              ['bs2', 'BS2'],
              ['btg', 'BTG'],
            ]}
            onChoose={setBank}
          />
          <Choice
            label="How often"
            value={String(times)}
            options={[
              ['1', 'Next request'],
              ['0', 'Until turned off'],
            ]}
            onChoose={(value) => setTimes(Number(value))}
          />
          <button
            type="button"
            disabled={standing.length === 0}
            onClick={() => void act(() => api.delete('/faults'), 'All faults are off.')}
          >
            Turn all off
          </button>
        </div>
      </div>
      {standing.length > 0 && (
        <section class="standing" aria-label="Faults that are on">
          <h2>On now</h2>
          <ul class="plain">
            {standing.map((fault) => (
              <li key={fault.id}>
                <code>{fault.at}</code> {effectWords(fault.effect)}{' '}
                <span class="soft">
                  {fault.times === 0 ? 'until turned off' : `${String(fault.times)} more to come`} · acted{' '}
                  {fault.acted === 1 ? 'once' : `${String(fault.acted)} times`}
                </span>
                <button
                  type="button"
                  class="quiet"
                  onClick={() => void act(() => api.delete(`/faults/${fault.id}`), 'Off.')}
                  aria-label={`Turn off ${fault.at} ${effectWords(fault.effect)}`}
                >
                  Turn off
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <h2>What may go wrong at {bankNames[bank]}</h2>
      <div class="scrolled" tabIndex={0} role="group" aria-label={`Faults of ${bankNames[bank]}`}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">What happens</th>
              {columns.map(([point, title]) => (
                <th key={point} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {presets.map((preset) => (
              <tr key={preset.id}>
                <th scope="row">
                  {preset.label} <span class="soft">{preset.description}</span>
                </th>
                {columns.map(([point, title]) => {
                  if (!preset.points.includes(point)) return <td key={point} />;
                  const at: Point = `${bank}.${point}`;
                  const label = `${preset.label} at ${title.toLowerCase()}`;
                  return (
                    <td key={point}>
                      <button
                        type="button"
                        class="switch bare"
                        role="switch"
                        aria-label={label}
                        aria-checked={standing.some((fault) => isSame(fault, at, preset.effect))}
                        onClick={() => toggle(at, preset.effect, label)}
                      >
                        <span class="knob" aria-hidden="true" />
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>Wrong answers</h2>
      <p class="soft">An answer that is wrong in one way. Does your application notice?</p>
      <input
        type="search"
        class="wide"
        aria-label="Search the wrong answers"
        placeholder="Search: iss, nonce, expires_in …"
        value={words}
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
      />
      <ul class="switches">
        {alterations.map(({ id, at, description, breaks }) => (
          <li key={id}>
            <Switch
              isOn={standing.some((fault) => isSame(fault, at, { alter: id }))}
              label={id}
              note={description}
              tags={breaks}
              onToggle={() => toggle(at, { alter: id }, id)}
            />
          </li>
        ))}
      </ul>
      {catalogue.value !== undefined && alterations.length === 0 && <p class="empty">No wrong answer is called so.</p>}
    </div>
  );
}

/** One thing that is on or off. */
export function Switch(props: {
  readonly isOn: boolean;
  readonly label: string;
  readonly note: string;
  readonly tags?: readonly string[];
  readonly onToggle: () => void;
}) {
  const { isOn, label, note, tags = [], onToggle } = props;
  return (
    <button type="button" class="switch" role="switch" aria-checked={isOn} onClick={onToggle}>
      <span class="knob" aria-hidden="true" />
      <span class="text">
        <strong>{label}</strong>
        <span class="note">{note}</span>
        {tags.length > 0 && <span class="tags mono">{tags.join(' ')}</span>}
      </span>
    </button>
  );
}

function Choice<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <span class="choice" role="group" aria-label={props.label}>
      {props.options.map(([value, label]) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onChoose(value)}>
          {label}
        </button>
      ))}
    </span>
  );
}

function isSame(fault: Fault, at: Point, effect: Effect): boolean {
  return fault.at === at && fault.when === undefined && effectKey(fault.effect) === effectKey(effect);
}

/** Members in one order, without those that are absent. */
function effectKey(effect: Effect): string {
  const members = Object.entries(effect).filter(([, value]) => value !== undefined);
  return JSON.stringify(members.sort(([first], [second]) => (first < second ? -1 : 1)));
}

function effectWords({ status, delay, drop, truncate, barrier, alter }: Effect): string {
  if (status !== undefined) return `answers ${String(status)}`;
  if (delay !== undefined) return `is ${delay.slice(2).toLowerCase()} late`;
  if (drop !== undefined) return drop === 'before' ? 'breaks before the work' : 'breaks after the work';
  if (truncate === true) return 'sends half an answer';
  if (barrier !== undefined) return `races ${String(barrier)} requests`;
  return `answers wrongly: ${alter ?? ''}`;
}
