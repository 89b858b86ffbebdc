/**
 * A mock of the authorization servers of Banco BS2 and BTG Pactual Empresas, for tests in the same process or another.
 *
 * @module
 */
export { startMockServer } from './mock-server.js';
export type { MockServer } from './mock-server.js';
export { InvalidServerOptionError } from './server-options.js';
export type { MockServerOptions } from './server-options.js';
export { connectTenant, ControlApiError } from './tenant-handle.js';
export type {
  ClockReading,
  ConnectOptions,
  HttpArchive,
  ListedAlteration,
  ListedClient,
  ListedEntry,
  ListedFault,
  ListedFinding,
  ListedGrant,
  ListedMutant,
  ListedUser,
  MadeGrant,
  NewClient,
  NewConsent,
  NewFault,
  NewGrant,
  NewTenant,
  NewUser,
  StreamOptions,
  TenantDescription,
  TenantHandle,
  TenantSettings,
  TenantSettingsPatch,
  ValueExplanation,
} from './tenant-handle.js';
export { ListenError } from './listener.js';
export { StateFileError } from './store/state-file-error.js';
export { HomologaError } from '../foundation/homologa-error.js';
