import { mediansOf } from './bench-record.js';
import type { BenchRecord } from './bench-record.js';

const width = 760;
const labelWidth = 300;
const barHeight = 16;
const rowHeight = 22;
const groupGap = 44;
const top = 30;

/** The first of each group is the least that answers so: the others are told as parts of it. */
const groups = [
  {
    heading: 'opaque tokens',
    rows: [
      ['bare Hono route', 'random opaque token'],
      ['homologa', 'BS2 refresh with rotation'],
      ['homologa', 'BS2 authorization_code'],
      ['homologa', 'BS2 password'],
      ['homologa', 'BS2 client_credentials'],
      ['oidc-provider, opaque', 'client_credentials'],
    ],
  },
  {
    heading: 'signed tokens, RS256',
    rows: [
      ['bare Hono route', 'one RS256'],
      ['homologa', 'BTG refresh'],
      ['homologa', 'BTG authorization_code'],
      ['homologa', 'BTG client_credentials'],
      ['oidc-provider, RS256', 'client_credentials'],
      ['oauth2-mock-server', 'client_credentials'],
      ['oauth2-mock-server', 'refresh'],
    ],
  },
] as const;

/** By the reader's scheme; where a viewer knows none, light. The fallbacks are attributes. */
const style = `<style>
.ground { fill: #fff } .text { fill: #111 } .soft { fill: #555 } .own { fill: #1d4ed8 } .other { fill: #9aa1ab }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117 } .text { fill: #e6e6e6 } .soft { fill: #a3a9b2 } .own { fill: #7aa2ff } .other { fill: #6b7280 }
}
</style>`;

/** Requests a second of the pinned server, a bar each; each group to a scale of its own. */
export function benchPicture(record: BenchRecord): string {
  const { perSecond } = mediansOf(record);
  const said: string[] = [];
  let y = top;
  const drawn = groups.map(({ heading, rows }) => {
    const values = rows.map(([subject, load]) => perSecond('pinned', subject, load));
    const reference = values[0] ?? Number.NaN;
    const scale = (width - labelWidth - 130) / Math.max(1, ...values.filter(Number.isFinite));
    const lines = [text(16, y, `Requests a second: ${heading}`, 'text', 'font-weight="600"')];
    y += 14;
    for (const [index, [subject, load]] of rows.entries()) {
      const value = values[index] ?? Number.NaN;
      const told = `${whole(value)}, ${(value / reference).toFixed(2)} ×`;
      const length = Number.isFinite(value) ? Math.max(1, value * scale) : 0;
      const [fill, colour] = subject === 'homologa' ? ['own', '#1d4ed8'] : ['other', '#9aa1ab'];
      lines.push(
        text(labelWidth - 10, y + 12, `${subject}: ${load}`, 'text', 'text-anchor="end"'),
        `<rect class="${fill}" fill="${colour}" x="${String(labelWidth)}" y="${String(y)}" width="${length.toFixed(1)}" height="${String(barHeight)}"/>`,
        text(labelWidth + length + 8, y + 12, told, 'text'),
      );
      said.push(`${subject}, ${load}: ${told}`);
      y += rowHeight;
    }
    y += groupGap - 14;
    return lines.join('\n');
  });
  const height = y + 6;
  const foot = `× is the part of the bare route of the same group; ${record.run.generator}, one server on one core, each group to its own scale`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="12">`,
    '<title id="title">Requests a second beside the peers</title>',
    `<desc id="description">${said.join('; ')}.</desc>`,
    style,
    `<rect class="ground" fill="#fff" width="${String(width)}" height="${String(height)}"/>`,
    ...drawn,
    text(16, height - 14, foot, 'soft'),
    '</svg>',
    '',
  ].join('\n');
}

function text(x: number, y: number, content: string, kind: 'text' | 'soft', rest = ''): string {
  const colour = kind === 'text' ? '#111' : '#555';
  return `<text class="${kind}" fill="${colour}" x="${x.toFixed(1)}" y="${String(y)}"${rest === '' ? '' : ` ${rest}`}>${content}</text>`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
}
