/** What was measured with so many live grants. */
export interface FlatCostRow {
  readonly grants: number;
  readonly medianMicroseconds: number;
  readonly bytesPerGrant: number;
}

const width = 620;
const height = 260;
const left = 60;
const right = 40;
const top = 40;
const bottom = 46;

/** The median refresh by the number of live grants, on a logarithmic axis; a dashed line marks 1.2 times the first. */
export function flatCostPicture(rows: readonly FlatCostRow[]): string {
  const first = rows[0]?.medianMicroseconds ?? 0;
  const most = Math.max(first * 1.6, ...rows.map((row) => row.medianMicroseconds * 1.1));
  const logs = rows.map(({ grants }) => Math.log10(grants));
  const [least = 0, greatest = 1] = [logs[0], logs.at(-1)];
  const x = (grants: number): number =>
    left + ((Math.log10(grants) - least) / Math.max(greatest - least, 1e-9)) * (width - left - right);
  const y = (microseconds: number): number => height - bottom - (microseconds / most) * (height - top - bottom);
  const at = (value: number): string => value.toFixed(1);
  const points = rows.map((row) => `${at(x(row.grants))},${at(y(row.medianMicroseconds))}`).join(' ');
  const marks = rows.map((row) => {
    const [cx, cy] = [at(x(row.grants)), y(row.medianMicroseconds)];
    const label = row.grants.toLocaleString('en-US').replaceAll(',', ' ');
    return (
      `<circle cx="${cx}" cy="${at(cy)}" r="4" fill="#1d4ed8"/>` +
      `<text x="${cx}" y="${at(cy + 20)}" text-anchor="middle">${row.medianMicroseconds.toFixed(1)} µs</text>` +
      `<text x="${cx}" y="${String(height - bottom + 18)}" text-anchor="middle">${label}</text>`
    );
  });
  const limit = at(y(first * 1.2));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#111">`,
    '<title>Median time of a refresh by the number of live grants</title>',
    `<rect width="${String(width)}" height="${String(height)}" fill="#fff"/>`,
    `<text x="${String(left)}" y="20">a refresh at BS2, in the process, median</text>`,
    `<line x1="${String(left)}" y1="${limit}" x2="${String(width - right)}" y2="${limit}" stroke="#888" stroke-dasharray="4 4"/>`,
    `<text x="${String(left - 8)}" y="${limit}" text-anchor="end" fill="#555">1.2 ×</text>`,
    `<line x1="${String(left)}" y1="${String(height - bottom)}" x2="${String(width - right)}" y2="${String(height - bottom)}" stroke="#111"/>`,
    `<polyline points="${points}" fill="none" stroke="#1d4ed8" stroke-width="2"/>`,
    ...marks,
    `<text x="${String(width / 2)}" y="${String(height - 8)}" text-anchor="middle">live grants</text>`,
    '</svg>',
    '',
  ].join('\n');
}
