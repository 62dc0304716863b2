// The names of the kinds of monitors.
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
