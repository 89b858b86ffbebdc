/** One kind of request, sent again and again over so many connections. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** `{token}` stands for one of `tokens`, each of which is sent once. */
  readonly body: string;
  /** None where all requests are alike. */
  readonly tokens: readonly string[];
  /** Whether an answer brings the next token, as a refresh does. Where none does, the load ends with the last token. */
  readonly answersRenew: boolean;
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Answers that were none, or no 2xx. */
  readonly errors: number;
}

export interface LoadOptions {
  readonly connections: number;
  /** Of a load that does not end by itself. */
  readonly seconds: number;
  /** The processor that the generator is kept to; null for any. */
  readonly core: number | null;
}

/** Puts what was prepared on a server that runs. */
export type LoadRun = (options: LoadOptions) => Promise<LoadResult>;

/** A load by name. It is prepared anew for each run, since a run spends what it was made with. */
export interface NamedLoad {
  readonly name: string;
  readonly prepare: (purpose: 'warming' | 'measuring') => Promise<LoadRun>;
}

/** Whether the load ends when its tokens are spent, and not by time. */
export function endsByItself({ tokens, answersRenew }: Load): boolean {
  return tokens.length > 0 && !answersRenew;
}
