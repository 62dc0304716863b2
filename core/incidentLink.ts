// The token in the link of an alert: it opens one incident to whoever holds the message, without sign-in, for a week. The worker signs
// it and the portal reads it, both with a key derived from AUTH_SECRET.

/**
 * A week: an alert of Friday night is still read on Monday, and by the colleague to whom it was handed on. Mailboxes and chats keep
 * messages for years, so that no link may work for ever.
 */
export const incidentLinkSeconds = 7 * 86_400;

/** Letters, digits and dots only, so that no mail program or phone cuts the link short: `<incident>.<end>.<signature>`. */
const shape = /^([a-z0-9]{1,40})\.([0-9a-z]{1,9})\.([0-9a-z]{25})$/;
/** 128 bits in base 36. */
const signatureBytes = 16;

export type IncidentLink =
  { ok: true; incidentId: string; expiresAt: number } | { ok: false; reason: 'forged' | 'expired' };

/** `expiresAt` in epoch seconds. The incident's id must be one that the database made (letters and digits). */
export async function signIncidentLink(
  secret: string,
  incidentId: string,
  expiresAt: number,
): Promise<string> {
  const signed = `${incidentId}.${Math.floor(expiresAt).toString(36)}`;
  const token = `${signed}.${await signatureOf(secret, signed)}`;
  if (!shape.test(token)) throw new Error(`an incident's id cannot stand in a link: ${incidentId}`);
  return token;
}

/** Checks the signature first: what was not signed here is never called expired. `now` in epoch seconds. */
export async function readIncidentLink(secret: string, token: string, now: number): Promise<IncidentLink> {
  const match = shape.exec(token);
  if (!match) return { ok: false, reason: 'forged' };
  const [, incidentId = '', end = '', signature = ''] = match;
  if (!sameText(signature, await signatureOf(secret, `${incidentId}.${end}`)))
    return { ok: false, reason: 'forged' };
  const expiresAt = Number.parseInt(end, 36);
  return expiresAt < now ? { ok: false, reason: 'expired' } : { ok: true, incidentId, expiresAt };
}

/**
 * The address of an article with a token behind its heading: `/problems/x/#act-now~TOKEN`. In the fragment, which no browser sends to
 * a server or to the next site; the page takes it out of the address bar.
 */
export function withIncidentToken(article: string, token: string): string {
  return `${article}${article.includes('#') ? '' : '#'}~${token}`;
}

async function signatureOf(secret: string, text: string): Promise<string> {
  const bytes = new TextEncoder();
  const base = await crypto.subtle.importKey('raw', bytes.encode(secret), 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytes.encode('rootnote incident link 1') },
    base,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );
  const full = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(text)));
  let value = 0n;
  for (const byte of full.subarray(0, signatureBytes)) value = value * 256n + BigInt(byte);
  return value.toString(36).padStart(25, '0');
}

/** In a time that does not tell how much of it was right. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length);
  return difference === 0;
}
