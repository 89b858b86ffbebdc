import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiProblem } from './control-api.js';
import { messageOf } from './hooks.js';

/** One line about what an action of the user did, read out as it appears. */
export interface Told {
  readonly text: string;
  readonly isProblem: boolean;
  /** Nothing answered: over as soon as the mock is back. */
  readonly isAway: boolean;
  readonly count: number;
}

/** How the page does things: one action at a time is told of, and what it changed is asked again. */
export function useActions(): {
  readonly told: Told | null;
  readonly activity: number;
  readonly stir: () => void;
  readonly dismiss: () => void;
  /** The mock is back: what was told of its absence is no longer so. */
  readonly welcome: () => void;
  readonly act: (work: () => Promise<unknown>, done?: string) => Promise<boolean>;
} {
  const [told, setTold] = useState<Told | null>(null);
  const [activity, setActivity] = useState(0);
  const stir = useCallback(() => setActivity((count) => count + 1), []);
  // What went well need not stand in the way; what did not stays until it was read.
  useEffect(() => {
    if (told === null || told.isProblem) return undefined;
    const timer = setTimeout(() => setTold(null), 8000);
    return () => clearTimeout(timer);
  }, [told]);
  const dismiss = useCallback(() => setTold(null), []);
  const welcome = useCallback(() => setTold((last) => (last?.isAway === true ? null : last)), []);
  const act = useCallback(
    async (work: () => Promise<unknown>, done?: string): Promise<boolean> => {
      const tell = (text: string, isProblem: boolean, isAway = false): void =>
        setTold((last) => ({ text, isProblem, isAway, count: (last?.count ?? 0) + 1 }));
      try {
        await work();
        if (done !== undefined) tell(done, false);
        stir();
        return true;
      } catch (error) {
        tell(messageOf(error), true, error instanceof ApiProblem && error.status === 0);
        stir();
        return false;
      }
    },
    [stir],
  );
  return { told, activity, stir, dismiss, welcome, act };
}
