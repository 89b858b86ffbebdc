import { compareLifetimes } from './compare-lifetimes.js';
import type { AnswerDifference } from './compare-answers.js';
import { isComplete, normalText } from './normal-text.js';
import type { ObservedAnswer } from './observed-answer.js';

const notInTheRecording = 'the recording does not hold the whole body';
const ofOneRun = 'it holds values of one run';

/** In what the bodies of two answers of the same status differ. */
export function compareBodies(mock: ObservedAnswer, other: ObservedAnswer): readonly AnswerDifference[] {
  if (mock.kind !== other.kind) return [differentKind(mock, other)];
  if (mock.json !== null && other.json !== null) {
    return [
      ...compareWhitespace(mock.json.form, other.json.form),
      ...((mock.status ?? 0) >= 400 ? compareErrors(mock, other) : compareShapes(mock, other)),
    ];
  }
  if (mock.kind !== 'text' || mock.body === null || other.body === null) return [];
  const [here, there] = [normalText(mock.body), normalText(other.body)];
  return here === there ? [] : [textDifference('body', here, there, other.body)];
}

function differentKind(mock: ObservedAnswer, other: ObservedAnswer): AnswerDifference {
  const shown = ({ kind, body }: ObservedAnswer): string =>
    kind === 'none' ? '(empty)' : kind === 'html' ? '(a page)' : body === null ? `(${kind})` : normalText(body);
  if (other.body === null && other.kind !== 'none') {
    return { aspect: 'body', mock: shown(mock), other: shown(other), change: null, why: notInTheRecording };
  }
  return textDifference('body', shown(mock), shown(other), other.body ?? '');
}

function textDifference(aspect: string, here: string, there: string, body: string): AnswerDifference {
  if (!isComplete(normalText(body))) return { aspect, mock: here, other: there, change: null, why: ofOneRun };
  return { aspect, mock: here, other: there, change: { kind: 'body', body }, why: null };
}

type Form = NonNullable<ObservedAnswer['json']>['form'];

function compareWhitespace(mock: Form, other: Form): AnswerDifference[] {
  if (mock.whitespace === other.whitespace || mock.members.length === 0 || other.members.length === 0) return [];
  const { whitespace } = other;
  return [
    {
      aspect: 'json-whitespace',
      mock: mock.whitespace,
      other: whitespace,
      change: { kind: 'whitespace', whitespace },
      why: null,
    },
  ];
}

/** An error is compared whole: a program may read any of it, and people read all. */
function compareErrors(mock: ObservedAnswer, other: ObservedAnswer): AnswerDifference[] {
  const shown = ({ json }: ObservedAnswer): string | null =>
    json?.value === undefined ? null : normalText(JSON.stringify(json.value));
  const [here, there] = [shown(mock), shown(other)];
  if (here === null || there === null) return compareShapes(mock, other);
  if (here === there) return [];
  const difference = { aspect: 'error-body', mock: here, other: there };
  if (!isComplete(there)) return [{ ...difference, change: null, why: ofOneRun }];
  return [{ ...difference, change: { kind: 'body', body: other.json?.value }, why: null }];
}

function compareShapes(mock: ObservedAnswer, other: ObservedAnswer): AnswerDifference[] {
  // In a masked body a JWT is a text.
  const isSure = mock.json?.isRecorded === true && other.json?.isRecorded === true;
  const members = ({ json }: ObservedAnswer) =>
    new Map((json?.form.members ?? []).map(([path, type]) => [path, type === 'jwt' && !isSure ? 'string' : type]));
  const [here, there] = [members(mock), members(other)];
  const names = [...new Set([...here.keys(), ...there.keys()])].filter(
    (path) => isComparable(path, here) && isComparable(path, there),
  );
  const differences = names.flatMap((path): AnswerDifference[] => {
    const [type, otherType] = [here.get(path), there.get(path)];
    // What is null has no type to compare.
    if (type === otherType || type === 'null' || otherType === 'null') return [];
    const shown = { mock: type ?? '(absent)', other: otherType ?? '(absent)' };
    return [{ aspect: `member.${path}`, ...shown, ...memberChange(path, type, other) }];
  });
  return [...differences, ...compareOrder(here, there), ...compareWords(mock, other), ...compareLifetimes(mock, other)];
}

/** An array without elements says nothing of theirs. */
function isComparable(path: string, members: ReadonlyMap<string, string>): boolean {
  const array = path.lastIndexOf('[]');
  if (array < 0) return true;
  const prefix = path.slice(0, array + 2);
  return members.has(prefix) && isComparable(path.slice(0, array), members);
}

function memberChange(path: string, mockType: string | undefined, other: ObservedAnswer) {
  if (/[.[\]]/.test(path)) return { change: null, why: 'only members of the body itself can be set' };
  const value = memberOf(other, path);
  if (value === undefined && mockType !== undefined)
    return { change: { kind: 'omit-member', name: path } as const, why: null };
  if (value === undefined) return { change: null, why: notInTheRecording };
  if (!isComplete(normalText(JSON.stringify(value)))) return { change: null, why: ofOneRun };
  return { change: { kind: 'set-member', name: path, value } as const, why: null };
}

function memberOf({ json }: ObservedAnswer, name: string): unknown {
  const value = json?.value;
  if (typeof value !== 'object' || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}

function compareOrder(here: ReadonlyMap<string, string>, there: ReadonlyMap<string, string>): AnswerDifference[] {
  const common = (one: ReadonlyMap<string, string>, beside: ReadonlyMap<string, string>) =>
    [...one.keys()].filter((path) => beside.has(path));
  const [order, otherOrder] = [common(here, there), common(there, here)];
  if (order.join() === otherOrder.join()) return [];
  const names = [...there.keys()];
  const isFlat = names.every((name) => !/[.[\]]/.test(name));
  return [
    {
      aspect: 'member-order',
      mock: order.join(', '),
      other: otherOrder.join(', '),
      change: isFlat ? { kind: 'member-order', names } : null,
      why: isFlat ? null : 'only members of the body itself can be put in order',
    },
  ];
}

/** Words of a token answer that are the bank's own. */
function compareWords(mock: ObservedAnswer, other: ObservedAnswer): AnswerDifference[] {
  if (mock.endpoint !== 'token') return [];
  const [here, there] = [memberOf(mock, 'token_type'), memberOf(other, 'token_type')];
  if (typeof here !== 'string' || typeof there !== 'string' || here === there) return [];
  const change = { kind: 'set-member', name: 'token_type', value: there } as const;
  return [{ aspect: 'value.token_type', mock: here, other: there, change, why: null }];
}
