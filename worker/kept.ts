// What a worker keeps of servers in memory, so that it need not read it again: never more than so many bytes, as counted.

/** Who was not asked for this long makes room for others. While all are, who does not fit in is not kept: with turns that come round one would only drop what is needed next. */
const idleMs = 5 * 60_000;

export class Kept<T> {
  /** Bytes, as counted, that are never exceeded. */
  readonly limit: number;
  readonly #costOf: (value: T) => number;
  readonly #kept = new Map<string, { value: T; cost: number; usedAt: number }>();
  #bytes = 0;

  constructor(limit: number, costOf: (value: T) => number) {
    this.limit = limit;
    this.#costOf = costOf;
  }

  get size(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Leaves it where it is. */
  look(serverId: string): T | undefined {
    return this.#kept.get(serverId)?.value;
  }

  /** Takes it out: whoever takes it gives it back when the transaction is through. */
  take(serverId: string): T | undefined {
    const entry = this.#kept.get(serverId);
    if (!entry) return undefined;
    this.#kept.delete(serverId);
    this.#bytes -= entry.cost;
    return entry.value;
  }

  give(serverId: string, value: T, now = Date.now()): void {
    this.take(serverId);
    const cost = this.#costOf(value);
    for (const [id, { usedAt }] of this.#kept) {
      if (this.#bytes + cost <= this.limit || now - usedAt < idleMs) break;
      this.take(id);
    }
    if (this.#bytes + cost > this.limit) return;
    this.#kept.set(serverId, { value, cost, usedAt: now });
    this.#bytes += cost;
  }
}
