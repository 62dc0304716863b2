// Reads the body of a request up to a bound, whatever its Content-Length claims.

/** At most `limit` + 1 bytes: one more than allowed tells the caller that it was too much, and the rest is not read. */
export async function readBounded(request: Request, limit: number): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit + 1);
}
