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

/**
 * The same for what homologa remembers between runs: `HOMOLOGA_HOME/state`, else `$XDG_STATE_HOME/homologa`, else
 * `~/.local/state/homologa`.
 */
export function stateFolder(environment: NodeJS.ProcessEnv): string {
  const { HOMOLOGA_HOME: own = '', XDG_STATE_HOME: state = '' } = environment;
  if (own !== '') return join(own, 'state');
  return join(state === '' ? join(homedir(), '.local', 'state') : state, 'homologa');
}
