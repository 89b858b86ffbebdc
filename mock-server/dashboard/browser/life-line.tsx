import type { GrantLife } from './api-types.js';
import { tokenNames } from './token-names.js';
import { dateTimeOf, spanOf } from './words.js';

type TokenLife = GrantLife['tokens'][number];

const labelWidth = 118;
const width = 1000;
const rowHeight = 24;
/** Of a grant that was refreshed for weeks only the last ones are drawn; the table below has them all. */
const drawnTokens = 24;

/**
 * A row for each code and token: solid while it worked, hollow for the life that it did not get, a cross where it was
 * ended before its time. Lives of minutes and of weeks stand in one picture, so time is drawn by its square root,
 * counted from the grant's beginning.
 */
export function LifeLine({ tokens, nowMs }: { readonly tokens: readonly TokenLife[]; readonly nowMs: number }) {
  const named = tokenNames(tokens);
  const rows = tokens.map((token, index) => ({ token, name: named[index] ?? '' })).slice(-drawnTokens);
  const start = Math.min(nowMs, ...rows.map(({ token }) => Date.parse(token.issuedAt)));
  const end = Math.max(
    nowMs + 1000,
    ...rows.map(({ token }) => Date.parse(token.expiresAt ?? token.endedAt ?? token.issuedAt)),
  );
  const scale = (ms: number): number =>
    labelWidth + (width - labelWidth - 8) * Math.sqrt(Math.max(0, ms - start) / Math.max(1, end - start));
  const height = rows.length * rowHeight + 30;
  const now = scale(nowMs);
  return (
    <div class="scrolled" tabIndex={0} role="group" aria-label="Time line">
      <svg
        class="life-line"
        viewBox={`0 0 ${String(width)} ${String(height)}`}
        role="img"
        aria-label={summaryOf(tokens)}
      >
        {ticksOf(end - start, nowMs - start).map(([ms, label]) => (
          <g key={label} class="tick">
            <line x1={scale(start + ms)} x2={scale(start + ms)} y1="0" y2={height - 22} />
            <text x={scale(start + ms)} y={height - 8}>
              {label}
            </text>
          </g>
        ))}
        {rows.map(({ token, name }, index) => (
          <Row key={name} token={token} name={name} y={index * rowHeight + 4} scale={scale} nowMs={nowMs} />
        ))}
        <line class="now-line" x1={now} x2={now} y1="0" y2={height - 22} />
        <text class={`now-label ${now > width - 40 ? 'at-end' : ''}`} x={now} y={height - 8}>
          now
        </text>
      </svg>
    </div>
  );
}

function Row(props: {
  readonly token: TokenLife;
  readonly name: string;
  readonly y: number;
  readonly scale: (ms: number) => number;
  readonly nowMs: number;
}) {
  const { token, name, y, scale, nowMs } = props;
  const issued = scale(Date.parse(token.issuedAt));
  const expires = scale(Date.parse(token.expiresAt ?? token.endedAt ?? token.issuedAt));
  const ended = token.endedAt === null ? null : scale(Date.parse(token.endedAt));
  const lived = ended ?? scale(nowMs);
  const isEarly = ended !== null && token.endedBecause !== 'Expired';
  const last = token.endedBecause === null ? '' : `, ${token.endedBecause.toLowerCase()}`;
  return (
    <g class={`token-row ${token.kind} ${ended === null ? 'alive' : 'over'}`}>
      <title>{`${name}: given ${dateTimeOf(token.issuedAt)}${last}`}</title>
      <text class="name" x="0" y={y + 12}>
        {name}
      </text>
      <rect class="unlived" x={lived} y={y + 3} width={Math.max(0, expires - lived)} height="10" rx="3" />
      <rect class="lived" x={issued} y={y + 3} width={Math.max(3, lived - issued)} height="10" rx="3" />
      {isEarly && <path class="death" d={`M${String(lived - 4)} ${String(y + 4)}l8 8m0-8l-8 8`} />}
    </g>
  );
}

const steps: readonly (readonly [number, string])[] = [
  [60_000, '1 min'],
  [420_000, '7 min'],
  [3_600_000, '1 h'],
  [21_600_000, '6 h'],
  [86_400_000, '1 d'],
  [259_200_000, '3 d'],
  [864_000_000, '10 d'],
  [1_728_000_000, '20 d'],
  [2_592_000_000, '30 d'],
  [5_184_000_000, '60 d'],
  [15_552_000_000, '180 d'],
];

/** Spans from the beginning that are far enough apart in the picture, and from now, to be read. */
function ticksOf(spanMs: number, nowAfterMs: number): (readonly [number, string])[] {
  let lastPlace = 0;
  const nowPlace = Math.sqrt(Math.max(0, nowAfterMs) / spanMs);
  return steps.filter(([ms]) => {
    const place = Math.sqrt(ms / spanMs);
    if (ms > spanMs || place - lastPlace < 0.06 || Math.abs(place - nowPlace) < 0.04) return false;
    lastPlace = place;
    return true;
  });
}

function summaryOf(tokens: readonly TokenLife[]): string {
  const alive = tokens.filter(({ endedAt }) => endedAt === null).length;
  const first = tokens[0];
  const last = tokens.at(-1);
  const span =
    first === undefined || last === undefined
      ? ''
      : ` over ${spanOf(Date.parse(last.issuedAt) - Date.parse(first.issuedAt))}`;
  return `${String(tokens.length)} codes and tokens${span}, of which ${String(alive)} work; the table below has each.`;
}
