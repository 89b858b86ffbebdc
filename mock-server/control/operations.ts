import { clientOperations } from './client-operations.js';
import { clockOperations } from './clock-operations.js';
import { consentOperations } from './consent-operations.js';
import { explainOperations } from './explain-operations.js';
import { faultOperations } from './fault-operations.js';
import { findingsOperations } from './findings-operations.js';
import { grantOperations } from './grant-operations.js';
import { journalOperations } from './journal-operations.js';
import { mutantOperations } from './mutant-operations.js';
import type { Operation } from './operation.js';
import { settingsOperations } from './settings-operations.js';
import { tenantOperations } from './tenant-operations.js';
import { userOperations } from './user-operations.js';

/** Every call of the control API: the routes and the OpenAPI document are made of this table. */
export const operations: readonly Operation[] = [
  ...tenantOperations,
  ...clockOperations,
  ...settingsOperations,
  ...clientOperations,
  ...userOperations,
  ...consentOperations,
  ...grantOperations,
  ...faultOperations,
  ...mutantOperations,
  ...journalOperations,
  ...findingsOperations,
  ...explainOperations,
];
