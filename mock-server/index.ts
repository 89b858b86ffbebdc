/**
 * A mock of the authorization servers of Banco BS2 and BTG Pactual Empresas, for tests in the same process or another.
 *
 * @module
 */
export { startMockServer, InvalidServerOptionError } from './mock-server.js';
export type { MockServer, MockServerOptions } from './mock-server.js';
export { connectTenant } from './tenant-handle.js';
export type { TenantHandle } from './tenant-handle.js';
export { ListenError } from './listener.js';
export { HomologaError } from '../foundation/homologa-error.js';
