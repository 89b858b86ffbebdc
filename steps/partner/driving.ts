/** When the checks of a run made the application do something. Instants are epoch ms. */
export class Driving {
  readonly #ended: { readonly from: number; readonly until: number; readonly atMs: number }[] = [];
  readonly #toldToRefreshMs: number[] = [];

  /** The application was told to refresh, which may concern every customer that it has. */
  toldToRefresh(atMs = Date.now()): void {
    this.#toldToRefreshMs.push(atMs);
  }

  /** How often it was told to refresh from then on. */
  timesToldSince(ms: number): number {
    return this.#toldToRefreshMs.filter((atMs) => atMs >= ms).length;
  }

  /** A check asks for nothing more; the bank's requests with these numbers came meanwhile. */
  checkEnded(span: { readonly from: number; readonly until: number }, atMs = Date.now()): void {
    this.#ended.push({ ...span, atMs });
  }

  /** Since when nobody asks for what began with that request of the bank; null where its check still does. */
  quietSince(number: number): number | null {
    return this.#ended.find(({ from, until }) => from <= number && number < until)?.atMs ?? null;
  }
}
