import type { TenantDescription } from '../mock-server/control/tenant-schema.js';
import type { StackLines } from './trust-lines.js';

/** A line of a banner: a name and what goes by it. */
export function row(name: string, value: string): string {
  return `${name.padEnd(14)}${value}`;
}

/** A line below one of those. */
export function detailRow(name: string, value: string): string {
  return `  ${name.padEnd(12)}${value}`;
}

/** What each stack needs, a line each and more where it takes more. */
export function stackRows(stacks: readonly StackLines[]): string[] {
  return stacks.flatMap(({ stack, lines }) => lines.map((line, index) => detailRow(index === 0 ? stack : '', line)));
}

/** A client's credentials, under the names that its bank gives them. */
export function clientRows(client: TenantDescription['bs2']['client'], idName: string, secretName: string): string[] {
  if (client === null) return [detailRow('client', 'none')];
  return [
    detailRow(idName, client.id),
    detailRow(secretName, client.secret ?? 'none'),
    detailRow('redirect', client.redirectUris.join(' ')),
    detailRow('scope', client.scope),
  ];
}

/** The first user, with whom to log in; nothing where there is none. */
export function userRows(tenant: TenantDescription): string[] {
  const { user } = tenant;
  if (user === null) return [];
  return [
    row('User', `${user.username} (or CPF ${user.cpf})`),
    detailRow('password', user.password),
    detailRow('2nd factor', "on the dashboard's phone, or"),
    detailRow('', `${tenant.control}/second-factor/${encodeURIComponent(user.username)}`),
    '',
  ];
}
