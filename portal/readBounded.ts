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

/** The JSON of a request of at most `limit` bytes; undefined when it is larger, or no JSON. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const bytes = await readBounded(request, limit);
  if (bytes.byteLength > limit) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
