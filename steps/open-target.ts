import type { PersonOptions } from './consent-ways/open-consent-way.js';
import { createMockTarget } from './mock-target.js';
import type { Target } from './target.js';

/** Opens the target of that name: `mock`, or a target file. */
export async function openTarget(name: string, person?: PersonOptions): Promise<Target> {
  if (name === 'mock') return createMockTarget();
  const { createFileTarget } = await import('./file-target.js');
  return createFileTarget(name, person);
}
