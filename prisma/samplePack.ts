// Packs many series over one stretch of time into one small column of bytes, and back. Pure.
//
// A pack holds a list of times (epoch seconds) and, for each series, a value or nothing at each of them. Columns that never change cost
// a few bytes; whole numbers are stored as differences; other values as 32-bit floats with 14 significant bits (an error below
// 0.01 %), XORed with their predecessor and laid out byte by byte, so that what they have in common lies together for the compressor.
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

const kinds = { constant: 0, integers: 1, floats: 2 } as const;

export function pack({ times, columns }: Pack): Buffer {
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
    const present = column.filter((value) => value !== undefined).map(rounded);
    const complete = present.length === times.length;
    const kind = present.every((value) => value === present[0])
      ? kinds.constant
      : present.every((value) => Number.isSafeInteger(value) && Math.abs(value) < 2 ** 48)
        ? kinds.integers
        : kinds.floats;
    meta.byte(kind | (complete ? 0 : 4));
    if (!complete) writePresence(meta, column, times.length);
    if (kind === kinds.constant) meta.float64(present[0] ?? 0);
    else if (kind === kinds.integers)
      present.forEach((value, index) => integers.signed(index ? value - present[index - 1]! : value));
    else writeFloats(planes, present);
  }
  const body = Buffer.concat(
    [meta, integers, ...planes].flatMap((writer) => [lengthOf(writer), writer.bytes()]),
  );
  return Buffer.concat([
    Buffer.of(version),
    zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 9 } }),
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
    const presence = head & 4 ? meta.bits(times.length) : undefined;
    const count = presence ? presence.filter(Boolean).length : times.length;
    const values = readValues(head & 3, count, meta, integers, planes);
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

function readValues(kind: number, count: number, meta: Reader, integers: Reader, planes: Reader[]): number[] {
  if (kind === kinds.constant) return new Array<number>(count).fill(meta.float64());
  const values = new Array<number>(count);
  if (kind === kinds.integers) {
    for (let index = 0, value = 0; index < count; index++) values[index] = value += integers.signed();
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
