// Simple rules: one metric, one bound, a number of samples. The thresholds' sources: ND Netdata health.d, NM node_exporter mixin,
// APA awesome-prometheus-alerts, ZBX Zabbix templates, OWN a judgement of ours, calibrated on our own scenarios.
import { formatBytes } from '#core/format.ts';
import type { Bound } from './boundRule.ts';
import { evidence } from './finding.ts';

const GiB = 1024 ** 3;

export const bounds: Bound[] = [
  {
    id: 'mem.low',
    metric: 'mem.available_percent',
    side: 'below',
    raise: 10,
    clear: 15,
    samples: 3,
    single: 'level',
    kind: 'server',
    what: 'memory available',
    normal: 'above 15 %',
    source: 'ND ram_available < 10 %, clear 15 %; APA < 10 % for 2 min',
    // A tenth of 512 GiB is still plenty: only the stall on reclaim would say otherwise.
    only: (p) => {
      const available = p.latest('mem.available');
      if (available === undefined) return true;
      if (available > 8 * GiB && (p.latest('mem.pressure.some') ?? 0) < 5) return false;
      return [evidence('memory available', available, 'bytes', 'mem.available')];
    },
    summary: (v, _s, p) => {
      const available = p.latest('mem.available');
      return `Only ${v} of memory is available${available === undefined ? '' : ` (${formatBytes(available)})`}.`;
    },
  },
];
