// Packs many series over one stretch of time into one small column of bytes, and back. Pure.
//
// A pack holds a list of times (epoch seconds) and, for each series, a value or nothing at each of them. Columns that never change cost
// a few bytes; whole numbers are stored as differences, without the binary zeros that all of a column end in (bytes of memory come in
// kibibytes or pages); other values as 32-bit floats with 14 significant bits (an error below 0.01 %), XORed with their predecessor and laid out byte by byte, so that what they have in common lies together for the compressor.
import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';

export interface Pack {
  /** Epoch seconds, ascending. */
  times: number[];
  /** Slot of a series → one value a time; undefined where there was none. */
  columns: Map<number, (number | undefined)[]>;
}

const version = 1;
/** A pack never grows beyond this, whatever its bytes claim. */
const limitBytes = 64 * 1024 * 1024;

const kinds = { constant: 0, integers: 1, floats: 2, shifted: 3 } as const;

/** Beside the kind. A constant is a whole number, 32 bits wide, or else 64. */
const flags = { partial: 4, whole: 8, single: 16 } as const;

/** `worth` says what a value of a series is worth storing of; `rounded` when left out. */
export function pack(
  { times, columns }: Pack,
  worth: (slot: number) => (value: number) => number = () => rounded,
): Buffer {
  const meta = new Writer();
  const integers = new Writer();
  const planes = [new Writer(), new Writer(), new Writer(), new Writer()];
  meta.varint(times.length);
  times.forEach((time, index) => meta.signed(index ? time - times[index - 1]! : time));
  meta.varint(columns.size);
  let previousSlot = 0;
  for (const [slot, column] of [...columns].sort(([a], [b]) => a - b)) {
    meta.varint(slot - previousSlot);
    previousSlot = slot;
    const present = column.filter((value) => value !== undefined).map(worth(slot));
    const complete = present.length === times.length;
    const unit = commonUnit(present);
    const kind = present.every((value) => value === present[0])
      ? kinds.constant
      : unit === undefined
        ? kinds.floats
        : unit > 1
          ? kinds.shifted
          : kinds.integers;
    const short = kind === kinds.constant ? shortConstant(present[0] ?? 0) : 0;
    meta.byte(kind | (complete ? 0 : flags.partial) | short);
    if (!complete) writePresence(meta, column, times.length);
    if (kind === kinds.constant) writeConstant(meta, present[0] ?? 0, short);
    else if (unit !== undefined) {
      if (unit > 1) meta.byte(Math.log2(unit));
      present.forEach((value, index) =>
        integers.signed((index ? value - present[index - 1]! : value) / unit),
      );
    } else writeFloats(planes, present);
  }
  const body = Buffer.concat(
    [meta, integers, ...planes].flatMap((writer) => [lengthOf(writer), writer.bytes()]),
  );
  return Buffer.concat([
    Buffer.of(version),
    zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
  ]);
}

/** Throws an Error when the bytes are not a pack. `wanted` leaves the other series out. */
export function unpack(bytes: Uint8Array, wanted?: ReadonlySet<number>): Pack {
  if (bytes[0] !== version)
    throw new Error(`A pack of samples has version ${bytes[0]}; only ${version} is known.`);
  const reader = new Reader(zstdDecompressSync(bytes.subarray(1), { maxOutputLength: limitBytes }));
  const meta = reader.part();
  const integers = reader.part();
  const planes = [reader.part(), reader.part(), reader.part(), reader.part()];
  const times: number[] = [];
  for (let left = meta.varint(), time = 0; left > 0; left--) times.push((time += meta.signed()));
  const columns: Pack['columns'] = new Map();
  let slot = 0;
  for (let left = meta.varint(); left > 0; left--) {
    slot += meta.varint();
    const head = meta.byte();
    const presence = head & flags.partial ? meta.bits(times.length) : undefined;
    const count = presence ? presence.filter(Boolean).length : times.length;
    const values = readValues(head, count, meta, integers, planes);
    if (wanted && !wanted.has(slot)) continue;
    let next = 0;
    columns.set(slot, presence ? presence.map((there) => (there ? values[next++] : undefined)) : values);
  }
  return { times, columns };
}

/** What a stored value is worth: whole numbers as they are, others with 14 significant bits. */
export function rounded(value: number): number {
  if (Number.isSafeInteger(value) && Math.abs(value) < 2 ** 48) return value;
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const kept = (bits + 0x100) & ~0x1ff;
  scratch.setUint32(0, kept >>> 0);
  const short = scratch.getFloat32(0);
  return Number.isFinite(short) ? short : value;
}

/** A value with so many significant binary digits, whole numbers too: for what summarizes many values. */
export function coarse(bits: number): (value: number) => number {
  return (value) => {
    if (value === 0 || !Number.isFinite(value)) return value;
    const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) + 1 - bits);
    return rounded(Math.round(value / step) * step);
  };
}

/** The greatest power of two that all are multiples of, or undefined when not all are whole numbers of up to 48 bits. */
function commonUnit(values: readonly number[]): number | undefined {
  let unit = 2 ** 47;
  for (const value of values) {
    if (!Number.isSafeInteger(value) || Math.abs(value) >= 2 ** 48) return undefined;
    while (value % unit !== 0) unit /= 2;
  }
  return unit;
}

const scratch = new DataView(new ArrayBuffer(8));

function writePresence(meta: Writer, column: (number | undefined)[], count: number): void {
  for (let start = 0; start < count; start += 8) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) if (column[start + bit] !== undefined) bits |= 1 << bit;
    meta.byte(bits);
  }
}

function writeFloats(planes: Writer[], values: number[]): void {
  let previous = 0;
  for (const value of values) {
    scratch.setFloat32(0, value);
    const bits = scratch.getUint32(0);
    const change = bits ^ previous;
    previous = bits;
    planes.forEach((plane, index) => plane.byte((change >>> (index * 8)) & 0xff));
  }
}

function shortConstant(value: number): number {
  if (Number.isSafeInteger(value) && Math.abs(value) < 2 ** 48) return flags.whole;
  return Object.is(Math.fround(value), value) ? flags.single : 0;
}

function writeConstant(meta: Writer, value: number, short: number): void {
  if (short === flags.whole) meta.signed(value);
  else if (short === flags.single) meta.float32(value);
  else meta.float64(value);
}

function readConstant(meta: Reader, head: number): number {
  if (head & flags.whole) return meta.signed();
  return head & flags.single ? meta.float32() : meta.float64();
}

function readValues(head: number, count: number, meta: Reader, integers: Reader, planes: Reader[]): number[] {
  const kind = head & 3;
  if (kind === kinds.constant) return new Array<number>(count).fill(readConstant(meta, head));
  const values = new Array<number>(count);
  if (kind === kinds.integers || kind === kinds.shifted) {
    const unit = kind === kinds.shifted ? 2 ** meta.byte() : 1;
    for (let index = 0, value = 0; index < count; index++) values[index] = value += integers.signed() * unit;
    return values;
  }
  for (let index = 0, bits = 0; index < count; index++) {
    const change = planes.reduce((all, plane, place) => all | (plane.byte() << (place * 8)), 0);
    bits ^= change;
    scratch.setUint32(0, bits >>> 0);
    values[index] = scratch.getFloat32(0);
  }
  return values;
}

function lengthOf(writer: Writer): Buffer {
  const length = new Writer();
  length.varint(writer.bytes().length);
  return length.bytes();
}

class Writer {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  byte(value: number): void {
    if (this.#length === this.#buffer.length)
      this.#buffer = Buffer.concat([this.#buffer, Buffer.allocUnsafe(this.#length)]);
    this.#buffer[this.#length++] = value;
  }

  varint(value: number): void {
    while (value >= 0x80) {
      this.byte((value % 0x80) | 0x80);
      value = Math.floor(value / 0x80);
    }
    this.byte(value);
  }

  /** Zigzag: small differences in either direction are short. */
  signed(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  float32(value: number): void {
    scratch.setFloat32(0, value);
    for (let place = 0; place < 4; place++) this.byte(scratch.getUint8(place));
  }

  float64(value: number): void {
    scratch.setFloat64(0, value);
    for (let place = 0; place < 8; place++) this.byte(scratch.getUint8(place));
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  part(): Reader {
    const length = this.varint();
    this.#at += length;
    return new Reader(this.#bytes.subarray(this.#at - length, this.#at));
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new Error('A pack of samples ends too early.');
    return value;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  float32(): number {
    for (let place = 0; place < 4; place++) scratch.setUint8(place, this.byte());
    return scratch.getFloat32(0);
  }

  float64(): number {
    for (let place = 0; place < 8; place++) scratch.setUint8(place, this.byte());
    return scratch.getFloat64(0);
  }

  bits(count: number): boolean[] {
    const found: boolean[] = [];
    for (let start = 0; start < count; start += 8) {
      const byte = this.byte();
      for (let bit = 0; bit < 8 && start + bit < count; bit++) found.push((byte & (1 << bit)) !== 0);
    }
    return found;
  }
}
