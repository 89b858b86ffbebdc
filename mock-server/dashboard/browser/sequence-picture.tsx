import type { GrantLife } from './api-types.js';
import { dateTimeOf, spanOf, timeOf } from './words.js';

type LifeEvent = GrantLife['events'][number];

const lanes = ['customer', 'application', 'bank'] as const;
const laneNames = { customer: 'Customer', application: 'Application', bank: 'Bank' } as const;

/** Who sent what to whom, downwards in time, with gaps said where time passed. */
export function SequencePicture({ life }: { readonly life: GrantLife }) {
  const { events, omittedCalls } = life;
  if (events.length === 0) {
    return (
      <p class="empty">
        The journal shows no request of this grant: it was made here, or its requests were forgotten. What your
        application does with it appears here.
      </p>
    );
  }
  return (
    <>
      <ol class="sequence">
        <li class="lanes" aria-hidden="true">
          <span />
          {lanes.map((lane) => (
            <strong key={lane}>{laneNames[lane]}</strong>
          ))}
          <span />
        </li>
        {events.map((event, index) => (
          <Step key={index} event={event} before={events[index - 1]} />
        ))}
      </ol>
      {omittedCalls > 0 && <p class="soft">{omittedCalls} calls between the first and the last ones are left out.</p>}
    </>
  );
}

function Step({ event, before }: { readonly event: LifeEvent; readonly before: LifeEvent | undefined }) {
  const { at, entry, from, to, text, status } = event;
  const first = lanes.indexOf(from);
  const second = lanes.indexOf(to);
  const left = Math.min(first, second);
  const isNote = first === second;
  const passed = before === undefined ? 0 : Date.parse(at) - Date.parse(before.at);
  const isRefused = status !== null && (status === 0 || status >= 400);
  return (
    <>
      {passed >= 60_000 && <li class="gap">{spanOf(passed)} later</li>}
      <li class={`step ${isRefused ? 'refused' : ''}`}>
        <time class="mono" title={dateTimeOf(at)}>
          {timeOf(at)}
        </time>
        <span class="rails">
          {isNote ? (
            <span class="dot" style={{ gridColumn: String(first + 1) }} />
          ) : (
            <span
              class={`arrow ${first < second ? 'rightward' : 'leftward'}`}
              style={{
                gridColumn: `${String(left + 1)} / span ${String(Math.abs(second - first) + 1)}`,
                '--lanes': String(Math.abs(second - first) + 1),
              }}
            />
          )}
        </span>
        <span class="said">
          <span class="hidden">
            {laneNames[from]} to {laneNames[to]}:{' '}
          </span>
          {text} {entry !== null && <a href={`#/journal/${String(entry)}`}>request {entry}</a>}
        </span>
      </li>
    </>
  );
}
