import { answerRuleOf } from '../journal/answer-rules.js';
import { findingRules } from '../journal/findings/catalogue.js';
import { analyseJournal } from '../journal/findings/journal-analysis.js';
import type { RecordedExchange } from '../journal/journal.js';
import type { Tenant } from '../tenants/tenant.js';
import { viewJwt } from './explain-jwt.js';
import type { OpenedEntry } from './journal-entry-schema.js';
import { listEntries } from './journal-entries.js';
import { requirementTexts } from './requirement-texts.js';

type CarriedJwt = OpenedEntry['jwts'][number];

/** How many JWTs of one exchange are told of: a bank carries two, a stranger any number. */
const toldJwts = 8;
const jwtPattern = /\beyJ[A-Za-z0-9_-]{5,4000}\.[A-Za-z0-9_-]{0,8000}\.[A-Za-z0-9_-]{0,2000}/g;

/**
 * An entry that the journal keeps, with its findings in words, the rule that answered and the JWTs that it carried; null
 * where the journal has no such entry. All of it is worked out here, when somebody asks.
 */
export async function openEntry(tenant: Tenant, id: number): Promise<OpenedEntry | null> {
  const { journal } = tenant;
  const recorded = journal.recorded().find((candidate) => candidate.id === id);
  const [entry] = listEntries(journal, { after: id - 1, limit: 1 });
  if (recorded === undefined || entry?.id !== id) return null;
  const findings = analyseJournal(journal)
    .findings.filter((finding) => finding.entry === id)
    .map((finding) => ({ ...finding, advice: findingRules.find((rule) => rule.id === finding.id)?.advice ?? '' }));
  const answeredBy = answerRuleOf(entry);
  const cited = [...(answeredBy?.requirements ?? []), ...findings.flatMap(({ requirements }) => requirements)];
  return {
    entry,
    findings,
    answeredBy,
    jwts: carriedJwts(tenant, recorded.exchange),
    requirements: await requirementTexts(cited),
  };
}

function carriedJwts(tenant: Tenant, exchange: RecordedExchange): CarriedJwt[] {
  const { answer, requestBody, requestHeaders, url } = exchange;
  const authorization = requestHeaders.get('authorization') ?? '';
  const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? '';
  const places: readonly (readonly [string, string])[] = [
    ['request Authorization', authorization],
    ['request address', url],
    ['request body', requestBody],
    ['response Location', location],
    ['response body', answer.body],
  ];
  const found = places.flatMap(([place, text]) =>
    [...text.slice(0, 200_000).matchAll(jwtPattern)].map(({ 0: value, index }) => ({
      where: memberBefore(place, text.slice(Math.max(0, index - 60), index)),
      value,
    })),
  );
  return found.slice(0, toldJwts).flatMap(({ where, value }) => {
    const view = viewJwt(tenant, value);
    return view === null ? [] : [{ where, ...view }];
  });
}

/** `response access_token` rather than `response body`, where a member or parameter of that name holds it. */
function memberBefore(place: string, before: string): string {
  const name = /["?&\s]?([a-z_]{2,30})(?:"\s*:\s*"|=)$/.exec(before)?.[1];
  return name === undefined ? place : `${place.split(' ')[0] ?? place} ${name}`;
}
