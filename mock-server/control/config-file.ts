import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { HomologaError } from '../../foundation/homologa-error.js';
import type { TenantRequest } from '../tenants/tenant-registry.js';
import { parseConfigFile } from './settings-schema.js';

/** Thrown for a configuration file that cannot be read as YAML or JSON; `cause` holds the reader's error. */
export class UnreadableConfigurationError extends HomologaError {
  constructor(path: string, cause: unknown) {
    const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const reason = isMissing ? 'there is no such file' : line.replace(/:$/, '');
    super(
      'ERR_UNREADABLE_CONFIGURATION',
      `Cannot read the configuration file ${path}: ${reason}. Expected YAML or JSON with settings, clients, users or tenants.`,
      { cause },
    );
  }
}

/** What a configuration file asks for: the default tenant, and others beside it. */
export interface Configuration {
  readonly default: TenantRequest;
  readonly tenants: readonly TenantRequest[];
}

/**
 * Reads a YAML or JSON file of `settings`, `clients`, `users` and `tenants`.
 *
 * @throws UnreadableConfigurationError, InvalidConfigurationError
 */
export async function readConfigFile(path: string): Promise<Configuration> {
  let value: unknown;
  try {
    value = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UnreadableConfigurationError(path, error);
  }
  return parseConfigFile(value ?? {}, path);
}
