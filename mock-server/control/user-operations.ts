import { itemsOf } from './basic-schemas.js';
import { operation, silentOperation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { ControlProblem, notFound } from './problem.js';
import { toUser, userRequestSchema, userSchema } from './user-request.js';

const path = '/_mock/tenants/{tenant}/users';
const userLimit = 10_000;

/** The people who log in. */
export const userOperations: readonly Operation[] = [
  operation(
    {
      id: 'listUsers',
      method: 'GET',
      path,
      summary: 'All users, with their passwords',
      status: 200,
      response: itemsOf(userSchema),
    },
    (call) => ({ items: tenantOf(call).users.list() }),
  ),
  operation(
    {
      id: 'createUser',
      method: 'POST',
      path,
      summary: 'Registers a user; what is absent is made up',
      request: userRequestSchema,
      problems: [409],
      status: 201,
      response: userSchema,
    },
    (call) => {
      const { users, random } = tenantOf(call);
      const { username } = call.body;
      if (users.find(username) !== undefined) {
        throw new ControlProblem(409, 'ERR_USER_EXISTS', `There is a user ${JSON.stringify(username)} already.`);
      }
      if (users.list().length >= userLimit) {
        throw new ControlProblem(409, 'ERR_TOO_MANY_USERS', `A tenant holds at most ${String(userLimit)} users.`);
      }
      const user = toUser(call.body, random);
      users.put(user);
      return user;
    },
  ),
  operation(
    {
      id: 'getUser',
      method: 'GET',
      path: `${path}/{username}`,
      summary: 'One user, with the password',
      status: 200,
      response: userSchema,
    },
    (call) => {
      const username = call.parameter('username');
      const user = tenantOf(call).users.find(username);
      if (user === undefined) throw notFound('user', username);
      return user;
    },
  ),
  silentOperation(
    { id: 'deleteUser', method: 'DELETE', path: `${path}/{username}`, summary: 'Removes a user' },
    (call) => {
      const username = call.parameter('username');
      if (!tenantOf(call).users.remove(username)) throw notFound('user', username);
    },
  ),
];
