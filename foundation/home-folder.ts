import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder of this user's configuration in which homologa keeps what outlives a run: `HOMOLOGA_HOME`, else
 * `$XDG_CONFIG_HOME/homologa`, else `~/.config/homologa`. An empty variable counts as none. Nothing is made.
 */
export function homeFolder(environment: NodeJS.ProcessEnv): string {
  const { HOMOLOGA_HOME: own = '', XDG_CONFIG_HOME: configuration = '' } = environment;
  if (own !== '') return own;
  return join(configuration === '' ? join(homedir(), '.config') : configuration, 'homologa');
}
