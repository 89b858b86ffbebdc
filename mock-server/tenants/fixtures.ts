import type { BankId } from '../banks/bank-id.js';
import { btgScopes } from '../banks/btg/profile.js';
import { bs2Features } from '../banks/bs2/profile.js';
import { randomBase64url, randomGuid } from './random-source.js';
import type { RandomSource } from './random-source.js';
import type { RegisteredClient } from './registered-client.js';
import { encodeBase32 } from './totp.js';
import type { Company, User, UserBehaviour } from './user.js';

/** Clients and users that a tenant starts with. */
export interface Fixtures {
  readonly clients: readonly RegisteredClient[];
  readonly users: readonly User[];
}

const redirectUri = 'http://localhost:3000/callback';
const loopbackPath = '/callback';
/** The password of every user that a tenant starts with; visibly for tests only. */
export const seededPassword = 'senha-de-teste';

/** What a seeded client's `scope` lists: what the seeded resources need. It may use every scope of its bank. */
export const seededScope: Readonly<Record<BankId, string>> = {
  bs2: 'saldo extrato pagamento transferencia',
  btg: 'openid email profile empresas.btgpactual.com/accounts.readonly',
};

const defaultCredentials: Readonly<Record<BankId, { id: string; secret: string }>> = {
  bs2: { id: `l7${'c0ffee'.padStart(32, '0')}`, secret: 'decade00'.repeat(4) },
  btg: {
    id: '00000000-0000-4000-8000-00000000c0de',
    secret: 'segredo-de-teste-do-homologa-nao-serve-em-nenhum-banco-de-verdade-'.padEnd(86, '0'),
  },
};

const companies: readonly Company[] = [
  {
    cnpj: '30306294000145',
    name: 'Empresa de Teste da Homologação',
    accounts: [
      { bank: 'bs2', branch: '0001', number: '1000001', available: 12345.67, blocked: 100.5 },
      { bank: 'btg', branch: '0050', number: '100001', available: 50000.25, blocked: 0 },
      { bank: 'btg', branch: '0050', number: '100002', available: 731.99, blocked: 31.99 },
    ],
  },
  {
    cnpj: '12ABC34501DE35',
    name: 'Empresa de Teste com CNPJ Alfanumérico',
    accounts: [
      { bank: 'bs2', branch: '0001', number: '2000002', available: 89.9, blocked: 0 },
      { bank: 'btg', branch: '0050', number: '200002', available: 1250, blocked: 250 },
    ],
  },
];

const otherCompany: Company = {
  cnpj: '11222333000181',
  name: 'Outra Empresa de Teste',
  accounts: [
    { bank: 'bs2', branch: '0001', number: '3000003', available: 10, blocked: 0 },
    { bank: 'btg', branch: '0050', number: '300003', available: 20, blocked: 0 },
  ],
};

interface SeededUser {
  readonly username: string;
  readonly name: string;
  readonly cpf: string;
  readonly behaviour?: UserBehaviour;
  readonly role?: User['role'];
  readonly companies?: readonly Company[];
}

const seededUsers: readonly SeededUser[] = [
  { username: 'correntista', name: 'Correntista de Teste', cpf: '11144477735' },
  { username: 'outra', name: 'Outra Correntista de Teste', cpf: '52998224725', companies: [otherCompany] },
  { username: 'bloqueado', name: 'Usuário Bloqueado', cpf: '00000000191', behaviour: 'locked' },
  {
    username: 'codigo-expirado',
    name: 'Código Sempre Expirado',
    cpf: '00000000272',
    behaviour: 'second-factor-expired',
  },
  { username: 'codigo-errado', name: 'Código Sempre Errado', cpf: '00000000353', behaviour: 'second-factor-wrong' },
  { username: 'recusa', name: 'Usuário que Recusa', cpf: '00000000434', behaviour: 'denies' },
  { username: 'lento', name: 'Usuário Lento', cpf: '00000000515', behaviour: 'slow' },
  { username: 'desenvolvedor', name: 'Desenvolvedor de Teste', cpf: '00000000604', role: 'desenvolvedor' },
  { username: 'outra-empresa', name: 'Usuário de Outra Empresa', cpf: '00000000787', companies: [otherCompany] },
];

/** What each magic user does, for the test bank's login page. */
export const magicUsers: readonly { username: string; pt: string; en: string }[] = [
  { username: 'bloqueado', pt: 'o login está bloqueado', en: 'the login is locked' },
  { username: 'codigo-expirado', pt: 'o token sempre expirou', en: 'the token has always expired' },
  { username: 'codigo-errado', pt: 'o token está sempre errado', en: 'the token is always wrong' },
  { username: 'recusa', pt: 'recusa depois do login', en: 'denies after the login' },
  { username: 'lento', pt: 'o banco responde devagar', en: 'the bank answers slowly' },
  { username: 'desenvolvedor', pt: 'papel de desenvolvedor (BTG)', en: 'developer role (BTG)' },
  { username: 'outra-empresa', pt: 'ligado a outra empresa', en: 'linked to another company' },
];

/** Users for a tenant; the password and app token keys are constants, visibly for tests only. */
export function seedUsers(): User[] {
  return seededUsers.map((seeded) => ({
    username: seeded.username,
    password: seededPassword,
    name: seeded.name,
    cpf: seeded.cpf,
    email: `${seeded.username}@exemplo.invalid`,
    role: seeded.role ?? 'operador',
    companies: seeded.companies ?? companies,
    totpSecret: encodeBase32(Buffer.from(`teste-${seeded.username}`.padEnd(20, '-').slice(0, 20))),
    behaviour: seeded.behaviour ?? 'normal',
  }));
}

/** One client of each bank. `random` makes the secrets of every tenant but the default one, whose are constants. */
export function seedClients(random: RandomSource | null): RegisteredClient[] {
  const credentials =
    random === null ? defaultCredentials : { bs2: bs2Credentials(random), btg: btgCredentials(random) };
  const seeded = (bank: BankId, registeredScope: string[]): RegisteredClient => ({
    bank,
    ...credentials[bank],
    name: 'Aplicação de Teste',
    type: 'confidential',
    redirectUris: [redirectUri],
    loopbackPaths: [loopbackPath],
    scope: seededScope[bank],
    registeredScope,
    settings: {},
    provisioned: true,
  });
  return [seeded('bs2', Object.keys(bs2Features)), seeded('btg', Object.keys(btgScopes))];
}

/** An API Key and API Secret in BS2's shape: `l7` and 32 hex digits, 32 hex digits. */
export function bs2Credentials(random: RandomSource): { id: string; secret: string } {
  return { id: `l7${random.bytes(16).toString('hex')}`, secret: random.bytes(16).toString('hex') };
}

/** A client id and secret in BTG's shape: a UUID, 86 characters of base64url. */
export function btgCredentials(random: RandomSource): { id: string; secret: string } {
  return { id: randomGuid(random), secret: randomBase64url(random, 64) };
}
