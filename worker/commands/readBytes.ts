// The bytes of a file that a person named, as text: other encodings and packings are read where they can be, and named where not.
import { closeSync, openSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InputError, unreadable } from './inputError.ts';

/** What other packers write first. */
const packers: [name: string, magic: string][] = [
  ['xz', 'fd377a585a'],
  ['zstd', '28b52ffd'],
  ['bzip2', '425a68'],
  ['zip', '504b0304'],
];

/** The name of the packer that wrote these bytes; undefined for gzip and for what is not packed. */
export function packerOf(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 8).toString('hex');
  return packers.find(([, magic]) => start.startsWith(magic))?.[0];
}

export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Which encoding the mark in front tells of: Windows' shell writes UTF-16 with `>`. */
export function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/** The text in its encoding, without the mark. */
function textOfBytes(bytes: Buffer): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** The text of a report, gunzip'd where needed, of `most` bytes. Throws InputError, which names `from`. */
export function unpacked(bytes: Buffer, from: string, most: number): string {
  const packer = packerOf(bytes);
  if (packer)
    throw new InputError(`${from} is packed with ${packer}: unpack it first; only gzip is read as it is.`);
  if (!isGzip(bytes)) return textOfBytes(bytes);
  try {
    return textOfBytes(gunzipSync(bytes, { maxOutputLength: most }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(from, most);
    throw new InputError(`${from} is damaged: gunzip could not read it.`);
  }
}

/** The bytes of a file of reports, `most` of them. Throws InputError. */
export function bytesOf(path: string, most: number): Buffer {
  return readAll(path, path, most);
}

/** The same of standard input, which may be closed, a folder, or without end. */
export function standardInput(most: number): Buffer {
  return readAll(0, 'Standard input', most);
}

function readAll(file: string | number, from: string, most: number): Buffer {
  let bytes: Buffer | undefined;
  try {
    bytes = readBounded(file, most);
  } catch (error) {
    throw unreadable(from, error);
  }
  if (!bytes) throw tooLarge(from, most);
  return bytes;
}

function tooLarge(from: string, most: number): InputError {
  return new InputError(`${from} is too large (more than ${most / 2 ** 20} MiB).`);
}

/** The bytes of a file, or of an open one; undefined as soon as there are more than `most`. Throws as reading does. */
function readBounded(file: string | number, most: number): Buffer | undefined {
  const descriptor = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(1 << 16);
      const read = readSome(descriptor, chunk);
      if (read === 0) return Buffer.concat(chunks, size);
      size += read;
      if (size > most) return undefined;
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    if (typeof file === 'string') closeSync(descriptor);
  }
}

const clock = new Int32Array(new SharedArrayBuffer(4));

/** A pipe that somebody else set to answer at once says EAGAIN while there is nothing yet. */
function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(clock, 0, 0, 20);
    }
  }
}
