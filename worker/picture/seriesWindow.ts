// The last hours of one server's series as judging needs them: each report of the newest hours, five minutes a point before. Held so that
// 20,000 servers fit into memory: only series that a rule has asked for keep more than their newest value, and what never changes is one
// number. Pure.
import type { Pack } from '#prisma/samplePack.ts';
import type { Point } from '#worker/rules/rule.ts';

/** Trends look back this far; the newest hour (and what is left of the one before) in full. */
export const historySeconds = 6 * 3600;
const hour = 3600;
const coarseSeconds = 300;
/** Reports that come before room is made again. */
const room = 16;

/** A value for each moment, NaN where there was none; a number when it is the same at all of them. */
type Column = number | Float32Array;

interface Report {
  /** Epoch seconds. */
  at: number;
  slots: ArrayLike<number>;
  values: ArrayLike<number>;
}

export class SeriesWindow {
  /** Epoch seconds: beginnings of five minutes first, then reports. */
  #times: number[] = [];
  /** How many of them are five minutes. */
  #coarse = 0;
  #columns = new Map<number, Column>();
  #asked = new Set<number>();
  /** By slot: the newest value and when it was, epoch seconds. */
  #newest = new Float32Array(0);
  #newestAt = new Float64Array(0);
  /** Not yet shrunk. */
  #whole = false;
  /** Series that a rule asked for although only their newest value is here. */
  #lacking = false;

  /** Of packs and then reports, in order of time. All series are whole until `shrink`. */
  static of(packs: readonly Pack[], reports: readonly Report[]): SeriesWindow {
    const window = new SeriesWindow();
    for (const pack of packs) window.#addPack(pack);
    for (const { at, slots, values } of reports) window.add(at, slots, values);
    window.#asked = new Set(window.#columns.keys());
    if (window.at !== undefined) window.roll();
    window.#asked.clear();
    window.#whole = true;
    return window;
  }

  /** Epoch seconds of the last hours' moments. */
  times(): number[] {
    return this.#times.slice(this.#first());
  }

  /** Epoch seconds of the newest report. */
  get at(): number | undefined {
    return this.#times.at(-1);
  }

  get isLacking(): boolean {
    return this.#lacking;
  }

  /** Bytes, about. */
  get bytes(): number {
    let bytes = 1000 + this.#newest.length * 12 + this.#times.length * 8;
    for (const column of this.#columns.values())
      bytes += typeof column === 'number' ? 40 : 240 + column.byteLength;
    return bytes;
  }

  /** How many reports there are since a moment, itself included. */
  reportsSince(from: number): number {
    let count = 0;
    for (let index = this.#times.length - 1; index >= this.#coarse && this.#times[index]! >= from; index--)
      count++;
    return count;
  }

  /** Adds a newer report. A series of which nothing was known is kept from here on. */
  add(at: number, slots: ArrayLike<number>, values: ArrayLike<number>): void {
    if (this.at !== undefined && at <= this.at) return;
    const from = at - historySeconds;
    this.#reach(slots);
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index]!;
      if (!(this.#newestAt[slot]! >= from) && !this.#columns.has(slot)) this.#columns.set(slot, Number.NaN);
      this.#newest[slot] = values[index]!;
      this.#newestAt[slot] = at;
    }
    const length = this.#times.push(at);
    for (const [slot, column] of this.#columns) {
      const value = this.#newestAt[slot] === at ? this.#newest[slot]! : Number.NaN;
      const next = put(column, length - 1, value);
      if (next !== column) this.#columns.set(slot, next);
    }
  }

  /** Forgets what is too old, and makes five minutes a point of what is not new any more. */
  roll(): void {
    const at = this.at ?? 0;
    const fineFrom = Math.floor((at - hour) / hour) * hour;
    const firstFine = this.#times[this.#coarse];
    if (firstFine === undefined || firstFine >= fineFrom) return;
    const oldest = at - historySeconds;
    const first = this.#times.findIndex((time) => time >= oldest);
    const stretches: { at: number; from: number; to: number }[] = [];
    for (let index = Math.max(first, 0); index < this.#times.length; index++) {
      const time = this.#times[index]!;
      const isFine = index >= this.#coarse;
      const start = isFine && time < fineFrom ? Math.floor(time / coarseSeconds) * coarseSeconds : time;
      const last = stretches.at(-1);
      if (isFine && last?.at === start) last.to = index + 1;
      else stretches.push({ at: start, from: index, to: index + 1 });
    }
    for (const [slot, column] of this.#columns) {
      if (!this.#asked.has(slot)) this.#columns.delete(slot);
      else if (typeof column !== 'number') this.#columns.set(slot, meansOf(column, stretches));
    }
    this.#times = stretches.map((stretch) => stretch.at);
    this.#coarse = this.#times.findLastIndex((time) => time < fineFrom) + 1;
    this.#asked.clear();
  }

  /** Once the first judgement has seen a new window: only those series that it asked for stay whole. */
  shrink(): void {
    if (!this.#whole) return;
    this.#whole = false;
    for (const slot of this.#columns.keys()) if (!this.#asked.has(slot)) this.#columns.delete(slot);
  }

  /** Whether a series has a value in these hours. */
  has(slot: number): boolean {
    return this.#newestAt[slot]! >= this.at! - historySeconds;
  }

  newest(slot: number): Point | undefined {
    return this.has(slot) ? [this.#newestAt[slot]!, this.#newest[slot]!] : undefined;
  }

  /** The series in order of time. Where only its newest value is here, `isLacking` says so from then on. */
  points(slot: number): Point[] {
    const points: Point[] = [];
    const column = this.#ask(slot);
    if (column === undefined) return points;
    const times = this.#times;
    for (let index = this.#first(); index < times.length; index++) {
      const value = typeof column === 'number' ? column : column[index]!;
      // NaN is no value.
      if (value === value) points.push([times[index]!, value]);
    }
    return points;
  }

  /** Least and most of a series; as with `points` it must be here as a whole. */
  extent(slot: number): [least: number, most: number] | undefined {
    const column = this.#ask(slot);
    if (column === undefined) return undefined;
    if (typeof column === 'number') return column === column ? [column, column] : undefined;
    let [least, most] = [Infinity, -Infinity];
    for (let index = this.#first(); index < this.#times.length; index++) {
      const value = column[index]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return least <= most ? [least, most] : undefined;
  }

  #ask(slot: number): Column | undefined {
    this.#asked.add(slot);
    const column = this.#columns.get(slot);
    if (column === undefined && this.has(slot)) this.#lacking = true;
    return column;
  }

  /** Index of the first moment of the last hours. */
  #first(): number {
    const oldest = (this.at ?? 0) - historySeconds;
    let first = 0;
    while (this.#times[first]! < oldest) first++;
    return first;
  }

  #addPack({ times, columns }: Pack): void {
    const start = this.#times.length;
    const newer = times.findIndex((time) => this.at === undefined || time > this.at);
    if (newer < 0) return;
    this.#reach([...columns.keys()]);
    for (let index = newer; index < times.length; index++) this.#times.push(times[index]!);
    const length = this.#times.length;
    for (const slot of columns.keys())
      if (!this.#columns.has(slot))
        this.#columns.set(slot, start ? new Float32Array(length).fill(Number.NaN) : Number.NaN);
    for (const [slot, column] of this.#columns) {
      const values = columns.get(slot);
      let own = column;
      for (let index = newer; index < times.length; index++) {
        const value = values?.[index] ?? Number.NaN;
        own = put(own, start + index - newer, value, length);
        if (value !== value) continue;
        this.#newest[slot] = value;
        this.#newestAt[slot] = times[index]!;
      }
      this.#columns.set(slot, own);
    }
  }

  /** Makes room for these slots. */
  #reach(slots: ArrayLike<number>): void {
    let most = this.#newest.length - 1;
    for (let index = 0; index < slots.length; index++) if (slots[index]! > most) most = slots[index]!;
    if (most < this.#newest.length) return;
    const [values, times] = [new Float32Array(most + 1), new Float64Array(most + 1).fill(-Infinity)];
    values.set(this.#newest);
    times.set(this.#newestAt);
    [this.#newest, this.#newestAt] = [values, times];
  }
}

/** The column with a value at `index`, its end; `length` is how long it will become, as far as is known. */
function put(column: Column, index: number, value: number, length = index + 1): Column {
  if (typeof column === 'number') {
    if (index === 0 || Object.is(column, value)) return index === 0 ? Math.fround(value) : column;
    const grown = new Float32Array(length + room).fill(column, 0, index);
    grown[index] = value;
    return grown;
  }
  if (index < column.length) {
    column[index] = value;
    return column;
  }
  const grown = new Float32Array(length + room);
  grown.set(column);
  grown[index] = value;
  return grown;
}

function meansOf(column: Float32Array, stretches: readonly { from: number; to: number }[]): Column {
  const means = new Float32Array(stretches.length + room);
  let constant = true;
  stretches.forEach(({ from, to }, place) => {
    let sum = 0;
    let count = 0;
    for (let index = from; index < to; index++) {
      const value = column[index]!;
      if (value !== value) continue;
      sum += value;
      count++;
    }
    means[place] = count ? sum / count : Number.NaN;
    if (!Object.is(means[place], means[0])) constant = false;
  });
  return constant ? means[0]! : means;
}
