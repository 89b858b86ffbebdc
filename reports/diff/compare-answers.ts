import { compareBodies } from './compare-bodies.js';
import { isComplete, normalText } from './normal-text.js';
import type { ObservedAnswer } from './observed-answer.js';

/** What would have to be done to the mock's answer so that it is the other one. Values are as the bank sends them. */
export type AnswerChange =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'omit-header'; readonly name: string }
  | { readonly kind: 'set-header'; readonly name: string; readonly value: string }
  | { readonly kind: 'whitespace'; readonly whitespace: 'compact' | 'spaced' | 'lines-lf' | 'lines-crlf' }
  | { readonly kind: 'omit-member'; readonly name: string }
  | { readonly kind: 'set-member'; readonly name: string; readonly value: unknown }
  | { readonly kind: 'member-order'; readonly names: readonly string[] }
  | { readonly kind: 'body'; readonly body: unknown }
  /** A lifetime of the mock's settings, in seconds. */
  | {
      readonly kind: 'lifetime';
      readonly setting: 'accessTokenLifetime' | 'idTokenLifetime';
      readonly seconds: number;
    };

/** One respect in which two answers differ. */
export interface AnswerDifference {
  /** What differs, as an id of lower-case words: `status`, `header.pragma`, `lifetime.access_token`. */
  readonly aspect: string;
  readonly mock: string;
  readonly other: string;
  /** Null where nothing that the mock can be told would remove it; then `why` says so. */
  readonly change: AnswerChange | null;
  readonly why: string | null;
}

/** Headers whose value means something; of all others it only counts that they are there. */
const meaningful = new Set([
  'allow',
  'cache-control',
  'content-type',
  'pragma',
  'www-authenticate',
  'x-ca-err',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'strict-transport-security',
]);

const absent = '(absent)';

/** All in which two answers to the same request differ. What a difference of the status brings along is left out. */
export function compareAnswers(mock: ObservedAnswer, other: ObservedAnswer): readonly AnswerDifference[] {
  if (mock.endpoint === 'redirect') return compareParameters(mock, other);
  if (mock.status !== other.status) {
    const shown = ({ status, error }: ObservedAnswer): string =>
      status === null ? 'no answer' : `${String(status)}${error === null ? '' : ` ${error}`}`;
    const difference = (change: AnswerChange | null, why: string | null): AnswerDifference => ({
      aspect: 'status',
      mock: shown(mock),
      other: shown(other),
      change,
      why,
    });
    const bothRefuse = (mock.status ?? 0) >= 400 && (other.status ?? 0) >= 400;
    if (!bothRefuse || other.status === null) {
      return [difference(null, 'the banks decide differently; no setting of an answer changes that')];
    }
    return [
      difference({ kind: 'status', status: other.status }, null),
      ...compareHeaders(mock, other),
      ...bodies(mock, other),
    ];
  }
  return [...compareHeaders(mock, other), ...bodies(mock, other)];
}

/** The words and forms of pages are a bank's own affair; programs read the other bodies. */
function bodies(mock: ObservedAnswer, other: ObservedAnswer): readonly AnswerDifference[] {
  const isPage = mock.endpoint === 'pages' || mock.endpoint === 'authorize';
  return isPage && mock.kind !== 'json' && other.kind !== 'json' ? [] : compareBodies(mock, other);
}

function compareHeaders(mock: ObservedAnswer, other: ObservedAnswer): AnswerDifference[] {
  const names = new Set([...mock.headers.keys(), ...other.headers.keys()]);
  return [...names].sort().flatMap((name): AnswerDifference[] => {
    const [here, there] = [mock.headers.get(name), other.headers.get(name)];
    const aspect = `header.${name}`;
    const shown = (value: string | undefined): string => {
      if (value === undefined) return absent;
      return meaningful.has(name) ? headerText(name, value) : '(present)';
    };
    if (shown(here) === shown(there)) return [];
    const difference = { aspect, mock: shown(here), other: shown(there), why: null };
    if (there === undefined) return [{ ...difference, change: { kind: 'omit-header', name } }];
    if (name === 'location' || name === 'set-cookie' || !isComplete(normalText(there))) {
      return [{ ...difference, change: null, why: 'its value is another in every answer' }];
    }
    return [{ ...difference, change: { kind: 'set-header', name, value: there } }];
  });
}

/** Case and spaces of a media type say nothing. */
function headerText(name: string, value: string): string {
  const text = normalText(value);
  return name === 'content-type' ? text.toLowerCase().replaceAll(/\s*;\s*/g, '; ') : text;
}

function compareParameters(mock: ObservedAnswer, other: ObservedAnswer): AnswerDifference[] {
  const why = 'the mock’s redirects have no such setting';
  const names = new Set([...mock.parameters.keys(), ...other.parameters.keys()]);
  const differences = [...names].flatMap((name): AnswerDifference[] => {
    const shown = ({ parameters }: ObservedAnswer): string => {
      const value = parameters.get(name);
      if (value === undefined) return absent;
      return name.startsWith('error') ? value : '(present)';
    };
    if (shown(mock) === shown(other)) return [];
    return [{ aspect: `parameter.${name}`, mock: shown(mock), other: shown(other), change: null, why }];
  });
  const order = ({ parameters }: ObservedAnswer, beside: ObservedAnswer): string =>
    [...parameters.keys()].filter((name) => beside.parameters.has(name)).join(', ');
  if (order(mock, other) === order(other, mock)) return differences;
  return [
    ...differences,
    { aspect: 'parameter-order', mock: order(mock, other), other: order(other, mock), change: null, why },
  ];
}
