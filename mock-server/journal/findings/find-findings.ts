import type { Endpoint } from '../../banks/exchange.js';
import { findingRules } from './catalogue.js';
import { requirementsAt } from './finding.js';
import type { Finding, FindingRule } from './finding.js';
import type { SeenExchange } from './seen-exchange.js';
import { TrafficHistory } from './traffic-history.js';

/** What traffic shows: its findings in the order of the exchanges, and what is known at the end of it. */
export interface TrafficAnalysis {
  readonly findings: readonly Finding[];
  readonly history: TrafficHistory;
}

/** Judges exchanges, oldest first, each by itself and by those before it. A pure function of what was recorded. */
export function analyseTraffic(exchanges: Iterable<SeenExchange>): TrafficAnalysis {
  const history = new TrafficHistory();
  const findings: Finding[] = [];
  for (const seen of exchanges) {
    for (const rule of rulesOf(seen)) {
      const judgement = rule.judge(seen, history);
      if (judgement !== null) findings.push(toFinding(rule, seen, judgement));
    }
    history.add(seen);
  }
  return { findings, history };
}

const rulesByPlace = new Map<string, readonly FindingRule[]>();

function rulesOf({ bank, endpoint }: { bank: SeenExchange['bank']; endpoint: Endpoint }): readonly FindingRule[] {
  const place = `${bank} ${endpoint}`;
  const known = rulesByPlace.get(place);
  if (known !== undefined) return known;
  const rules = findingRules.filter(({ banks, endpoints }) => banks.includes(bank) && endpoints.includes(endpoint));
  rulesByPlace.set(place, rules);
  return rules;
}

function toFinding(
  rule: FindingRule,
  { bank, entry, receivedAtMs }: SeenExchange,
  judgement: Exclude<ReturnType<FindingRule['judge']>, null>,
): Finding {
  const { severity, message } =
    typeof judgement === 'string' ? { severity: rule.severity, message: judgement } : judgement;
  return {
    id: rule.id,
    severity,
    requirements: requirementsAt(rule, bank),
    entry,
    at: new Date(receivedAtMs).toISOString(),
    bank,
    message,
  };
}
