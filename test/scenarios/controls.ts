// What must stay silent, however busy it looks.
import { epochOfStart, from, GiB, MiB, monitor, ramp, type Scenario } from './scenario.ts';

export const controlScenarios: Scenario[] = [
  { name: 'A quiet day', kind: 'control', reports: 60, roots: [] },
  {
    name: 'cat fills the page cache',
    kind: 'control',
    reports: 20,
    minute(m, i) {
      if (i === 8 || i === 9) {
        m.run('cat', { cpu: 30, read: 180e6, rss: 2 * MiB });
        m.disk('sda', { reads: 1500, readBytes: 180e6, busy: 85, queue: 1.5, readAwait: 1.5 });
      } else if (i === 10) {
        m.stop('cat');
        m.disk('sda', { reads: 3, readBytes: 60_000, busy: 2, queue: 0.02, readAwait: 1.2 });
      }
    },
    roots: [],
  },
  {
    name: 'A compile of 60 s',
    kind: 'control',
    reports: 20,
    minute(m, i) {
      if (i === 9) m.run('cc1', { cpu: 380, count: 4, rss: 600 * MiB });
      if (i === 10) m.stop('cc1');
    },
    roots: [],
  },
  {
    name: 'A package upgrade',
    kind: 'control',
    reports: 20,
    minute(m, i) {
      if (i === 8) {
        const at = new Date((epochOfStart + m.now) * 1000).toISOString().slice(0, 19).replace('T', ' ');
        m.sections.set(
          'tail -n 100 /var/log/dpkg.log',
          `${at} upgrade libssl3:amd64 3.0.14 3.0.15\n${at} upgrade openssl:amd64 3.0.14 3.0.15`,
        );
      }
      if (i >= 8 && i < 11) {
        m.run('dpkg', { cpu: 70, rss: 60 * MiB, write: 20e6 });
        m.forks = 90;
        m.disk('sda', { writes: 400, writeBytes: 25e6, busy: 70, queue: 1.8, writeAwait: 5 });
      } else {
        m.stop('dpkg');
        m.forks = 3;
        m.disk('sda', { writes: 8, writeBytes: 120_000, busy: 2, queue: 0.02, writeAwait: 1.6 });
      }
    },
    roots: [],
  },
  {
    name: 'The nightly backup',
    kind: 'control',
    reports: 30,
    minute(m, i) {
      const runs = i >= 8 && i < 24;
      if (runs) {
        m.run('restic', { cpu: 60, rss: 300 * MiB, read: 70e6, write: 2e6 });
        m.disk('sda', { reads: 1100, readBytes: 71e6, busy: 99, queue: 12, readAwait: 26 });
        m.psi.io = 35;
        m.psi.ioFull = 15;
        m.iowait = 25;
      } else {
        m.stop('restic');
        m.disk('sda', { reads: 3, readBytes: 60_000, busy: 2, queue: 0.02, readAwait: 1.2 });
        m.psi.io = 1;
        m.psi.ioFull = 0.5;
        m.iowait = 0.5;
      }
    },
    roots: [],
  },
  {
    name: 'Log rotation',
    kind: 'control',
    reports: 60,
    // The first time that it goes up nobody can know that it will come down.
    onset: 20,
    minute(m, i) {
      const log = (i % 20) * 180 * MiB;
      m.mount('/', { used: 31 * GiB + log });
    },
    roots: [],
  },
  {
    name: 'nginx restarted by hand',
    kind: 'control',
    reports: 12,
    minute(m, i) {
      if (i === 6) m.stop('nginx');
      if (i === 7) m.run('nginx', { cpu: 3, rss: 30 * MiB, count: 3, ports: [80, 443], uid: 33 });
    },
    roots: [],
  },
  {
    name: 'Swap 90 % used, and quiet',
    kind: 'control',
    reports: 20,
    setup: (m) => {
      m.swapUsed = 1.8 * GiB;
      m.run('java', { rss: 2 * GiB, swap: 1.7 * GiB, cpu: 4 });
    },
    roots: [],
  },
  {
    name: 'A load test within capacity',
    kind: 'control',
    reports: 24,
    minute(m, i) {
      const busy = i >= 8 && i < 20;
      m.run('php-fpm', { cpu: busy ? 95 : 8 });
      m.run('nginx', { cpu: busy ? 25 : 3 });
      m.run('mariadbd', { cpu: busy ? 25 : 6 });
      m.net.rxPackets = busy ? 4000 : 120;
      m.net.rx = busy ? 2e6 : 40_000;
      m.tcp.established = busy ? 400 : 40;
    },
    roots: [],
  },
  {
    name: 'A restart with counters that begin again',
    kind: 'control',
    reports: 16,
    minute(m, i) {
      if (i === 8) {
        m.boot = 2;
        m.uptime = 30;
      }
    },
    roots: [],
  },
  {
    name: 'An 8 TB volume at 91 %',
    kind: 'control',
    reports: 20,
    setup: (m) =>
      m.mount('/archive', {
        source: '/dev/sdb1',
        size: 8000 * GiB,
        used: 7280 * GiB,
        inodes: 500_000_000,
        inodesUsed: 3_000_000,
      }),
    roots: [],
  },
  {
    name: 'A database that warms up',
    kind: 'control',
    reports: 90,
    step: 120,
    setup: (m) => {
      m.sections.set(
        'mysql',
        `max_connections\t100\ninnodb_buffer_pool_size\t${4 * GiB}\nUptime\t100\nThreads_connected\t10`,
      );
    },
    minute(m, i) {
      m.run('mariadbd', { rss: 400 * MiB + 4.1 * GiB * (1 - Math.exp(-i / 25)) });
    },
    roots: [],
  },
  {
    name: 'High load from short tasks, with cores to spare',
    kind: 'control',
    reports: 20,
    minute(m, i) {
      m.forks = from(i, 5, 40, 3);
      m.run('php-fpm', { cpu: from(i, 5, 60, 8) });
    },
    roots: [],
  },
  {
    name: 'A monitor that is slow for one probe',
    kind: 'control',
    reports: 10,
    monitors: [monitor({ kind: 'http', name: 'shop', about: { process: 'nginx', port: 443 } })],
    minute(m, i) {
      m.run('nginx', { cpu: 3 + ramp(i, 4, 1, 5) });
    },
    roots: [],
  },
];
