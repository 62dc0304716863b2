// A stapled OCSP answer (RFC 6960): good, revoked or unknown, and until when it holds. Only as much DER as that takes.

export interface OcspAnswer {
  status: 'good' | 'revoked' | 'unknown';
  /** Epoch seconds. */
  thisUpdate: number;
  nextUpdate?: number;
  revokedAt?: number;
}

interface Element {
  tag: number;
  content: Buffer;
}

/** undefined when the bytes are no successful OCSP answer. */
export function parseOcsp(der: Buffer): OcspAnswer | undefined {
  try {
    const [status, wrapped] = children(element(der).content);
    if (status?.content[0] !== 0 || wrapped === undefined) return undefined;
    const [, octets] = children(element(wrapped.content).content);
    const [data] = children(element((octets as Element).content).content);
    // [0] version is left out when it is 1; then come who answers, when, and the answers.
    const parts = children((data as Element).content).filter((part) => part.tag !== 0xa0);
    const [single] = children((parts[2] as Element).content);
    const [, certStatus, thisUpdate, more] = children((single as Element).content);
    const nextUpdate = more?.tag === 0xa0 ? timeOf(element(more.content)) : undefined;
    const revokedAt = certStatus?.tag === 0xa1 ? timeOf(element(certStatus.content)) : undefined;
    return {
      status: certStatus?.tag === 0x80 ? 'good' : certStatus?.tag === 0xa1 ? 'revoked' : 'unknown',
      thisUpdate: timeOf(thisUpdate as Element),
      ...(nextUpdate === undefined ? {} : { nextUpdate }),
      ...(revokedAt === undefined ? {} : { revokedAt }),
    };
  } catch {
    return undefined;
  }
}

/** The element at the start of the bytes. Throws RangeError when they end too early. */
function element(der: Buffer, at = 0): Element & { end: number } {
  const tag = der.readUInt8(at);
  let length = der.readUInt8(at + 1);
  let start = at + 2;
  if (length > 0x80) {
    const size = length - 0x80;
    length = der.readUIntBE(start, size);
    start += size;
  }
  if (start + length > der.length) throw new RangeError('DER ends too early');
  return { tag, content: der.subarray(start, start + length), end: start + length };
}

function children(content: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length;) {
    const next = element(content, at);
    found.push(next);
    at = next.end;
  }
  return found;
}

/** GeneralizedTime 20260301120000Z */
function timeOf({ content }: Element): number {
  const [, year, month, date, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(content.toString('latin1')) ?? [];
  return (
    Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute), Number(second)) /
    1000
  );
}
