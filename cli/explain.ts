import * as v from 'valibot';
import type { ValueExplanation } from '../mock-server/tenant-handle.js';
import { withTenant } from './connect-mock.js';
import { UsageError } from './usage-error.js';

const flagsSchema = v.object({ tenant: v.string(), url: v.string(), json: v.optional(v.boolean(), false) });
const longest = 20_000;

/** Does what `homologa explain` was asked, and prints the life of the value. */
export async function explain(value: unknown, flags: unknown): Promise<void> {
  const { tenant, url, json } = v.parse(flagsSchema, flags);
  const given = v.parse(v.string(), value);
  const text = given === '-' ? await readInput() : given;
  if (text === '' || text.length > longest) {
    throw new UsageError(`Expected a value of 1 to ${String(longest)} characters, got ${String(text.length)}.`);
  }
  const told = await withTenant({ url, tenant }, (handle) => handle.explain(text));
  process.stdout.write(json ? `${JSON.stringify(told)}\n` : explanationText(told));
}

async function readInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > longest + 2) break;
  }
  return text.replace(/\r?\n$/, '');
}

/** An explanation for people: a sentence, whose it is, what happened, what to do. */
export function explanationText(told: ValueExplanation): string {
  const facts = [
    ['read', told.readAs],
    ['given to', told.issued === null ? null : ownerText(told.issued)],
    ['scope', told.issued?.scope ?? null],
    ['grant', told.issued?.grantId ?? null],
    ['expires', told.expiresAt],
    ['header', told.jwt === null ? null : JSON.stringify(told.jwt.header)],
    ['claims', told.jwt === null ? null : JSON.stringify(told.jwt.claims)],
    ['signature', told.jwt?.signature.replaceAll('-', ' ') ?? null],
  ] as const;
  const sections = [
    [told.summary],
    facts.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(10)}${value}`])),
    told.parts.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`),
    told.timeline.map(({ at, entry, text }) => {
      const request = entry === null ? '' : `request ${String(entry)}`;
      return `  ${at}  ${request.padEnd(14)}${text}`;
    }),
    told.possibleReasons.length === 0
      ? []
      : ['It may be that:', ...told.possibleReasons.map((reason) => `  - ${reason}`)],
    told.advice === null ? [] : [`What to do: ${told.advice}`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function ownerText({
  clientId,
  clientName,
  username,
  company,
}: NonNullable<ValueExplanation['issued']>): string | null {
  const parts = [
    clientId === null ? null : `${clientId}${clientName === null ? '' : ` (${clientName})`}`,
    username === null ? null : `user ${username}`,
    company === null ? null : `company ${company}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}
