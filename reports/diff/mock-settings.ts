import { formatDuration } from '../../foundation/iso-duration.js';
import type { AnswerChange } from './compare-answers.js';
import { normalText } from './normal-text.js';
import type { ObservedAnswer } from './observed-answer.js';
import type { ScenarioBank } from '../scenario-tags.js';

/** Which answers of the mock a rule of its setting `wire` changes. */
export interface WireCondition {
  readonly at?: string;
  readonly grantType?: string;
  readonly status?: number;
  readonly error?: string;
}

/** A rule of the mock's setting `wire`, as `PATCH {t}/settings` takes it. */
export interface WireRule {
  readonly when?: WireCondition;
  readonly status?: number;
  readonly omitHeaders?: readonly string[];
  readonly setHeaders?: Readonly<Record<string, string>>;
  readonly json?: string;
  readonly omitMembers?: readonly string[];
  readonly setMembers?: Readonly<Record<string, unknown>>;
  readonly memberOrder?: readonly string[];
  readonly body?: unknown;
}

/** Settings of one bank of the mock. */
export interface BankPatch {
  readonly wire?: readonly WireRule[];
  /** Any other setting, by its name. */
  readonly [setting: string]: unknown;
}

/** A body for `PATCH {t}/settings`. */
export type SettingsPatch = { readonly [bank in ScenarioBank]?: BankPatch };

/** The settings that would remove a difference, or why there are none. */
export type Advice = { readonly patch: SettingsPatch } | { readonly none: string };

/** Two answers to the same request, with the mock's first. */
export interface ComparedAnswers {
  readonly mock: ObservedAnswer;
  readonly other: ObservedAnswer;
}

type Level = (answer: ObservedAnswer) => WireCondition;

const at: Level = ({ endpoint }) => ({ at: endpoint });
const atStatus: Level = (answer) => ({ ...at(answer), ...(answer.status === null ? {} : { status: answer.status }) });
const atError: Level = (answer) => ({ ...atStatus(answer), ...(answer.error === null ? {} : { error: answer.error }) });
const ofGrantType =
  (level: Level): Level =>
  (answer) => ({ ...level(answer), ...(answer.grantType === null ? {} : { grantType: answer.grantType }) });

/** From the widest on. What is only of some answers by its nature is never said of all. */
const everywhere: readonly Level[] = [() => ({}), at, atStatus, atError, ...[at, atStatus, atError].map(ofGrantType)];
const levelsOf: Readonly<Record<Exclude<AnswerChange['kind'], 'lifetime'>, readonly Level[]>> = {
  'omit-header': everywhere,
  'set-header': everywhere,
  whitespace: everywhere,
  'omit-member': [atStatus, atError, ofGrantType(atStatus), ofGrantType(atError)],
  'set-member': [atStatus, atError, ofGrantType(atStatus), ofGrantType(atError)],
  'member-order': [atStatus, atError, ofGrantType(atStatus), ofGrantType(atError)],
  status: [atError, ofGrantType(atError)],
  body: [atError, ofGrantType(atError)],
};

/**
 * The settings that make the mock's answers of `differing` the other ones and leave all others of `compared` as they
 * are: the widest condition that does so.
 */
export function adviseSettings(
  bank: ScenarioBank,
  change: AnswerChange,
  differing: readonly ComparedAnswers[],
  compared: readonly ComparedAnswers[],
): Advice {
  if (change.kind === 'omit-header' && change.name === 'set-cookie') {
    return { none: 'the forms of the mock’s pages are taken with their cookie only' };
  }
  const rows = new Set(differing);
  const innocent = compared.filter((pair) => !rows.has(pair) && pair.mock.bank === bank && changes(change, pair.mock));
  if (change.kind === 'lifetime') {
    if (innocent.length > 0) return { none: 'the mock has one such lifetime for all its answers, and others agree' };
    return { patch: { [bank]: { [change.setting]: formatDuration(change.seconds * 1000) } } };
  }
  for (const level of levelsOf[change.kind]) {
    const conditions = distinct(differing.map(({ mock }) => level(mock)));
    if (innocent.some(({ mock }) => conditions.some((condition) => meets(mock, condition)))) continue;
    const rules = conditions.map((when): WireRule => ({ ...(isEmpty(when) ? {} : { when }), ...effectOf(change) }));
    return { patch: { [bank]: { wire: rules } } };
  }
  return { none: 'other answers of the same kind agree, and no setting tells them apart' };
}

/** Several patches as one; rules of the same condition become one. */
export function joinPatches(patches: readonly SettingsPatch[]): SettingsPatch {
  const joined: { [bank in ScenarioBank]?: BankPatch } = {};
  for (const patch of patches) {
    for (const bank of ['bs2', 'btg'] as const) {
      const add = patch[bank];
      if (add === undefined) continue;
      const before = joined[bank];
      const wire = joinRules([...(before?.wire ?? []), ...(add.wire ?? [])]);
      joined[bank] = { ...before, ...add, ...(wire.length === 0 ? {} : { wire }) };
    }
  }
  return joined;
}

function joinRules(rules: readonly WireRule[]): readonly WireRule[] {
  const joined = new Map<string, WireRule>();
  for (const rule of rules) {
    const key = JSON.stringify(rule.when ?? {});
    const before = joined.get(key) ?? {};
    const both = (name: 'omitHeaders' | 'omitMembers') => [...(before[name] ?? []), ...(rule[name] ?? [])];
    const [omitHeaders, omitMembers] = [both('omitHeaders'), both('omitMembers')];
    const setHeaders = { ...before.setHeaders, ...rule.setHeaders };
    const setMembers = { ...before.setMembers, ...rule.setMembers };
    joined.set(key, {
      ...before,
      ...rule,
      ...(omitHeaders.length === 0 ? {} : { omitHeaders }),
      ...(Object.keys(setHeaders).length === 0 ? {} : { setHeaders }),
      ...(omitMembers.length === 0 ? {} : { omitMembers }),
      ...(Object.keys(setMembers).length === 0 ? {} : { setMembers }),
    });
  }
  return [...joined.values()];
}

function effectOf(change: Exclude<AnswerChange, { kind: 'lifetime' }>): WireRule {
  switch (change.kind) {
    case 'status':
      return { status: change.status };
    case 'omit-header':
      return { omitHeaders: [change.name] };
    case 'set-header':
      return { setHeaders: { [change.name]: change.value } };
    case 'whitespace':
      return { json: change.whitespace };
    case 'omit-member':
      return { omitMembers: [change.name] };
    case 'set-member':
      return { setMembers: { [change.name]: change.value } };
    case 'member-order':
      return { memberOrder: change.names };
    case 'body':
      return { body: change.body };
  }
}

/** Whether a change would make an answer of the mock another one. */
function changes(change: AnswerChange, { status, headers, json, body, endpoint }: ObservedAnswer): boolean {
  const members = new Map(json?.form.members.filter(([path]) => !/[.[\]]/.test(path)));
  switch (change.kind) {
    case 'status':
      return status !== change.status;
    case 'omit-header':
      return headers.has(change.name);
    case 'set-header':
      return headers.get(change.name) !== change.value;
    case 'whitespace':
      return json !== null && json.form.members.length > 0 && json.form.whitespace !== change.whitespace;
    case 'omit-member':
      return members.has(change.name);
    case 'set-member':
    case 'member-order':
      return members.size > 0;
    case 'body':
      return typeof change.body === 'string' ? body !== change.body : !isSameJson(json?.value, change.body);
    case 'lifetime':
      return endpoint === 'token' && members.has(change.setting === 'idTokenLifetime' ? 'id_token' : 'expires_in');
  }
}

function isSameJson(one: unknown, two: unknown): boolean {
  return normalText(JSON.stringify(one) ?? '') === normalText(JSON.stringify(two) ?? '');
}

function meets(answer: ObservedAnswer, when: WireCondition): boolean {
  return (
    (when.at === undefined || when.at === answer.endpoint) &&
    (when.grantType === undefined || when.grantType === answer.grantType) &&
    (when.status === undefined || when.status === answer.status) &&
    (when.error === undefined || when.error === answer.error)
  );
}

function distinct(conditions: readonly WireCondition[]): WireCondition[] {
  return [...new Map(conditions.map((condition) => [JSON.stringify(condition), condition])).values()];
}

function isEmpty(condition: WireCondition): boolean {
  return Object.keys(condition).length === 0;
}
