import { reuseColumns } from './consent-loss-page.js';
import type { LabTable } from './consent-loss-page.js';

const width = 760;
const labelWidth = 220;
const barHeight = 16;
const gap = 18;
const top = 48;
/** One hue, three lightnesses, told apart without colour too. */
const fills = ['#1d4ed8', '#6b93f0', '#c3d3f9'];

/** `docs/consent-loss.svg`: a group of bars for each way to keep tokens, to one scale. */
export function consentLossPicture(table: LabTable, customers: number): string {
  const values = table.map(({ results }) => results.map(({ lost }) => Math.round((lost * 1000) / customers)));
  const most = Math.max(1, ...values.flat());
  const scale = (width - labelWidth - 70) / most;
  const groupHeight = reuseColumns.length * barHeight + gap;
  const height = top + table.length * groupHeight + 8;
  const legend = reuseColumns.map(({ name }, index) => {
    const x = labelWidth + index * 170;
    return (
      `<rect x="${String(x)}" y="16" width="12" height="12" fill="${fills[index] ?? ''}" stroke="#1d4ed8"/>` +
      `<text x="${String(x + 18)}" y="26">${name.replaceAll('`', '')}</text>`
    );
  });
  const groups = table.map(({ row }, group) => {
    const y = top + group * groupHeight;
    const middle = y + (reuseColumns.length * barHeight) / 2 + 4;
    const bars = (values[group] ?? []).map((value, index) => {
      const barY = y + index * barHeight;
      const length = Math.max(1, value * scale).toFixed(1);
      return (
        `<rect x="${String(labelWidth)}" y="${String(barY)}" width="${length}" height="${String(barHeight - 2)}" fill="${fills[index] ?? ''}" stroke="#1d4ed8"/>` +
        `<text x="${(labelWidth + Number(length) + 6).toFixed(1)}" y="${String(barY + 11)}">${String(value)}</text>`
      );
    });
    return `<text x="${String(labelWidth - 10)}" y="${String(middle)}" text-anchor="end">${row.name}</text>${bars.join('')}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#111">`,
    '<title>Consents lost for each thousand customers in ninety days</title>',
    `<rect width="${String(width)}" height="${String(height)}" fill="#fff"/>`,
    ...legend,
    ...groups,
    '</svg>',
    '',
  ].join('\n');
}
