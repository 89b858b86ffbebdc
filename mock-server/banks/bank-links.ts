/** Where one tenant's bank is to be found. All without a trailing slash. */
export interface BankLinks {
  /** On the public URL: what users' browsers see. */
  readonly publicBase: string;
  /** On the internal URL: what the partner's backend calls. */
  readonly internalBase: string;
  /** The bank at the root of a port of its own, where there is one. */
  readonly rootUrl: string | null;
}
