// Hosts with ports as people write them: `192.0.2.1`, `192.0.2.1:53`, `[2001:db8::1]:53`, `2001:db8::1`, `ns1.example.org:53`.
import { isIP } from 'node:net';

/** undefined when it is neither. Without a port, `port` is undefined. */
export function splitHostPort(text: string): { host: string; port: number | undefined } | undefined {
  const trimmed = text.trim();
  if (isIP(trimmed) !== 0) return { host: trimmed, port: undefined };
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(trimmed);
  const host = match?.[1] ?? match?.[2];
  if (!match || host === undefined || (match[1] !== undefined && isIP(host) !== 6)) return undefined;
  const port = match[3] === undefined ? undefined : Number(match[3]);
  return port !== undefined && (port < 1 || port > 65_535) ? undefined : { host, port };
}
