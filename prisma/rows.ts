// Many rows in one statement, for the hot paths.
import type { Connection } from './client.ts';

/** PostgreSQL takes 65,535 parameters a statement. */
const mostParameters = 30_000;

/**
 * Runs a statement over rows: `statement` gets a list for `VALUES`, whose columns have the given types. A row has one value a type;
 * arrays of numbers go as what `smallints` and `reals` make of them. Large batches are several statements.
 */
export async function overRows(
  connection: Connection,
  types: readonly string[],
  rows: readonly (readonly unknown[])[],
  statement: (values: string) => string,
): Promise<void> {
  const most = Math.floor(mostParameters / types.length);
  for (let start = 0; start < rows.length; start += most) {
    const part = rows.slice(start, start + most);
    let parameter = 0;
    const list = part.map(() => `(${types.map((type) => `$${++parameter}::${type}`).join(',')})`).join(',');
    await connection.query(statement(list), part.flat());
  }
}

const oids = { smallint: 21, real: 700 } as const;

/** A `smallint[]` as PostgreSQL sends and receives it: a tenth of the work of text on both sides. */
export function smallints(values: readonly number[]): Buffer {
  const bytes = header(oids.smallint, values.length, 2);
  values.forEach((value, index) => {
    bytes.writeInt32BE(2, 20 + index * 6);
    bytes.writeInt16BE(value, 24 + index * 6);
  });
  return bytes;
}

/** A `real[]`. */
export function reals(values: readonly number[]): Buffer {
  const bytes = header(oids.real, values.length, 4);
  values.forEach((value, index) => {
    bytes.writeInt32BE(4, 20 + index * 8);
    bytes.writeFloatBE(value, 24 + index * 8);
  });
  return bytes;
}

/** One dimension, no NULL; each element has its length in front. */
function header(oid: number, count: number, size: number): Buffer {
  if (!count) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  const bytes = Buffer.allocUnsafe(20 + count * (4 + size));
  [1, 0, oid, count, 1].forEach((word, index) => bytes.writeInt32BE(word, index * 4));
  return bytes;
}

/** The elements of a `smallint[]` as `array_send` gives it. */
export function readSmallints(bytes: Buffer): Int16Array {
  const values = new Int16Array(countOf(bytes));
  for (let index = 0; index < values.length; index++) values[index] = bytes.readInt16BE(24 + index * 6);
  return values;
}

/** The elements of a `real[]` as `array_send` gives it. */
export function readReals(bytes: Buffer): Float32Array {
  const values = new Float32Array(countOf(bytes));
  for (let index = 0; index < values.length; index++) values[index] = bytes.readFloatBE(24 + index * 8);
  return values;
}

const countOf = (bytes: Buffer) => (bytes.readInt32BE(0) ? bytes.readInt32BE(12) : 0);
