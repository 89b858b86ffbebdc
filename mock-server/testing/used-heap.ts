import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of the heap that are still in use once garbage was collected. */
export function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new TypeError('This runtime cannot be asked to collect garbage.');
  for (let round = 0; round < 3; round += 1) Reflect.apply(collect, undefined, []);
  return process.memoryUsage().heapUsed;
}
