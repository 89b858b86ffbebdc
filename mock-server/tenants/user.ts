import type { BankId } from '../banks/bank-id.js';
import type { TenantMemory } from './tenant-memory.js';

/** An account of a company at one of the banks. Amounts are in reais. */
export interface Account {
  readonly bank: BankId;
  readonly branch: string;
  readonly number: string;
  readonly available: number;
  readonly blocked: number;
}

/** A company (CNPJ: 14 digits, or letters and digits since 2026) that a user may act for. */
export interface Company {
  readonly cnpj: string;
  readonly name: string;
  readonly accounts: readonly Account[];
}

/** What a magic user's login or second factor does, whatever is typed. */
export type UserBehaviour = 'normal' | 'locked' | 'second-factor-expired' | 'second-factor-wrong' | 'denies' | 'slow';

/** The person who logs in: at BS2 the correntista, at BTG an operador or desenvolvedor. */
export interface User {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  /** 11 digits. */
  readonly cpf: string;
  readonly email: string;
  readonly role: 'operador' | 'desenvolvedor';
  readonly companies: readonly Company[];
  /** Key of the app token (RFC 6238), base32. */
  readonly totpSecret: string;
  readonly behaviour: UserBehaviour;
}

/** Users of one tenant. Whoever logs in may type the CPF in place of the username. */
export class UserDirectory {
  readonly #users = new Map<string, User>();
  readonly #memory: TenantMemory | null;

  constructor(memory: TenantMemory | null = null) {
    this.#memory = memory;
  }

  find(username: string): User | undefined {
    return this.#users.get(username);
  }

  /** By username, or by CPF with or without its punctuation. */
  findForLogin(typed: string): User | undefined {
    const known = this.#users.get(typed);
    if (known !== undefined) return known;
    const digits = typed.replaceAll(/[.\-\s]/g, '');
    if (!/^\d{11}$/.test(digits)) return undefined;
    return this.list().find((user) => user.cpf === digits);
  }

  first(): User | undefined {
    return this.list()[0];
  }

  list(): User[] {
    return [...this.#users.values()];
  }

  put(user: User): void {
    this.#users.set(user.username, user);
    this.#memory?.putUser(user);
  }

  remove(username: string): boolean {
    this.#memory?.removeUser(username);
    return this.#users.delete(username);
  }

  /** Takes up what is remembered already. */
  restore(users: readonly User[]): void {
    for (const user of users) this.#users.set(user.username, user);
  }
}
