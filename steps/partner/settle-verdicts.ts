import type { JudgedScenario } from '../../reports/check-collector.js';
import { verdictOf } from '../../reports/check-collector.js';
import { redactedEvidence } from '../world.js';
import type { PartnerRun, PendingVerdict } from './partner-run.js';

/** Resolves when a window has closed. */
export async function windowClosed({ dueAtMs, isDone }: PendingVerdict): Promise<void> {
  const due = dueAtMs - performance.now();
  if (due <= 0) return;
  let timer: NodeJS.Timeout | undefined;
  const isDue = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, due);
  });
  await (isDone === undefined ? isDue : Promise.race([isDue, isDone]));
  clearTimeout(timer);
}

/**
 * Waits until the windows of a check have closed and gives what it then came to. A check that failed already stays as
 * it is. The first finding counts, a failure before all others.
 */
export async function settle(
  judged: JudgedScenario,
  run: PartnerRun,
  isStopped: () => boolean,
): Promise<JudgedScenario> {
  const { pickleId } = judged;
  const pending = run.pending.get(pickleId) ?? [];
  const windows = pending.filter(({ outlastsCheck }) => outlastsCheck !== true);
  if (!isStopped()) await Promise.all(windows.map(windowClosed));
  run.pending.delete(pickleId);
  const findings = windows.flatMap((verdict) => verdict.judge() ?? []);
  await run.closing.get(pickleId)?.();
  run.closing.delete(pickleId);
  const toTheEnd = pending.filter(({ outlastsCheck }) => outlastsCheck === true);
  const hasFailed = judged.check.verdict === 'failed' || findings.some(({ finding }) => finding === 'failed');
  if (!hasFailed && !isStopped()) await Promise.all(toTheEnd.map(windowClosed));
  findings.push(...toTheEnd.flatMap((verdict) => verdict.judge() ?? []));
  const exchanges = run.exchanges.get(pickleId)?.() ?? judged.played.exchanges;
  const settled = { ...judged, played: { ...judged.played, exchanges } };
  const worst = findings.find(({ finding }) => finding === 'failed') ?? findings[0];
  const said = worst === undefined ? null : verdictOf(redactedEvidence(worst));
  if (said === null || judged.check.verdict === 'failed' || judged.check.verdict === 'not-testable') return settled;
  const lastStep = judged.played.steps.at(-1)?.text ?? null;
  const reason = said.verdict === 'failed' ? lastStep : (said.reason ?? null);
  return { ...settled, check: { ...judged.check, ...said, reason } };
}
