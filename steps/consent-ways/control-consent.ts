import type { TenantHandle } from '../../mock-server/tenant-handle.js';
import type { ConsentInput } from '../target.js';

/** Lets a mock's control play the user, with no page shown. @throws ControlApiError */
export async function consentByControl(control: TenantHandle, input: ConsentInput): Promise<string> {
  const { authorizationUrl, client, identification, decision, user, factor, company } = input;
  const { redirectTo } = await control.consents.create({
    authorizationUrl,
    decision,
    username: user.username,
    ...(identification === 'basic' ? { basic: { id: client.id, secret: client.secret } } : {}),
    ...(factor === undefined ? {} : { secondFactor: factor }),
    ...(company === undefined ? {} : { company }),
  });
  return redirectTo;
}
