/** Parameters, form fields, headers and members whose values are secret or personal, and what their tags are called. */
const kinds = new Map<string, string>([
  ['code', 'code'],
  ['access_token', 'access_token'],
  ['refresh_token', 'refresh_token'],
  ['id_token', 'id_token'],
  ['id_token_hint', 'id_token'],
  ['token', 'token'],
  ['client_secret', 'client_secret'],
  ['secret', 'client_secret'],
  ['apisecret', 'client_secret'],
  ['api_secret', 'client_secret'],
  ['api_key', 'api_key'],
  ['client_assertion', 'client_assertion'],
  ['assertion', 'assertion'],
  ['code_verifier', 'code_verifier'],
  ['password', 'password'],
  ['senha', 'password'],
  ['pin', 'password'],
  ['username', 'username'],
  ['preferred_username', 'username'],
  ['login', 'username'],
  ['login_hint', 'username'],
  ['usuario', 'username'],
  ['otp', 'second_factor'],
  ['totp', 'second_factor'],
  ['sms', 'second_factor'],
  ['second_factor', 'second_factor'],
  ['secondfactor', 'second_factor'],
  ['authenticator', 'second_factor'],
  ['sessionid', 'session'],
  ['session_id', 'session'],
  ['sessiondata', 'session'],
  ['session', 'session'],
  ['csrf', 'csrf'],
  ['sub', 'person'],
  ['cpf', 'person'],
  ['document', 'person'],
  ['documento', 'person'],
  ['email', 'person'],
  ['name', 'person'],
  ['nome', 'person'],
  ['given_name', 'person'],
  ['family_name', 'person'],
  ['phone_number', 'person'],
  ['cnpj', 'company'],
  ['company', 'company'],
  ['companyid', 'company'],
  ['company_id', 'company'],
  ['account', 'account'],
  ['accountid', 'account'],
  ['account_id', 'account'],
  ['accountnumber', 'account'],
  ['account_number', 'account'],
  ['number', 'account'],
  ['conta', 'account'],
  ['numero', 'account'],
  ['numeroconta', 'account'],
  ['contacorrente', 'account'],
]);

/** Names that are personal as claims and members, but ordinary as the name of a form field or header. */
const onlyInData = new Set(['name', 'number', 'document']);

/** Headers whose whole value is a credential. */
export const credentialHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'x-api-secret',
]);

/**
 * What a value of that name is a secret of; null where it is none. `code[]`, `Code` and `x-code` are `code` too.
 * `place` is `data` for members of JSON and claims.
 */
export function secretKindOf(name: string, place: 'data' | 'field' = 'field'): string | null {
  const plain = name.trim().toLowerCase().replace(/\[.*$/s, '').replace(/^x-/, '').replaceAll('-', '_');
  if (place === 'field' && onlyInData.has(plain)) return null;
  return kinds.get(plain) ?? null;
}
