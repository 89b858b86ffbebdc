import { useSession } from './session.js';
import { dateTimeOf } from './words.js';

const steps = [
  { by: 'PT1M', label: '+1 min', title: 'One minute on' },
  { by: 'PT7M', label: '+7 min', title: 'Seven minutes on: the life of a BS2 access token' },
  { by: 'PT24H', label: '+24 h', title: 'A day on: the life of a BTG access token' },
  { by: 'P30D', label: '+30 d', title: 'Thirty days on: the life of a BS2 refresh token' },
] as const;

/** The tenant's clock, and how to move it. */
export function ClockBar() {
  const { api, clock, nowMs, act } = useSession();
  const isFrozen = clock?.mode === 'frozen';
  const shown = nowMs === null ? '…' : dateTimeOf(new Date(nowMs).toISOString());
  return (
    <div class={`clock ${isFrozen ? 'frozen' : ''}`} role="group" aria-label="Clock">
      <span class="now">
        <time class="mono">{shown}</time> <span class="soft">UTC{isFrozen ? ', frozen' : ''}</span>
      </span>
      <span class="steps">
        <button
          type="button"
          aria-pressed={isFrozen}
          onClick={() =>
            void act(
              () => api.post(isFrozen ? '/clock/resume' : '/clock/freeze'),
              isFrozen ? 'The clock runs on.' : 'The clock stands still.',
            )
          }
        >
          {isFrozen ? 'Resume' : 'Freeze'}
        </button>
        {steps.map(({ by, label, title }) => (
          <button
            key={by}
            type="button"
            title={title}
            onClick={() => void act(() => api.post('/clock/advance', { by }), `${title.split(':')[0] ?? label}.`)}
          >
            {label}
          </button>
        ))}
        <button
          type="button"
          class="quiet"
          title="Back to real time"
          onClick={() => void act(() => api.post('/clock/reset'), 'Back to real time, running.')}
        >
          Now
        </button>
      </span>
    </div>
  );
}
