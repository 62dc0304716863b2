// Gathers calls that come close together, so that they share the round trips that each would need alone.

export interface GatherOptions {
  /** How long the first call of a batch waits for others, in milliseconds. */
  waitMs: number;
  /** Calls of a batch at most. */
  most: number;
  /** Batches that run at the same time at most; what comes meanwhile is gathered. */
  atOnce: number;
  /** Calls that wait at most; one more is refused with an Error. */
  waiting: number;
  /** The same for what they weigh together, where that matters. */
  waitingWeight?: number;
}

/**
 * A function that hands its arguments, gathered, to `run`, and gives each caller its own outcome: `run` answers in the order of the
 * items, with an Error where a call failed. When `run` throws, all calls of that batch fail with that error.
 */
export function gathered<Item, Outcome>(
  run: (items: Item[]) => Promise<(Outcome | Error)[]>,
  { waitMs, most, atOnce, waiting, waitingWeight = Infinity }: GatherOptions,
  weigh: (item: Item) => number = () => 0,
): (item: Item) => Promise<Outcome> {
  interface Call {
    item: Item;
    resolve(outcome: Outcome): void;
    reject(error: unknown): void;
  }
  let calls: Call[] = [];
  let running = 0;
  let weight = 0;
  let timer: NodeJS.Timeout | undefined;

  const start = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (running >= atOnce || !calls.length) return;
    const batch = calls.slice(0, most);
    calls = calls.slice(most);
    running++;
    for (const { item } of batch) weight -= weigh(item);
    run(batch.map(({ item }) => item))
      .then(
        (outcomes) =>
          batch.forEach(({ resolve, reject }, index) => {
            const outcome = outcomes[index];
            if (outcome === undefined || outcome instanceof Error)
              reject(outcome ?? new Error('There was no outcome.'));
            else resolve(outcome);
          }),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        running--;
        arm();
      });
    arm();
  };
  const arm = (): void => {
    if (calls.length >= most) start();
    else if (calls.length) timer ??= setTimeout(start, waitMs);
  };
  return (item) =>
    new Promise((resolve, reject) => {
      if (calls.length >= waiting || weight + weigh(item) > waitingWeight) {
        reject(new Error(`${calls.length} calls wait already`));
        return;
      }
      weight += weigh(item);
      calls.push({ item, resolve, reject });
      arm();
    });
}
