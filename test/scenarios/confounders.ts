// Faults beside something that looks like their cause and is not: wrong time, or wrong entity.
import { from, MiB, monitor, overload, type Scenario } from './scenario.ts';

export const confounderScenarios: Scenario[] = [
  {
    name: 'The site is slow by steal; a busy program starts ten minutes later',
    kind: 'confounded',
    reports: 26,
    onset: 8,
    minute(m, i) {
      m.steal = from(i, 8, 38, 0.5);
      if (i === 18) m.run('reindex', { cpu: 160, count: 2, rss: 60 * MiB, exe: '/opt/app/reindex' });
    },
    monitors: [
      monitor(
        {
          kind: 'http',
          name: 'shop',
          state: 'degraded',
          code: 'http-slow',
          summary: 'The answer took 3900 ms',
          about: { process: 'nginx', port: 443 },
        },
        9 * 60,
      ),
    ],
    roots: [{ problem: 'cpu.steal', subject: 'web1' }],
  },
  {
    name: 'One disk is flooded, another one has bad sectors',
    kind: 'confounded',
    reports: 18,
    onset: 6,
    setup: (m) => {
      m.disk('sdb');
      m.mount('/scratch', { source: '/dev/sdb1' });
      m.sections.set(
        'smartctl --json -n standby -a /dev/sda',
        JSON.stringify({
          smartctl: { exit_status: 0 },
          smart_status: { passed: true },
          ata_smart_attributes: {
            table: [{ id: 199, name: 'UDMA_CRC_Error_Count', value: 100, thresh: 0, raw: { value: 3 } }],
          },
        }),
      );
    },
    minute(m, i) {
      if (i < 6) return;
      m.run('fio', { write: 30e6, cpu: 10, state: 'D' });
      overload(m, 'sdb', { write: 31e6 }, 120);
    },
    roots: [{ problem: ['disk.saturated', 'disk.latency'], subject: ['sdb', 'fio'] }],
  },
  {
    name: 'A unit fails, and the file that was changed belongs to another one',
    kind: 'confounded',
    reports: 10,
    onset: 5,
    setup: (m) =>
      m.sections.set(
        'sha256sum /etc/*',
        'aaaa000000000000000000000000000000000000000000000000000000000000  /etc/postfix/main.cf',
      ),
    minute(m, i) {
      if (i === 4)
        m.sections.set(
          'sha256sum /etc/*',
          'bbbb000000000000000000000000000000000000000000000000000000000000  /etc/postfix/main.cf',
        );
      if (i === 5)
        m.unit('queue.service', { active: 'failed', sub: 'failed', result: 'exit-code', exitStatus: 3 });
    },
    roots: [{ problem: 'svc.unit_failed', subject: 'queue.service' }],
  },
  {
    name: 'The data disk is full; what fails lies on another one',
    kind: 'confounded',
    reports: 14,
    onset: 8,
    setup: (m) => {
      m.disk('sdb');
      m.mount('/data', { source: '/dev/sdb1', size: 50 * 1024 * MiB, used: 47.4 * 1024 * MiB });
    },
    minute(m, i) {
      if (i === 8) {
        m.stop('nginx');
        m.unit('nginx.service', { active: 'failed', sub: 'failed', result: 'exit-code', exitStatus: 1 });
      }
    },
    monitors: [
      monitor(
        {
          kind: 'http',
          name: 'shop',
          summary: 'The connection was refused',
          about: { process: 'nginx', unit: 'nginx.service', port: 443 },
        },
        8 * 60 + 30,
      ),
    ],
    roots: [
      { problem: 'svc.unit_failed', subject: 'nginx.service' },
      { problem: 'disk.full', subject: '/data' },
    ],
  },
  {
    name: 'A backup runs on one disk while another one is flooded',
    kind: 'confounded',
    reports: 18,
    onset: 8,
    setup: (m) => {
      m.disk('sdb');
      m.mount('/scratch', { source: '/dev/sdb1' });
      m.run('restic', { cpu: 20, read: 2e6, rss: 100 * MiB });
    },
    minute(m, i) {
      m.disk('sda', { readBytes: 2e6, reads: 40, busy: 15, queue: 0.2 });
      if (i < 8) return;
      m.run('fio', { write: 40e6, cpu: 10, state: 'D' });
      overload(m, 'sdb', { write: 41e6 }, 130);
    },
    roots: [{ problem: ['disk.saturated', 'disk.latency'], subject: ['sdb', 'fio'] }],
  },
];
