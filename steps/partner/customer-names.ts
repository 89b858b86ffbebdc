/**
 * Who the customers of a run are to the application. One for all banks of a run: a customer is not two people because
 * there are two banks.
 */
export class CustomerNames {
  readonly #drawn: string[] = [];
  readonly #inPlay = new Map<string, number>();

  /** Every name that somebody had, in the order of their coming. */
  get drawn(): readonly string[] {
    return [...new Set(this.#drawn)];
  }

  /**
   * The name of one customer more: a new one, or one of the file's. Among those it is never that of the first customer
   * of the same check, then of nobody of this check and of no other check whose windows are still open, as far as there
   * are enough; of these it is the one who has been away the longest.
   */
  draw(customers: readonly string[] | null, ofThisCheck: readonly string[]): string {
    return this.drawAgain(customers === null ? this.#newName() : this.#inTurn(customers, ofThisCheck));
  }

  /** The name of somebody who comes with another user agent. */
  drawAgain(name: string): string {
    this.#drawn.push(name);
    this.#inPlay.set(name, this.#countOf(name) + 1);
    return name;
  }

  /** Says that a customer is gone. */
  release(name: string): void {
    this.#inPlay.set(name, Math.max(0, this.#countOf(name) - 1));
  }

  #newName(): string {
    return `cliente-${String(this.drawn.length + 1)}`;
  }

  #inTurn(customers: readonly string[], ofThisCheck: readonly string[]): string {
    const [first] = ofThisCheck;
    const rank = (name: string): readonly number[] => [
      name === first ? 1 : 0,
      ofThisCheck.filter((other) => other === name).length,
      this.#countOf(name),
      this.#drawn.lastIndexOf(name),
    ];
    const [best = ''] = customers.toSorted((one, other) => compare(rank(one), rank(other)));
    return best;
  }

  #countOf(name: string): number {
    return this.#inPlay.get(name) ?? 0;
  }
}

function compare(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((rank, at) => rank !== other[at]);
  return index < 0 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}
