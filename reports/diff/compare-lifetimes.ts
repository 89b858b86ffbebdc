import type { AnswerChange, AnswerDifference } from './compare-answers.js';
import type { ObservedAnswer } from './observed-answer.js';
import { compareClaims } from './compare-claims.js';
import { readMaskedJwt } from './masked-jwt.js';
import type { MaskedJwt } from './masked-jwt.js';

type LifetimeSetting = Extract<AnswerChange, { kind: 'lifetime' }>['setting'];

/** How long what a token answer gives lives, and what its JWTs say. */
export function compareLifetimes(mock: ObservedAnswer, other: ObservedAnswer): readonly AnswerDifference[] {
  if (mock.endpoint !== 'token') return [];
  const [here, there] = [membersOf(mock), membersOf(other)];
  const differences: AnswerDifference[] = [];
  const add = (aspect: string, one: number | null, two: number | null, setting: LifetimeSetting | null): void => {
    if (one === null || two === null || one === two) return;
    const change = setting === null ? null : ({ kind: 'lifetime', setting, seconds: two } as const);
    const why = setting === null ? 'no setting of the mock is this lifetime' : null;
    differences.push({ aspect, mock: `${String(one)} s`, other: `${String(two)} s`, change, why });
  };
  for (const name of here.keys()) {
    if (!name.endsWith('expires_in')) continue;
    const isAccess = name === 'expires_in';
    const aspect = isAccess ? 'lifetime.access_token' : `lifetime.${name}`;
    add(aspect, seconds(here.get(name)), seconds(there.get(name)), isAccess ? 'accessTokenLifetime' : null);
  }
  const said = (members: ReadonlyMap<string, unknown>) => seconds(members.get('expires_in'));
  const [access, otherAccess] = [jwtOf(here, 'access_token'), jwtOf(there, 'access_token')];
  // Where a token lives as long as expires_in says, the difference is told already.
  if (lifeOf(access) !== said(here) || lifeOf(otherAccess) !== said(there)) {
    add('lifetime.access_token.exp', lifeOf(access), lifeOf(otherAccess), null);
  }
  const [id, otherId] = [jwtOf(here, 'id_token'), jwtOf(there, 'id_token')];
  add('lifetime.id_token', lifeOf(id), lifeOf(otherId), 'idTokenLifetime');
  differences.push(...compareClaims('access_token', access, otherAccess), ...compareClaims('id_token', id, otherId));
  return differences;
}

function membersOf({ json }: ObservedAnswer): ReadonlyMap<string, unknown> {
  const value = json?.value;
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function seconds(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function jwtOf(members: ReadonlyMap<string, unknown>, name: string): MaskedJwt | null {
  const value = members.get(name);
  return typeof value === 'string' ? readMaskedJwt(value) : null;
}

function lifeOf(jwt: MaskedJwt | null): number | null {
  const [exp, iat] = [seconds(jwt?.claims.get('exp')), seconds(jwt?.claims.get('iat'))];
  return exp === null || iat === null ? null : exp - iat;
}
