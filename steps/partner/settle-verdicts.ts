import type { JudgedScenario } from '../../reports/check-collector.js';
import { verdictOf } from '../../reports/check-collector.js';
import { redactedEvidence } from '../world.js';
import type { PartnerRun } from './partner-run.js';

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
  run.pending.delete(pickleId);
  const due = Math.max(0, ...pending.map(({ dueAtMs }) => dueAtMs)) - performance.now();
  if (due > 0 && !isStopped()) await new Promise((resolve) => setTimeout(resolve, due));
  const findings = pending.flatMap((verdict) => verdict.judge() ?? []);
  await run.closing.get(pickleId)?.();
  run.closing.delete(pickleId);
  const exchanges = run.exchanges.get(pickleId)?.() ?? judged.played.exchanges;
  const settled = { ...judged, played: { ...judged.played, exchanges } };
  const worst = findings.find(({ finding }) => finding === 'failed') ?? findings[0];
  const said = worst === undefined ? null : verdictOf(redactedEvidence(worst));
  if (said === null || judged.check.verdict === 'failed' || judged.check.verdict === 'not-testable') return settled;
  const lastStep = judged.played.steps.at(-1)?.text ?? null;
  const reason = said.verdict === 'failed' ? lastStep : (said.reason ?? null);
  return { ...settled, check: { ...judged.check, ...said, reason } };
}
