import { ageGrant, revokeGrant } from '../banks/grant-changes.js';
import type { Grant } from '../store/records.js';
import { durationMs } from '../tenants/settings.js';
import type { Tenant } from '../tenants/tenant.js';
import { itemsOf } from './basic-schemas.js';
import { grantLife } from './grant-life.js';
import { grantLifeSchema } from './grant-life-schema.js';
import { ageRequestSchema, grantRequestSchema, grantSchema, madeGrantSchema } from './grant-schema.js';
import { listGrant } from './list-grant.js';
import { makeGrant, refuseAncient } from './make-grant.js';
import { operation, silentOperation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { notFound } from './problem.js';

const path = '/_mock/tenants/{tenant}/grants';

async function findGrant(tenant: Tenant, id: string): Promise<Grant> {
  const grant = await tenant.store.grant(id);
  if (grant === undefined) throw notFound('grant', id);
  return grant;
}

/** What users consented to. */
export const grantOperations: readonly Operation[] = [
  operation(
    {
      id: 'listGrants',
      method: 'GET',
      path,
      summary: 'All grants, oldest first',
      status: 200,
      response: itemsOf(grantSchema),
    },
    async (call) => {
      const tenant = tenantOf(call);
      const grants = await tenant.store.grants();
      return { items: await Promise.all(grants.map((grant) => listGrant(tenant, grant))) };
    },
  ),
  operation(
    {
      id: 'createGrant',
      method: 'POST',
      path,
      summary: 'Makes a grant without any redirect, optionally old already; answers with its tokens',
      request: grantRequestSchema,
      problems: [409, 422],
      status: 201,
      response: madeGrantSchema,
    },
    (call) => makeGrant(tenantOf(call), call.body),
  ),
  operation(
    {
      id: 'ageGrant',
      method: 'POST',
      path: `${path}/{grant}/age`,
      summary: 'Makes one grant and its tokens older without moving the clock',
      request: ageRequestSchema,
      status: 200,
      response: grantSchema,
    },
    async (call) => {
      const tenant = tenantOf(call);
      const grant = await findGrant(tenant, call.parameter('grant'));
      const byMs = durationMs(call.body.by);
      refuseAncient(grant.createdAtMs - byMs, 'by');
      await ageGrant(tenant.store, grant.id, byMs);
      return listGrant(tenant, await findGrant(tenant, grant.id));
    },
  ),
  operation(
    {
      id: 'getGrantLife',
      method: 'GET',
      path: `${path}/{grant}/life`,
      summary:
        'One grant’s codes and tokens from when they were given to what ended them, and the requests that did it',
      status: 200,
      response: grantLifeSchema,
    },
    async (call) => {
      const tenant = tenantOf(call);
      return grantLife(tenant, await findGrant(tenant, call.parameter('grant')));
    },
  ),
  silentOperation(
    {
      id: 'revokeGrant',
      method: 'DELETE',
      path: `${path}/{grant}`,
      summary: 'The user, or the bank, revokes the grant',
    },
    async (call) => {
      const tenant = tenantOf(call);
      const grant = await findGrant(tenant, call.parameter('grant'));
      await revokeGrant(tenant.store, grant.id, 'revoked-by-user', tenant.clock.now());
    },
  ),
];
