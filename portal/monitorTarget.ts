// What a monitor of a person's own looks at, in a word, and the name of its kind.
import type { ProbeKind } from '#core/probes.ts';

export const probeNames: Record<ProbeKind, string> = {
  ping: 'Ping',
  port: 'Port',
  ports: 'Open ports',
  http: 'Website',
  exposed: 'Private files',
  tls: 'Certificate',
  dns: 'DNS record',
  domain: 'Domain registration',
  heartbeat: 'Heartbeat of a job',
};

/** `settings` are checked already. */
export function monitorTarget(kind: ProbeKind, settings: Record<string, unknown>): string {
  const { url, host, port, name, intervalSeconds } = settings;
  if (url) {
    const shown = new URL(String(url));
    shown.password = '';
    shown.username = '';
    return shown.href;
  }
  const bare = String(host ?? name ?? '');
  if (kind === 'heartbeat') return `every ${String(intervalSeconds)} s`;
  if (port === undefined) return bare;
  return bare.includes(':') ? `[${bare}]:${String(port)}` : `${bare}:${String(port)}`;
}
