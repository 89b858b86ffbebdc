import { spawn } from 'node:child_process';

/** Opens an address in the default browser; `onFailure` is told why where that is not possible. */
export function openBrowser(url: string, onFailure: (why: string) => void): void {
  const [command, ...args] = launcherOf(process.platform);
  const launcher = spawn(command, [...args, url], { stdio: 'ignore', detached: true, windowsHide: true });
  launcher.once('error', (error) => onFailure(`${command}: ${error.message}`));
  launcher.once('exit', (code) => {
    if (code !== null && code !== 0) onFailure(`${command} ended with ${String(code)}`);
  });
  launcher.unref();
}

function launcherOf(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  // `start` takes a first quoted argument for a window's title.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""'];
  return ['xdg-open'];
}
