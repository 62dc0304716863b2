// Just enough DER (X.690) to read certificates, OCSP answers and revocation lists, and to write an OCSP question.

export interface Element {
  tag: number;
  content: Buffer;
  /** With tag and length. */
  raw: Buffer;
  /** Where the next element begins. */
  end: number;
}

/** The element at an offset. Throws RangeError when the bytes end too early. */
export function element(der: Buffer, at = 0): Element {
  const tag = der.readUInt8(at);
  let length = der.readUInt8(at + 1);
  let start = at + 2;
  if (length > 0x80) {
    const size = length - 0x80;
    length = der.readUIntBE(start, size);
    start += size;
  }
  const end = start + length;
  if (end > der.length) throw new RangeError('DER ends too early');
  return { tag, content: der.subarray(start, end), raw: der.subarray(at, end), end };
}

/** The elements inside a constructed one. */
export function children(content: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length;) {
    const next = element(content, at);
    found.push(next);
    at = next.end;
  }
  return found;
}

/** The element at an index; throws RangeError when there are fewer. */
export function child(content: Buffer, index: number): Element {
  let at = 0;
  for (let skipped = 0; skipped < index; skipped += 1) at = element(content, at).end;
  return element(content, at);
}

/** One element made of a tag and its contents. */
export function encode(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** Epoch seconds of UTCTime (260301120000Z) or GeneralizedTime (20260301120000Z). */
export function timeOf({ tag, content }: Element): number {
  const text = content.toString('latin1');
  // RFC 5280: two digits from 50 on are of the last century.
  const full = tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [, year, month, date, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(full) ?? [];
  return (
    Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute), Number(second)) /
    1000
  );
}

/** The hash of a signature algorithm (content of its AlgorithmIdentifier); undefined for what is not known here. */
export function hashOf(algorithm: Buffer): string | undefined {
  return signatureHashes[child(algorithm, 0).content.toString('hex')];
}

const signatureHashes: Record<string, string> = {
  '2a864886f70d010105': 'sha1',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
};

/** The parts of a certificate that Node does not show. */
export function certificateParts(raw: Buffer): {
  serial: Buffer;
  issuer: Buffer;
  keyBits: Buffer;
  extensions: Map<string, Buffer>;
} {
  const fields = children(child(element(raw).content, 0).content);
  // [0] version is left out in certificates of version 1.
  const base = fields[0]?.tag === 0xa0 ? 1 : 0;
  const field = (index: number): Element => {
    const found = fields[base + index];
    if (!found) throw new RangeError('not a certificate');
    return found;
  };
  const extensions = new Map<string, Buffer>();
  const wrapped = fields.find(({ tag }) => tag === 0xa3);
  for (const extension of wrapped ? children(element(wrapped.content).content) : []) {
    const parts = children(extension.content);
    const value = parts.at(-1);
    if (parts[0] && value) extensions.set(parts[0].content.toString('hex'), value.content);
  }
  // The first byte of a bit string counts its unused bits.
  return {
    serial: field(0).content,
    issuer: field(2).raw,
    keyBits: child(field(5).content, 1).content.subarray(1),
    extensions,
  };
}
