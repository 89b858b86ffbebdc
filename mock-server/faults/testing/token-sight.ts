import { createHmac, createPublicKey, verify } from 'node:crypto';
import * as v from 'valibot';
import { gatewayJson } from '../../banks/bs2/gateway-answers.js';
import { orderedJson } from '../../banks/btg/ordered-json.js';
import type { JsonMembers, JsonValue } from '../../banks/json-members.js';
import type { BankVisit, Reply } from '../../mutants/testing/bank-visit.js';
import { entryOf } from './alteration-probe.js';
import type { Entries } from './alteration-probe.js';

const jsonValue: v.GenericSchema<JsonValue> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(jsonValue), v.record(v.string(), jsonValue)]),
);
const jsonObject = v.pipe(v.string(), v.parseJson(), v.record(v.string(), jsonValue));
const keySet = v.object({ keys: v.array(v.looseObject({ kty: v.string(), kid: v.string() })) });

/** An answer without what HTTP adds. */
export interface ReplySight {
  readonly status: number;
  readonly headers: Entries;
  readonly text: string;
}

export function sightOf({ status, headers, text }: Reply): ReplySight {
  const told = [...headers].filter(([name]) => name !== 'date' && name !== 'content-length');
  return { status, headers: told, text };
}

export interface IdTokenSight {
  readonly header: Entries;
  readonly claims: Entries;
  /** Which key and algorithm made it; `none` where there is none, `wrong` and its length where nobody did. */
  readonly signature: string;
}

/** A token response, taken apart. */
export interface TokenSight extends Omit<ReplySight, 'text'> {
  /** The body where it is no JSON object. */
  readonly text: string | null;
  /** Members as they are written; tokens as what they are good for. */
  readonly members: Entries;
  /** Whether the body is written as this bank writes its JSON. */
  readonly inBankForm: boolean;
  readonly idToken: IdTokenSight | null;
}

/** Takes a token response apart, and tries its access token. */
export async function tokenSightOf(visit: BankVisit, reply: Reply): Promise<TokenSight> {
  const { text, ...rest } = sightOf(reply);
  const body = v.safeParse(jsonObject, text);
  if (!body.success) return { ...rest, text, members: [], inBankForm: false, idToken: null };
  const written: JsonMembers = Object.entries(body.output);
  const access = textOf(written, 'access_token');
  const idToken = textOf(written, 'id_token');
  const isJwt = idToken !== null && idToken !== access;
  const opens = access !== null && (await visit.api(access)).status === 200;
  const members = written.map(([name, value]): Entries[number] => {
    if (name === 'access_token') return [name, opens ? '«opens the account»' : '«opens nothing»'];
    if (name === 'refresh_token') return [name, '«refresh token»'];
    if (name === 'id_token') return [name, isJwt ? '«id_token»' : '«access token»'];
    return [name, value];
  });
  return {
    ...rest,
    text: null,
    members,
    inBankForm: text === (visit.bank === 'bs2' ? gatewayJson(written) : orderedJson(written)),
    idToken: isJwt ? await idTokenSightOf(visit, idToken) : null,
  };
}

function textOf(members: Entries, name: string): string | null {
  const value = entryOf(members, name);
  return typeof value === 'string' ? value : null;
}

async function idTokenSightOf(visit: BankVisit, token: string): Promise<IdTokenSight> {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const decoded = (part: string): Entries =>
    Object.entries(v.parse(jsonObject, Buffer.from(part, 'base64url').toString('utf8')));
  return {
    header: decoded(header),
    claims: decoded(claims),
    signature: await signerOf(visit, `${header}.${claims}`, signature),
  };
}

/** Who made a signature, found out with nothing but the client's secret and the keys that the bank publishes. */
async function signerOf(visit: BankVisit, input: string, signature: string): Promise<string> {
  if (signature === '') return 'none';
  const { keys } = v.parse(keySet, (await visit.fetch(visit.tenant.jwksUri)).json);
  const publicKeys = keys.map((key) => createPublicKey({ key, format: 'jwk' }));
  const hmac = (hash: string, key: string): string => createHmac(hash, key).update(input).digest('base64url');
  const secret = visit.client.secret ?? '';
  for (const [alg, hash] of [
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ] as const) {
    if (signature === hmac(hash, secret)) return `${alg} with the secret`;
  }
  for (const key of publicKeys) {
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    if (signature === hmac('sha256', pem)) return 'HS256 with the public key';
    if (verify('RSA-SHA256', Buffer.from(input), key, Buffer.from(signature, 'base64url'))) return 'RS256';
  }
  const canonical = Buffer.from(signature, 'base64url').toString('base64url') === signature;
  return `wrong, ${String(signature.length)} characters of ${canonical ? '' : 'no '}base64url`;
}
