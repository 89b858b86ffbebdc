import { playConsent, ConsentPlayError } from '../banks/play-consent.js';
import type { Delivery } from '../faults/fault-seam.js';
import { parseScope } from '../oauth/scope.js';
import type { Tenant } from '../tenants/tenant.js';
import type { User } from '../tenants/user.js';
import { consentRequestSchema, consentSchema, secondFactorSchema } from './consent-schema.js';
import { operation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { ControlProblem, notFound } from './problem.js';
import type { Problem } from './problem.js';
import { readableText } from './readable-text.js';

/** Playing the user. */
export const consentOperations: readonly Operation[] = [
  operation(
    {
      id: 'createConsent',
      method: 'POST',
      path: '/_mock/tenants/{tenant}/consents',
      summary: 'Plays the user for an authorization request; answers with the redirect that the user would follow',
      request: consentRequestSchema,
      problems: [422],
      status: 200,
      response: consentSchema,
    },
    async (call) => {
      const tenant = tenantOf(call);
      const { scope, username, secondFactor, ...rest } = call.body;
      const user = findUser(tenant, username);
      const play = {
        ...rest,
        user,
        scope: scope === undefined ? undefined : (parseScope(scope) ?? []),
        secondFactor: secondFactor ?? 'sms',
      };
      const result = await playConsent(tenant, play).catch((error: unknown) => {
        if (error instanceof ConsentPlayError) throw new ControlProblem(422, error.code, error.message);
        throw error;
      });
      if (result.kind === 'redirect') return { redirectTo: result.redirectTo };
      const shown = describeShown(result.delivery);
      const detail = `The bank would not redirect; it would answer ${String(shown.status)}: ${shown.text}`;
      throw new ControlProblem(422, 'ERR_NO_REDIRECT', detail, { shown });
    },
  ),
  operation(
    {
      id: 'getSecondFactor',
      method: 'GET',
      path: '/_mock/tenants/{tenant}/second-factor/{username}',
      summary: 'A code of the user’s app that is valid now and not spent, and the last SMS sent',
      status: 200,
      response: secondFactorSchema,
    },
    (call) => {
      const { secondFactors, users } = tenantOf(call);
      const username = call.parameter('username');
      const user = users.findForLogin(username);
      if (user === undefined) throw notFound('user', username);
      return { app: secondFactors.appCode(user), sms: secondFactors.lastSms(user.username)?.code ?? null };
    },
  ),
];

/** The user of that name or CPF, or the first. */
export function findUser(tenant: Tenant, username: string | undefined): User {
  const user = username === undefined ? tenant.users.first() : tenant.users.findForLogin(username);
  if (user !== undefined) return user;
  if (username !== undefined) throw notFound('user', username);
  throw new ControlProblem(404, 'ERR_USER_NOT_FOUND', 'This tenant has no user.');
}

function describeShown({ answer, transport }: Delivery): NonNullable<Problem['shown']> {
  if (transport !== 'complete') return { status: 0, text: 'A fault resets the connection.' };
  const header = (wanted: string): string | undefined =>
    answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const text = readableText(header('content-type') ?? '', answer.body);
  const code = header('x-ca-err') ?? /<code>([\w.-]+)<\/code>:/.exec(answer.body)?.[1];
  return { status: answer.status, ...(code === undefined ? {} : { code }), text };
}
