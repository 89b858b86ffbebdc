import type { WireCondition, WirePlace, WireRule } from '../tenants/wire-rule.js';
import type { Answer, Endpoint, Exchange } from './exchange.js';
import { layOutJson, layoutOf } from './json-layout.js';

const placeOf: Readonly<Partial<Record<Endpoint, WirePlace>>> = {
  authorize: 'authorize',
  login: 'pages',
  consent: 'pages',
  'second-factor': 'pages',
  scopes: 'pages',
  company: 'pages',
  token: 'token',
  revoke: 'revoke',
  discovery: 'metadata',
  jwks: 'metadata',
  api: 'api',
};

/** The last look at an answer: as the setting `wire` has it. Without rules the answer itself. */
export function onTheWire(answer: Answer, endpoint: Endpoint, exchange: Exchange, rules: readonly WireRule[]): Answer {
  if (rules.length === 0) return answer;
  const error = errorOf(answer);
  return rules
    .filter(({ when }) => when === undefined || isMet(when, answer, { endpoint, exchange, error }))
    .reduce(applyRule, answer);
}

interface Circumstances {
  readonly endpoint: Endpoint;
  readonly exchange: Exchange;
  readonly error: unknown;
}

function isMet(when: WireCondition, answer: Answer, { endpoint, exchange, error }: Circumstances): boolean {
  const isThere = when.at === 'redirect' ? answer.toPartner === true : when.at === placeOf[endpoint];
  return (
    (when.at === undefined || isThere) &&
    (when.grantType === undefined || when.grantType === exchange.facts.grantType) &&
    (when.status === undefined || when.status === answer.status) &&
    (when.error === undefined || when.error === error)
  );
}

function applyRule(answer: Answer, rule: WireRule): Answer {
  return {
    ...answer,
    status: rule.status ?? answer.status,
    headers: changedHeaders(answer, rule),
    body: changedBody(answer.body, rule),
  };
}

function changedHeaders({ headers, toPartner }: Answer, rule: WireRule): Answer['headers'] {
  const { omitHeaders = [], setHeaders = {} } = rule;
  const set = new Map(Object.entries(setHeaders).map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  const unwanted = new Set(omitHeaders.map((name) => name.toLowerCase()));
  const kept = headers.flatMap((header): (readonly [string, string])[] => {
    const name = header[0].toLowerCase();
    if (unwanted.has(name)) return [];
    const replacement = set.get(name);
    set.delete(name);
    if (replacement !== undefined) return [replacement];
    return [name === 'location' && toPartner === true ? [header[0], changedRedirect(header[1], rule)] : header];
  });
  return [...kept, ...set.values()];
}

function changedRedirect(location: string, { omitParameters = [], setParameters = {} }: WireRule): string {
  if (omitParameters.length === 0 && Object.keys(setParameters).length === 0) return location;
  const url = new URL(location);
  for (const name of omitParameters) url.searchParams.delete(name);
  for (const [name, value] of Object.entries(setParameters)) url.searchParams.set(name, value);
  return url.href;
}

function changedBody(before: string, { body, json, omitMembers, setMembers, memberOrder }: WireRule): string {
  if (typeof body === 'string') return body;
  const changesMembers = omitMembers !== undefined || setMembers !== undefined || memberOrder !== undefined;
  if (body === undefined && json === undefined && !changesMembers) return before;
  const value = body ?? parsed(before);
  if (value === undefined) return before;
  const members = isObject(value) ? changedMembers(value, { omitMembers, setMembers, memberOrder }) : value;
  return layOutJson(members, json ?? layoutOf(before), before);
}

function changedMembers(
  value: object,
  { omitMembers = [], setMembers = {}, memberOrder = [] }: Pick<WireRule, 'omitMembers' | 'setMembers' | 'memberOrder'>,
): object {
  const members = new Map<string, unknown>([...Object.entries(value), ...Object.entries(setMembers)]);
  for (const name of omitMembers) members.delete(name);
  const first = memberOrder.filter((name) => members.has(name));
  const names = [...first, ...[...members.keys()].filter((name) => !first.includes(name))];
  return Object.fromEntries(names.map((name) => [name, members.get(name)]));
}

function errorOf({ body }: Answer): unknown {
  const value = parsed(body);
  return isObject(value) && 'error' in value ? value.error : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined where it is no JSON. */
function parsed(body: string): unknown {
  const start = body.slice(0, 1);
  if (start !== '{' && start !== '[') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
