// The name that a server gives itself: it stands in every page, message and terminal that speaks of the server.
import { harmlessLine } from './steering.ts';

/**
 * A hostname as it is kept: one line of at most 253 characters (RFC 1035), with question marks for what would steer where it is shown. The
 * kernel takes any bytes for a name.
 */
export function hostnameOf(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return harmlessLine(line).slice(0, 253);
}
