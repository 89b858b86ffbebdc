import type { Answer, Exchange } from '../banks/exchange.js';
import { banksOf } from '../banks/bank-of-exchange.js';
import type { Banks } from '../banks/banks.js';
import type { Acted, Alteration } from './alteration.js';
import { readAuthorizationResponse, withAuthorizationResponse } from './authorization-response.js';

/** An alteration that a fault asks for. */
export interface AskedAlteration {
  readonly alteration: Alteration;
  readonly acted: Acted;
}

/**
 * Does the work of a request with banks that are altered for it, and then alters its authorization response. What an
 * alteration finds nothing to act on stays as it is.
 */
export async function throughAlterations(
  exchange: Exchange,
  asked: readonly AskedAlteration[],
  work: (exchange: Exchange) => Promise<Answer>,
): Promise<Answer> {
  if (asked.length === 0) return work(exchange);
  const alteredBanks = asked.reduce(
    (banks, { alteration, acted }) => patched(banks, alteration, acted),
    banksOf(exchange),
  );
  let answer = await work({ ...exchange, alteredBanks });
  for (const { alteration, acted } of asked) {
    if (alteration.kind !== 'response') continue;
    const response = readAuthorizationResponse(answer);
    const changed = response === null ? null : await alteration.change(response, exchange);
    if (changed === null) continue;
    acted();
    answer = withAuthorizationResponse(answer, changed);
  }
  return answer;
}

function patched(banks: Banks, alteration: Alteration, acted: Acted): Banks {
  if (alteration.kind !== 'bank') return banks;
  return alteration.bank === 'bs2'
    ? { ...banks, bs2: alteration.patch(banks.bs2, acted) }
    : { ...banks, btg: alteration.patch(banks.btg, acted) };
}
