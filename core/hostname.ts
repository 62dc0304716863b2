// The name that a server gives itself: it stands in every page, message and terminal that speaks of the server.

/**
 * A hostname as it is kept: one line of at most 253 characters (RFC 1035), with question marks for control characters and for the marks
 * that turn the reading direction around. The kernel takes any bytes for a name.
 */
export function hostnameOf(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u200b-\u200f\u2060-\u2069]/g, '?')
    .slice(0, 253);
}
