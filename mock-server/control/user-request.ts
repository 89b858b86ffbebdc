import * as v from 'valibot';
import { bankIds } from '../banks/bank-id.js';
import { seedUsers } from '../tenants/fixtures.js';
import { randomDigits } from '../tenants/random-source.js';
import type { RandomSource } from '../tenants/random-source.js';
import { isCnpj, isCpf } from '../tenants/taxpayer-number.js';
import { decodeBase32, encodeBase32 } from '../tenants/totp.js';
import type { Account, User } from '../tenants/user.js';
import { bankIdSchema, listOf, plainText } from './basic-schemas.js';

const amountExpected = 'an amount in reais of less than a trillion';
const amountSchema = v.pipe(v.number(), v.minValue(-1e12, amountExpected), v.maxValue(1e12, amountExpected));

const accountRequestSchema = v.strictObject({
  bank: bankIdSchema,
  branch: v.optional(plainText(10)),
  number: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,20}$/, '1 to 20 letters, digits and hyphens'))),
  available: v.optional(amountSchema),
  blocked: v.optional(amountSchema),
});

const companyRequestSchema = v.strictObject({
  cnpj: v.pipe(v.string(), v.check(isCnpj, 'a CNPJ of 14 characters without punctuation, with right check digits')),
  name: v.optional(plainText(200)),
  accounts: v.optional(v.pipe(v.array(accountRequestSchema), v.maxLength(100, 'at most 100 accounts'))),
});

function isBase32(text: string): boolean {
  try {
    return decodeBase32(text).length >= 10;
  } catch {
    return false;
  }
}

const roleSchema = v.picklist(['operador', 'desenvolvedor']);
const behaviourSchema = v.picklist([
  'normal',
  'locked',
  'second-factor-expired',
  'second-factor-wrong',
  'denies',
  'slow',
]);

/** A user to register. */
export const userRequestSchema = v.strictObject({
  username: plainText(100),
  password: plainText(200),
  name: v.optional(plainText(200)),
  cpf: v.optional(
    v.pipe(v.string(), v.check(isCpf, 'a CPF of 11 digits without punctuation, with right check digits')),
  ),
  email: v.optional(v.pipe(v.string(), v.maxLength(200, 'at most 200 characters'), v.email('an e-mail address'))),
  companies: v.optional(v.pipe(v.array(companyRequestSchema), v.maxLength(100, 'at most 100 companies'))),
  role: v.optional(roleSchema),
  totpSecret: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(200, 'at most 200 characters'),
      v.check(isBase32, 'a key of at least 10 bytes in base32 (A to Z and 2 to 7)'),
    ),
  ),
  behaviour: v.optional(behaviourSchema),
});

/** A company and its accounts, as they are listed. */
export const companySchema = v.object({
  cnpj: v.string(),
  name: v.string(),
  accounts: listOf(
    v.object({
      bank: bankIdSchema,
      branch: v.string(),
      number: v.string(),
      available: v.number(),
      blocked: v.number(),
    }),
  ),
});

/** A user as listed, password and app token key included: they are secrets of tests. */
export const userSchema = v.object({
  username: v.string(),
  password: v.string(),
  name: v.string(),
  cpf: v.string(),
  email: v.string(),
  role: roleSchema,
  companies: listOf(companySchema),
  totpSecret: v.string(),
  behaviour: behaviourSchema,
});

/** The user that a request asks for, with what it left open made up. */
export function toUser(request: v.InferOutput<typeof userRequestSchema>, random: RandomSource): User {
  const account = (asked: v.InferOutput<typeof accountRequestSchema>): Account => ({
    bank: asked.bank,
    branch: asked.branch ?? '0001',
    number: asked.number ?? randomDigits(random, 7),
    available: asked.available ?? 1000,
    blocked: asked.blocked ?? 0,
  });
  const companies = request.companies?.map(({ cnpj, name, accounts }) => ({
    cnpj,
    name: name ?? 'Empresa de Teste',
    accounts: (accounts ?? bankIds.map((bank) => ({ bank }))).map(account),
  }));
  return {
    username: request.username,
    password: request.password,
    name: request.name ?? request.username,
    cpf: request.cpf ?? syntheticCpf(random),
    email: request.email ?? 'usuario@exemplo.invalid',
    role: request.role ?? 'operador',
    companies: companies ?? seedUsers()[0]?.companies ?? [],
    totpSecret: request.totpSecret ?? encodeBase32(random.bytes(20)),
    behaviour: request.behaviour ?? 'normal',
  };
}

/** A CPF with right check digits; nine random digits have exactly one pair of them. */
function syntheticCpf(random: RandomSource): string {
  for (;;) {
    const digits = randomDigits(random, 9);
    for (let check = 0; check < 100; check += 1) {
      const cpf = `${digits}${String(check).padStart(2, '0')}`;
      if (isCpf(cpf)) return cpf;
    }
  }
}
