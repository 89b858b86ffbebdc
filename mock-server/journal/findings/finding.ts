import type { BankId } from '../../banks/bank-id.js';
import type { Endpoint } from '../../banks/exchange.js';
import type { SeenExchange } from './seen-exchange.js';
import type { TrafficHistory } from './traffic-history.js';

/**
 * How grave a finding is: `failed` breaks, loses data or is exploitable at this bank, `warning` departs from a
 * specification without such a consequence here, `info` is worth knowing and may be right.
 */
export type Severity = 'failed' | 'warning' | 'info';

/** Gravest first. */
export const severities: readonly Severity[] = ['failed', 'warning', 'info'];

/** What an entry shows about the client's conduct. Holds no secret. */
export interface Finding {
  /** The rule's id: kebab-case, and never another for the same thing. */
  readonly id: string;
  readonly severity: Severity;
  /** Ids of the register's requirements that it is about. */
  readonly requirements: readonly string[];
  /** The entry's number. */
  readonly entry: number;
  /** RFC 3339 UTC, the tenant's time. */
  readonly at: string;
  readonly bank: BankId;
  /** One sentence; other entries are "request 14". */
  readonly message: string;
}

/** What a rule says of an exchange: a sentence with the rule's own severity, or with a lesser one. */
export type Judgement = string | { readonly severity: Severity; readonly message: string };

/** One thing that clients do wrong, and how it is seen. */
export interface FindingRule {
  readonly id: string;
  /** The gravest that it gives. */
  readonly severity: Severity;
  readonly banks: readonly BankId[];
  /** Endpoints whose requests it looks at. */
  readonly endpoints: readonly Endpoint[];
  /** Those of a bank (`BS2-…`, `BTG-…`) are cited for that bank only. */
  readonly requirements: readonly string[];
  /** For the catalogue: what was done. */
  readonly description: string;
  /** For the catalogue: what to do instead. */
  readonly advice: string;
  /**
   * Judges an exchange by itself and by what came before. Where what came before is not known, it says less or nothing:
   * a finding must never be wrong about a correct client.
   */
  readonly judge: (seen: SeenExchange, history: TrafficHistory) => Judgement | null;
}

/** Most rules are about both. */
export const bothBanks: readonly BankId[] = ['bs2', 'btg'];

/** The rule's requirements that hold at a bank. */
export function requirementsAt({ requirements }: Pick<FindingRule, 'requirements'>, bank: BankId): string[] {
  const otherBank = bank === 'bs2' ? 'BTG-' : 'BS2-';
  return requirements.filter((id) => !id.startsWith(otherBank));
}
