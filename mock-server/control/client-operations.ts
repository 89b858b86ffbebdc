import type { bankIds } from '../banks/bank-id.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { Tenant } from '../tenants/tenant.js';
import { itemsOf } from './basic-schemas.js';
import {
  clientRequestSchema,
  clientSchema,
  clientSecretSchema,
  listedClient,
  newCredentials,
  toClient,
} from './client-request.js';
import { operation, silentOperation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { ControlProblem, notFound } from './problem.js';
import { bankQuerySchema } from './tenant-schema.js';

const path = '/_mock/tenants/{tenant}/clients';
const clientLimit = 10_000;

function findClient(tenant: Tenant, id: string, bank: (typeof bankIds)[number] | undefined): RegisteredClient {
  const client = bank === undefined ? tenant.clients.findAnywhere(id) : tenant.clients.find(bank, id);
  if (client === undefined) throw notFound('client', id);
  return client;
}

/** The partner's applications. Ids are unique within a bank; `?bank=` tells two of the same id apart. */
export const clientOperations: readonly Operation[] = [
  operation(
    {
      id: 'listClients',
      method: 'GET',
      path,
      summary: 'All clients, with their secrets',
      status: 200,
      response: itemsOf(clientSchema),
    },
    (call) => ({ items: tenantOf(call).clients.list().map(listedClient) }),
  ),
  operation(
    {
      id: 'createClient',
      method: 'POST',
      path,
      summary: 'Registers a client; id and secret are made up in the bank’s own shapes where absent',
      request: clientRequestSchema,
      problems: [409],
      status: 201,
      response: clientSchema,
    },
    (call) => {
      const { clients, random } = tenantOf(call);
      const client = toClient(call.body, random);
      if (clients.find(client.bank, client.id) !== undefined) {
        throw new ControlProblem(
          409,
          'ERR_CLIENT_EXISTS',
          `${client.bank} has a client ${JSON.stringify(client.id)} already.`,
        );
      }
      if (clients.list().length >= clientLimit) {
        throw new ControlProblem(409, 'ERR_TOO_MANY_CLIENTS', `A tenant holds at most ${String(clientLimit)} clients.`);
      }
      clients.put(client);
      return listedClient(client);
    },
  ),
  operation(
    {
      id: 'getClient',
      method: 'GET',
      path: `${path}/{client}`,
      summary: 'One client, with its secret',
      query: bankQuerySchema,
      problems: [400],
      status: 200,
      response: clientSchema,
    },
    (call) => listedClient(findClient(tenantOf(call), call.parameter('client'), call.query.bank)),
  ),
  silentOperation(
    {
      id: 'deleteClient',
      method: 'DELETE',
      path: `${path}/{client}`,
      summary: 'Removes a client; its tokens work no more',
      query: bankQuerySchema,
      problems: [400],
    },
    (call) => {
      const tenant = tenantOf(call);
      tenant.clients.remove(findClient(tenant, call.parameter('client'), call.query.bank));
    },
  ),
  operation(
    {
      id: 'rotateClientSecret',
      method: 'POST',
      path: `${path}/{client}/secrets`,
      summary: 'Gives a client a new secret; the old one stops working',
      query: bankQuerySchema,
      problems: [409],
      status: 201,
      response: clientSecretSchema,
    },
    (call) => {
      const { clients, random } = tenantOf(call);
      const client = findClient(tenantOf(call), call.parameter('client'), call.query.bank);
      if (client.secret === null) throw new ControlProblem(409, 'ERR_PUBLIC_CLIENT', 'A public client has no secret.');
      const { secret } = newCredentials(client.bank, random);
      clients.put({ ...client, secret });
      return { id: client.id, secret };
    },
  ),
];
