import { resolve } from 'node:path';

/** A new folder for a run's reports: its name sorts by time, and every file system takes it. */
export function reportFolder(target: string, now: Date = new Date()): string {
  return resolve('reports/out', `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${target}`);
}
