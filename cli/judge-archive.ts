import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { bankIds } from '../mock-server/banks/bank-id.js';
import type { BankId } from '../mock-server/banks/bank-id.js';
import { findingRules } from '../mock-server/journal/findings/catalogue.js';
import { severities } from '../mock-server/journal/findings/finding.js';
import type { Finding } from '../mock-server/journal/findings/finding.js';
import { analyseTraffic } from '../mock-server/journal/findings/find-findings.js';
import { readHar } from '../mock-server/journal/har-exchanges.js';
import type { HarReading } from '../mock-server/journal/har-exchanges.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { UsageError } from './usage-error.js';

const flagsSchema = v.object({ bank: v.picklist(bankIds), json: v.optional(v.boolean(), false) });
const bankNames: Readonly<Record<BankId, string>> = { bs2: 'BS2', btg: 'BTG' };

/**
 * Does what `homologa findings` was asked, and gives the exit code.
 *
 * @throws UsageError (`ERR_USAGE`), UnreadableHarError (`ERR_UNREADABLE_HAR`)
 */
export async function judgeArchive(file: unknown, flags: unknown): Promise<ExitCode> {
  const { bank, json } = v.parse(flagsSchema, flags);
  const path = v.parse(v.string(), file);
  const archive = await readFile(path, 'utf8').catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `Cannot read ${path} (${why}); expected an HTTP Archive, such as the requests.har of a run or what a browser saves.`,
      { cause },
    );
  });
  const reading = readHar(archive, bank);
  if (reading.exchanges.length === 0) throw nothingToJudge(path, bank, reading);
  const { findings } = analyseTraffic(reading.exchanges);
  const requests = reading.exchanges.length;
  process.stdout.write(
    json ? `${JSON.stringify({ bank, requests, items: findings })}\n` : findingsText(findings, bank, requests),
  );
  return findings.some(({ severity }) => severity === 'failed') ? exitCodes.unexpected : exitCodes.ok;
}

function nothingToJudge(path: string, bank: BankId, { entryCount, otherBankCount }: HarReading): UsageError {
  const other: BankId = bank === 'bs2' ? 'btg' : 'bs2';
  const hint =
    otherBankCount === 0
      ? 'record the traffic of the backend too, which a browser does not see'
      : `${String(otherBankCount)} look like ${bankNames[other]}’s, try --bank ${other}`;
  return new UsageError(
    `None of the ${String(entryCount)} entries of ${path} is a request to ${bankNames[bank]}: ${hint}.`,
  );
}

/** Findings for people, the gravest first, each with its requirements and what to do. */
export function findingsText(findings: readonly Finding[], bank: BankId, requests: number): string {
  const count = (severity: Finding['severity']): number => findings.filter((one) => one.severity === severity).length;
  const counts = severities.map((severity) => `${String(count(severity))} ${severity}`).join(', ');
  const lines = severities.flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .flatMap(({ id, entry, message, requirements }) => [
        `${severity.padEnd(8)}request ${String(entry)}  ${id}`,
        `        ${message}`,
        ...(severity === 'info' ? [] : [`        ${adviceOf(id)}`]),
        `        ${requirements.join(' ')}`,
        '',
      ]),
  );
  return [...lines, `${String(requests)} requests to ${bankNames[bank]}: ${counts}.`, ''].join('\n');
}

function adviceOf(id: string): string {
  return findingRules.find((rule) => rule.id === id)?.advice ?? '';
}
