/** Runs at most one piece of work per key at a time; who comes while it runs gets its result. */
export interface SingleFlight<Result> {
  /** `joined` tells whether the result is of work that someone else had begun. */
  run(key: string, work: () => Promise<Result>): Promise<{ readonly result: Result; readonly joined: boolean }>;
}

/** A hundred callers with one expired token make one refresh; failures are shared too, and not remembered. */
export function createSingleFlight<Result>(): SingleFlight<Result> {
  const underWay = new Map<string, Promise<Result>>();
  return {
    async run(key, work) {
      const other = underWay.get(key);
      if (other !== undefined) return { result: await other, joined: true };
      const own = work().finally(() => underWay.delete(key));
      underWay.set(key, own);
      return { result: await own, joined: false };
    },
  };
}
