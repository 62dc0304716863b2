// Gauges that no scenario crosses, each on a picture made by hand.
import type { Facts, ProcessGroup } from '#core/facts.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { type Handmade, handmadeMonitor, handmadePicture } from '#worker/picture/handmade.ts';
import type { MonitorState } from '#worker/rules/rule.ts';

const MiB = 1024 ** 2;

const group = (name: string, count: number): ProcessGroup => ({
  name,
  count,
  pids: [],
  users: ['root'],
  rss: 50 * MiB,
  threads: count,
  cpuSeconds: 10,
  states: { S: count },
});

const app = { path: '/system.slice/app.service', unit: 'app.service' };
const squeezed: Facts = {
  cgroups: [{ ...app, memory: 95 * MiB, memoryLimit: 100 * MiB, anon: 60 * MiB, swap: 30 * MiB }],
};

/** So many quiet reports, and then ten that are not. */
const rises = (quiet: number, loud: number) => (report: number) => (report < 40 ? quiet : loud);

function rare(id: RuleId, metric: string, description: Handmade, monitors: MonitorState[] = []) {
  return { id, metric, picture: handmadePicture(description, monitors) };
}

export const rareGauges = [
  rare('cpu.one_core_pinned', 'cpu.core.busy', {
    series: { 'cpu.core.busy{0}': 99, 'cpu.core.busy{1}': 2, 'cpu.busy': 50 },
  }),
  rare('cpu.thermal_throttle', 'cpu.frequency', {
    series: { 'cpu.frequency': 50, 'cpu.busy': 95, 'hw.temperature{coretemp}': 92 },
  }),
  rare('mem.swap_thrash', 'mem.major_faults', {
    series: { 'mem.swap_in': 300, 'mem.swap_out': 0, 'mem.major_faults': 900 },
  }),
  rare('mem.cgroup_near_limit', 'cgroup.memory_pressure', {
    facts: squeezed,
    series: { 'mem.total': 8192 * MiB, 'cgroup.memory_pressure{app.service}': 40 },
  }),
  rare('mem.cgroup_near_limit', 'mem.swap_in', {
    facts: squeezed,
    series: { 'mem.total': 8192 * MiB, 'mem.swap_in': 800 },
  }),
  rare('disk.cgroup_throttled', 'cgroup.io_pressure', {
    facts: { cgroups: [{ ...app, ioLimit: '1 MB/s' }] },
    series: { 'cgroup.io_pressure{app.service}': 60, 'disk.busy{vda}': 10, 'disk.await{vda}': 1 },
  }),
  rare('net.resets', 'net.tcp.resets', { reports: 50, series: { 'net.tcp.resets': rises(2, 200) } }),
  rare('net.softnet', 'net.softnet_squeezed', {
    series: { 'net.softnet_squeezed': 40, 'net.softnet_dropped': 0 },
  }),
  rare('net.latency', 'probe.loss', { series: { 'probe.loss{ping web1}': 20 } }, [
    handmadeMonitor({ kind: 'ping', name: 'ping web1' }),
  ]),
  rare('svc.http_slow', 'probe.ms', { reports: 50, series: { 'probe.ms{shop}': rises(100, 3000) } }, [
    handmadeMonitor({ kind: 'http', name: 'shop', target: 'https://shop.example.org/' }),
  ]),
  rare('svc.http_5xx', 'web.failed', {
    facts: { processGroups: [group('nginx', 2)] },
    series: { 'web.failed': 60 },
  }),
  rare('db.pg_idle_tx', 'db.class.waiting', {
    series: {
      'db.class.waiting{postgresql UPDATE stock}': 12,
      'db.class.running{postgresql UPDATE stock}': 12,
      'db.postgresql.idle_tx_seconds': 0,
    },
  }),
  rare('web.phpfpm_children', 'proc.group.count', {
    facts: {
      phpFpm: [{ pool: 'www', manager: 'dynamic', maxChildren: 10 }],
      processGroups: [group('php-fpm8.2', 11)],
    },
    series: { 'proc.group.count{php-fpm8.2}': 11 },
  }),
  rare('web.nginx_conns', 'net.port.connections', {
    facts: {
      webConfig: [{ server: 'nginx', workerConnections: 512, workerProcesses: 1 }],
      processGroups: [group('nginx', 2)],
      listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 80, process: 'nginx' }],
    },
    series: { 'net.port.connections{80}': 500 },
  }),
  rare('time.skew', 'agent.clock_skew', { series: { 'agent.clock_skew': 120 } }),
  rare('sys.entropy', 'sys.entropy', {
    facts: { kernel: { release: '4.19.0-1' } },
    series: { 'sys.entropy': 50 },
  }),
];
