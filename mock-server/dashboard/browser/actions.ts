import { useCallback, useEffect, useState } from 'preact/hooks';
import { messageOf } from './hooks.js';

/** One line about what an action of the user did, read out as it appears. */
export interface Told {
  readonly text: string;
  readonly isProblem: boolean;
  readonly count: number;
}

/** How the page does things: one action at a time is told of, and what it changed is asked again. */
export function useActions(): {
  readonly told: Told | null;
  readonly activity: number;
  readonly stir: () => void;
  readonly dismiss: () => void;
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
  const act = useCallback(
    async (work: () => Promise<unknown>, done?: string): Promise<boolean> => {
      const tell = (text: string, isProblem: boolean): void =>
        setTold((last) => ({ text, isProblem, count: (last?.count ?? 0) + 1 }));
      try {
        await work();
        if (done !== undefined) tell(done, false);
        stir();
        return true;
      } catch (error) {
        tell(messageOf(error), true);
        stir();
        return false;
      }
    },
    [stir],
  );
  return { told, activity, stir, dismiss, act };
}
