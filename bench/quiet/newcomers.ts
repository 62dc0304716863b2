// Twelve more kinds of servers that have a good week, written after the others and unlike them: storage, queues, computing, archives.
import { GiB, type Machine } from '../../test/scenarios/machine.ts';
import { MiB } from '../../test/scenarios/scenario.ts';
import { burst, io, job, office, rest, spinning, traffic, upkeep } from './doings.ts';
import type { QuietServer } from './servers.ts';

/** What the kernel tells of ZFS: a pool, how full it is, its cache, and a scrub when there is one. */
function pool(
  m: Machine,
  name: string,
  { size, used, scrub }: Record<'size' | 'used', number> & { scrub?: string },
): void {
  const row = [
    name,
    size,
    used,
    size - used,
    '-',
    '-',
    12,
    Math.round((100 * used) / size),
    '1.00',
    'ONLINE',
    '-',
  ];
  m.sections.set('zpool list -Hp', row.join('\t'));
  m.sections.set(
    'zpool status',
    `  pool: ${name}\n state: ONLINE\n  scan: ${scrub ?? 'scrub repaired 0B in 11:20:05 with 0 errors on Sun Oct  5 11:44:06 2025'}\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n\t${name}        ONLINE       0     0     0\n\t  raidz2-0  ONLINE       0     0     0\n\nerrors: No known data errors`,
  );
  m.sections.set(
    'cat /proc/spl/kstat/zfs/arcstats',
    `size 4 ${Math.round(m.unnamed)}\nc_min 4 ${Math.round(m.ram / 32)}`,
  );
}

export const newcomers: QuietServer[] = [
  {
    name: 'Jira and Confluence of a company, two heaps and one database',
    setup(m) {
      Object.assign(m, { cores: 6, ram: 24 * GiB });
      m.run('nginx', { ports: [80, 443], rss: 50 * MiB, uid: 33 });
      m.run('java', { ports: [8080, 8090], rss: 9 * GiB, count: 2, threads: 620, uid: 1001 });
      m.run('postgres', { ports: [5432], bind: '127.0.0.1', rss: 2 * GiB, count: 50, uid: 115 });
      m.mount('/var/atlassian', { source: '/dev/sda3', size: 400 * GiB, used: 230 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = office(t) * t.noise('load', 0.3);
      // A heap fills and is collected, faster while people work.
      const heap = ((t.at * (0.5 + office(t))) % 6000) / 6000;
      const hourly = t.hour % 1 < 0.06;
      const reindex = t.weekday === 5 && t.between(2, 4.3);
      const xml = t.between(1.5, 2.2);
      m.run('java', {
        cpu: 14 + 160 * load + (hourly ? 90 : 0) + (reindex ? 330 : 0) + (xml ? 100 : 0),
        rss: (10 + 3.5 * heap + (reindex ? 1 : 0)) * GiB,
        threads: 620 + Math.round(160 * Math.min(1, load)),
        write: (xml ? 14e6 : 2e5) + (reindex ? 20e6 : 0),
      });
      m.run('postgres', { cpu: 3 + 50 * load + (reindex ? 60 : 0) + (xml ? 30 : 0) });
      m.run('nginx', { cpu: 1 + 6 * load });
      if (xml || reindex)
        io(m, 'sda', {
          read: reindex ? 25e6 : 8e6,
          write: xml ? 14e6 : 20e6,
          await: 3,
          busy: reindex ? 45 : 25,
        });
      traffic(m, 4e5 * load, 3e6 * load);
      m.tcp.established = Math.round(120 + 400 * Math.min(1.2, load));
      const data = m.mount('/var/atlassian');
      data.used += Math.round(2e4 * load * t.step) + (xml ? 1.4e6 * t.step : 0);
      if (t.comes(t.day, 5)) data.used = (230 + 0.5 * t.day) * GiB;
      if (t.weekday === 6 && t.comes(t.day, 4)) {
        m.stop('java');
        m.run('java', { ports: [8080, 8090], rss: 6 * GiB, count: 2, threads: 560, uid: 1001 });
      }
      job(m, t, {
        program: 'pg_dump',
        hour: 0.5,
        minutes: 18,
        cpu: 85,
        write: 12e6,
        await: 3,
        busy: 22,
        uid: 115,
      });
      job(m, t, {
        program: 'rsync',
        hour: 3,
        minutes: 30,
        cpu: 40,
        read: 50e6,
        await: 4,
        busy: 45,
        tx: 20e6,
      });
      upkeep(m, t);
    },
  },
  {
    name: 'RabbitMQ, with what comes each hour and an import each night',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 8 * GiB });
      m.run('beam.smp', { ports: [5672, 15672, 25672], rss: 420 * MiB, threads: 90, uid: 110 });
      m.run('python3', { rss: 1.1 * GiB, count: 12, uid: 1001, cgroup: '/system.slice/consumers.service' });
    },
    minute(m, t) {
      rest(m);
      const load = Math.min(1.4, (0.3 + office(t)) * t.noise('load', 0.35));
      // Producers fill the queue faster than it is worked off; afterwards it empties.
      const night = t.between(2, 3.4);
      const hourly = t.hour % 1 < 0.12 && !t.between(2, 4.2);
      const draining = t.hour % 1 < 0.25 && !t.between(2, 4.2);
      const depth = night
        ? (t.hour - 2) / 1.4
        : t.between(3.4, 4.2)
          ? (4.2 - t.hour) / 0.8
          : draining
            ? 0.12
            : 0.02;
      m.run('beam.smp', {
        cpu: 12 + 35 * load + (hourly ? 80 : 0) + (night ? 110 : 0),
        rss: (420 + 1900 * depth) * MiB,
        write: night ? 18e6 : hourly ? 5e6 : 1e5,
      });
      m.run('python3', { cpu: 15 + 45 * load + (draining ? 90 : 0) + (t.between(2, 4.2) ? 150 : 0) });
      if (night || hourly) io(m, 'sda', { write: night ? 18e6 : 5e6, await: 2.5, busy: night ? 35 : 12 });
      traffic(
        m,
        2e5 + 8e5 * load + (night || hourly ? 6e6 : 0),
        2e5 + 9e5 * load + (draining || night ? 6e6 : 0),
      );
      m.tcp.established = Math.round(340 + 120 * Math.min(1.5, load) + (hourly ? 180 : 0));
      m.switches = 9000 + 20_000 * load + (hourly || night ? 40_000 : 0);
      upkeep(m, t);
    },
  },
  {
    name: 'files on ZFS, its cache full, scrubbed on Sundays',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 64 * GiB, swap: 0 });
      m.run('smbd', { ports: [445, 139], rss: 400 * MiB, count: 35 });
      m.run('nfsd', { ports: [2049], rss: 0, count: 16 });
      const disks = ['sdb', 'sdc', 'sdd', 'sde', 'sdf', 'sdg'];
      for (const disk of disks) m.disk(disk);
      spinning(m, ...disks);
      m.mount('/tank/files', { source: 'tank/files', type: 'zfs', size: 30_000 * GiB, used: 21_000 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = office(t) * t.noise('load', 0.4);
      const scrub = t.weekday === 6 && t.between(0.4, 13.8);
      const send = t.between(23, 23.75);
      // Programs of a moment push the cache back a little; it grows into what is free again.
      m.unnamed = Math.min(50 * GiB, 38 * GiB + 2e5 * t.at) - 2 * GiB * Math.min(1, load);
      m.run('smbd', {
        cpu: 1 + 35 * load,
        read: 20e6 * load,
        write: 8e6 * load,
        count: 35 + Math.round(20 * load),
      });
      m.run('nfsd', { cpu: 1 + 18 * load });
      m.run('z_rd_int', { cpu: 2 + 8 * load + (scrub ? 95 : 0), count: 8, rss: 0 });
      if (send) m.run('zfs', { cpu: 35, rss: 20 * MiB });
      else m.stop('zfs');
      if (t.hour % 0.25 < 0.02) m.run('zfs-auto-snapsh', { cpu: 8, rss: 8 * MiB });
      else m.stop('zfs-auto-snapsh');
      for (const disk of ['sdb', 'sdc', 'sdd', 'sde', 'sdf', 'sdg'])
        io(m, disk, {
          read: 3e6 * load + (scrub ? 145e6 : 0) + (send ? 25e6 : 0),
          write: 2.5e6 * load + 4e5,
          await: 7 + 4 * load + (scrub ? 14 : 0) + (send ? 4 : 0),
          busy: 5 + 20 * load + (scrub ? 88 : 0) + (send ? 30 : 0),
        });
      m.iowait = scrub ? 6 : send ? 3 : 0.5 + 2 * load;
      Object.assign(m.psi, scrub ? { io: 8, ioFull: 5 } : {});
      traffic(m, 8e6 * load, 20e6 * load + (send ? 90e6 : 0));
      const files = m.mount('/tank/files');
      files.used += Math.round(3e5 * load * t.step);
      const progress = (7.4 * (t.hour - 0.4)).toFixed(2);
      pool(m, 'tank', {
        size: 44_000 * GiB,
        used: files.used + 9000 * GiB,
        scrub: scrub
          ? `scrub in progress since Sun Oct 12 00:24:01 2025\n\t22.1T scanned at 900M/s, 19.8T issued at 810M/s, 29.9T total\n\t0B repaired, ${progress}% done, 03:40:12 to go`
          : undefined,
      });
      upkeep(m, t);
    },
  },
  {
    name: 'node of Ceph with eight disks, scrubbed at night, another node started anew',
    setup(m) {
      Object.assign(m, { cores: 12, ram: 64 * GiB, swap: 0 });
      m.run('ceph-osd', { ports: [6800, 6801, 6802], rss: 33 * GiB, count: 8, threads: 560, uid: 167 });
      m.run('ceph-mon', { ports: [3300, 6789], rss: 900 * MiB, uid: 167 });
      const disks = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((letter) => `sd${letter}`);
      for (const disk of disks) m.disk(disk);
      spinning(m, ...disks);
      m.net.speed = 10_000;
    },
    minute(m, t) {
      rest(m);
      const load = (0.3 + 0.6 * office(t)) * t.noise('load', 0.25);
      const window = t.between(22, 24) || t.between(0, 6);
      // The other node was away for twenty minutes: what it missed is copied to it.
      const recovery = t.day === 4 && t.between(14.3, 15.9);
      m.run('ceph-osd', {
        cpu: 45 + 150 * load + (window ? 60 : 0) + (recovery ? 180 : 0),
        rss: (32 + 1.5 * Math.min(1, load) + (recovery ? 2 : 0)) * GiB,
        read: 20e6 * load + (window ? 160e6 : 0) + (recovery ? 300e6 : 0),
        write: 30e6 * load,
      });
      m.run('ceph-mon', { cpu: 3 * t.noise('mon', 0.2), write: 4e5 });
      [...m.disks.keys()].slice(1).forEach((disk, i) => {
        // Two of the eight are scrubbed deeply at a time, for half an hour.
        const scrubbed = window && (Math.floor(t.hour * 2) + i) % 4 === 0;
        io(m, disk, {
          read: 2.5e6 * load + (scrubbed ? 80e6 : 0) + (recovery ? 38e6 : 0),
          write: 4e6 * load,
          await: 8 + 5 * load + (scrubbed ? 11 : 0) + (recovery ? 12 : 0),
          busy: 8 + 22 * load + (scrubbed ? 58 : 0) + (recovery ? 50 : 0),
        });
      });
      m.iowait = window ? 8 : recovery ? 14 : 2 + 3 * load;
      m.psi.io = window ? 18 : recovery ? 30 : 6 + 6 * load;
      m.psi.ioFull = window ? 9 : recovery ? 14 : 2 + 2 * load;
      traffic(m, 60e6 * load, 70e6 * load + (recovery ? 320e6 : 0));
      m.tcp.established = Math.round(420 + 60 * load);
      m.switches = 20_000 + 60_000 * load;
      upkeep(m, t);
    },
  },
  {
    name: 'training on GPUs, for hours and then not',
    setup(m) {
      Object.assign(m, { cores: 16, ram: 128 * GiB });
      m.run('jupyter-lab', {
        ports: [8888],
        rss: 300 * MiB,
        uid: 1003,
        cgroup: '/user.slice/user-1003.slice',
      });
      m.disk('nvme0n1');
      m.mount('/data', { source: '/dev/nvme0n1p1', size: 3600 * GiB, used: 2500 * GiB });
    },
    minute(m, t) {
      rest(m);
      // Runs of five to nine hours; the people who start them sleep between.
      const on = m.programs.has('python3') ? !t.chance(3.4) : t.chance(2 + 6 * office(t));
      if (on) {
        const epoch = (t.at % 1800) / 1800;
        m.run('python3', {
          cpu: (epoch < 0.93 ? 940 : 210) * t.noise('loader', 0.05),
          rss: (41 + 3 * epoch) * GiB,
          count: 9,
          threads: 140,
          read: epoch < 0.93 ? 280e6 : 60e6,
          write: epoch >= 0.97 ? 130e6 : 1e5,
          uid: 1003,
          cgroup: '/user.slice/user-1003.slice/session-12.scope',
        });
        m.shmem = 9 * GiB;
        io(m, 'nvme0n1', {
          read: epoch < 0.93 ? 280e6 : 60e6,
          write: epoch >= 0.97 ? 130e6 : 2e5,
          await: 0.4,
          busy: 32,
        });
        // The newest five states of the model are kept.
        const data = m.mount('/data');
        if (epoch >= 0.97) data.used += Math.round(130e6 * t.step);
        if (data.used > 2560 * GiB) data.used -= 35 * GiB;
      } else {
        m.stop('python3');
        m.shmem = 60 * MiB;
      }
      m.switches = on ? 60_000 : 3000;
      job(m, t, {
        program: 'rclone',
        hour: 4,
        minutes: 50,
        cpu: 60,
        read: 70e6,
        disk: 'nvme0n1',
        await: 0.5,
        busy: 12,
        tx: 70e6,
      });
      upkeep(m, t);
    },
  },
  {
    name: 'node of a cluster that computes, 96 cores, one job after the other',
    setup(m) {
      Object.assign(m, { cores: 96, ram: 384 * GiB, swap: 0, system: 0.4 });
      m.run('slurmd', { ports: [6818], rss: 20 * MiB });
      m.run('munged', { rss: 6 * MiB, uid: 109 });
      m.disk('nvme0n1');
      m.mount('/scratch', { source: '/dev/nvme0n1p1', size: 1800 * GiB, used: 100 * GiB });
    },
    minute(m, t) {
      rest(m);
      const kinds = [
        { program: 'vasp_std', ranks: 96, gib: 180, write: 2e6 },
        { program: 'lmp', ranks: 96, gib: 60, write: 6e6 },
        { program: 'pw.x', ranks: 48, gib: 290, write: 25e6 },
        { program: 'orca_mp2_mpi', ranks: 64, gib: 220, write: 90e6 },
      ];
      const running = kinds.find(({ program }) => m.programs.has(program));
      if (running && t.chance(3)) {
        m.stop(running.program);
        m.stop('slurmstepd');
        m.mount('/scratch').used = 100 * GiB;
      } else if (!running && t.chance(30)) {
        const next = kinds[Math.floor(t.at / 7919) % kinds.length]!;
        m.run('slurmstepd', {
          rss: 9 * MiB,
          count: 2,
          cgroup: '/system.slice/slurmstepd.scope/job_4711/slurm',
        });
        m.run(next.program, {
          cpu: 99 * next.ranks,
          rss: next.gib * GiB,
          count: next.ranks,
          uid: 20_311,
          cgroup: '/system.slice/slurmstepd.scope/job_4711',
        });
      } else if (running) {
        m.run(running.program, {
          cpu: (running.ranks === 96 ? 98 : 99) * running.ranks,
          write: running.write,
        });
        io(m, 'nvme0n1', { write: running.write, await: 0.3, busy: 1 + running.write / 4e6 });
        m.mount('/scratch').used += Math.round(running.write * 0.1 * t.step);
        m.switches = 25_000;
      }
      upkeep(m, t);
    },
  },
  {
    name: 'archive of mail, indexed as it is read, that learns what spam is',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 16 * GiB });
      m.run('dovecot', { ports: [143, 993], rss: 120 * MiB, count: 40 });
      m.run('java', { ports: [8983], bind: '127.0.0.1', rss: 4 * GiB, threads: 70, uid: 116 });
      m.run('spamd', { ports: [783], bind: '127.0.0.1', rss: 420 * MiB, count: 5, uid: 117 });
      m.disk('sdb');
      spinning(m, 'sdb');
      m.mount('/srv/archive', { size: 7200 * GiB, used: 5100 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = (0.1 + office(t)) * t.noise('load', 0.3);
      m.run('dovecot', { cpu: 2 + 18 * load, rss: (120 + 300 * Math.min(1, load)) * MiB, read: 3e6 * load });
      m.run('spamd', { cpu: 1 + 22 * load });
      // Somebody opens a folder that nobody has searched in for years.
      const indexing = burst(m, t, 'indexer-worker', 10 * office(t) + 1, 14);
      if (indexing) m.run('indexer-worker', { cpu: 80, rss: 160 * MiB, read: 15e6, uid: 118 });
      else m.stop('indexer-worker');
      m.run('java', {
        cpu: 3 + 8 * load + (indexing ? 70 : 0),
        rss: (4 + 1.6 * ((t.at % 30_000) / 30_000)) * GiB,
        write: indexing ? 6e6 : 1e5,
      });
      io(m, 'sdb', {
        read: 3e6 * load + (indexing ? 15e6 : 0),
        write: 8e5 * load + (indexing ? 6e6 : 0),
        await: 8 + 3 * load + (indexing ? 9 : 0),
        busy: 5 + 16 * load + (indexing ? 45 : 0),
      });
      if (indexing) Object.assign(m.psi, { io: 14, ioFull: 5 });
      m.iowait = indexing ? 12 : 0.5 + 2 * load;
      m.mount('/srv/archive').used += Math.round(4e4 * load * t.step);
      traffic(m, 3e5 * load, 1.4e6 * load);
      m.tcp.established = Math.round(90 + 260 * Math.min(1.2, load));
      job(m, t, {
        program: 'sa-learn',
        hour: 3,
        minutes: 35,
        cpu: 96,
        rss: 280 * MiB,
        read: 4e6,
        disk: 'sdb',
        await: 11,
        busy: 35,
        uid: 117,
      });
      job(m, t, {
        program: 'doveadm',
        weekday: 6,
        hour: 5,
        minutes: 150,
        cpu: 30,
        read: 16e6,
        write: 9e6,
        disk: 'sdb',
        await: 16,
        busy: 70,
      });
      job(m, t, {
        program: 'restic',
        hour: 22.5,
        minutes: 130,
        cpu: 90,
        rss: 700 * MiB,
        read: 45e6,
        disk: 'sdb',
        await: 15,
        busy: 72,
        tx: 6e6,
      });
      upkeep(m, t);
    },
  },
  {
    name: 'PostgreSQL for reports: loads, views, archives of its log, a new partition',
    setup(m) {
      Object.assign(m, { cores: 16, ram: 128 * GiB });
      m.run('postgres', { ports: [5432], rss: 34 * GiB, count: 40, uid: 115 });
      for (const disk of ['nvme0n1', 'nvme1n1']) m.disk(disk);
      m.mount('/var/lib/postgresql', { source: '/dev/nvme0n1p1', size: 1800 * GiB, used: 1250 * GiB });
      m.mount('/srv/wal', { source: '/dev/nvme1n1p1', size: 900 * GiB, used: 300 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = office(t) * t.noise('load', 0.4);
      const etl = t.between(4, 5.7);
      const views = t.hour % 1 < 0.09 && t.between(6, 20);
      const partition = t.day === 5 && t.between(0.1, 1.4);
      // People ask large questions, some of which take a dozen cores for some minutes.
      const query = burst(m, t, 'query', 24 * office(t), 7);
      if (query) m.run('query', { cpu: 0, rss: 0, count: 0 });
      else m.stop('query');
      const cpu =
        10 + 180 * load + (etl ? 480 : 0) + (views ? 350 : 0) + (query ? 620 : 0) + (partition ? 260 : 0);
      const read =
        20e6 * load + (etl ? 90e6 : 0) + (views ? 250e6 : 0) + (query ? 600e6 : 0) + (partition ? 200e6 : 0);
      const write = 3e6 * load + (etl ? 160e6 : 0) + (views ? 60e6 : 0) + (partition ? 170e6 : 0);
      const full = t.weekday === 6 && t.between(1, 3.4);
      m.run('postgres', {
        cpu: Math.min(1350, cpu),
        rss: (34 + 4 * load + (query ? 9 : 0) + (etl ? 6 : 0)) * GiB,
        count: 40 + (query ? 12 : 0) + (etl ? 8 : 0),
        read,
        write,
      });
      io(m, 'nvme0n1', {
        read: read + (full ? 400e6 : 0),
        write,
        await: 0.3 + (read + write) / 9e8,
        busy: Math.min(80, 3 + (read + write + (full ? 400e6 : 0)) / 12e6),
      });
      io(m, 'nvme1n1', { write: write * 0.9, await: 0.3, busy: 1 + write / 2e7 });
      if (full)
        m.run('pgbackrest', { cpu: 380, rss: 600 * MiB, count: 5, read: 400e6, write: 1e6, uid: 115 });
      else m.stop('pgbackrest');
      const data = m.mount('/var/lib/postgresql');
      data.used += Math.round((etl ? 3.5e6 : 3e4 * load) * t.step);
      if (t.day === 5 && t.comes(5, 1.4)) data.used -= 70 * GiB;
      // What was archived stays until the next full backup holds it.
      const wal = m.mount('/srv/wal');
      wal.used += Math.round(write * 0.03 * t.step);
      if (t.weekday === 6 && t.comes(t.day, 3.5)) wal.used = 300 * GiB;
      traffic(m, 3e5 + (etl ? 60e6 : 0), 2e6 * load + (full ? 90e6 : 0));
      upkeep(m, t);
    },
  },
  {
    name: 'proxy with thirty thousand connections that say little',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 8 * GiB });
      m.run('haproxy', { ports: [80, 443], rss: 1.5 * GiB, threads: 4, uid: 111 });
      m.conntrack = { count: 64_000, max: 262_144 };
    },
    minute(m, t) {
      rest(m);
      const people = 0.75 + 0.25 * Math.min(1, office(t));
      // A deploy behind it sends all away, who come back within two minutes; the old process waits for those that stay.
      const storm = (t.weekday === 2 && t.between(13, 13.05)) || (t.weekday === 4 && t.between(10, 10.05));
      const draining = (t.weekday === 2 && t.between(13, 16)) || (t.weekday === 4 && t.between(10, 13));
      const open = Math.round(30_000 * people * t.noise('open', 0.03));
      m.run('haproxy', {
        cpu: 14 + 40 * office(t) * t.noise('load', 0.2) + (storm ? 230 : 0),
        rss: (0.2 + (open / 30_000) * 1.4 + (draining ? 1 : 0)) * GiB,
        count: draining ? 2 : 1,
      });
      Object.assign(m.tcp, {
        established: 2 * open,
        timeWait: storm ? 14_000 : Math.round(700 * people),
        out: 3500,
        retransmits: (storm ? 60 : 4) * t.noise('retransmits', 0.3),
        resets: storm ? 90 : 6,
        synRecv: storm ? 40 : 1,
      });
      m.conntrack = { count: 2 * open + 3000 + (storm ? 30_000 : 0), max: 262_144 };
      m.softirq = 1.5 + (storm ? 7 : 0);
      Object.assign(m.net, {
        rx: 1.2e6 + (storm ? 9e6 : 0),
        tx: 1.4e6 + (storm ? 9e6 : 0),
        rxPackets: 4500 + (storm ? 20_000 : 0),
        txPackets: 4500 + (storm ? 20_000 : 0),
      });
      m.switches = 12_000 + (storm ? 30_000 : 0);
      upkeep(m, t);
    },
  },
  {
    name: 'printers and scanners of an office, their pages read on two cores',
    setup(m) {
      Object.assign(m, { cores: 2, ram: 4 * GiB });
      m.run('cupsd', { ports: [631], rss: 25 * MiB });
      m.run('smbd', { ports: [445, 139], rss: 120 * MiB, count: 8 });
      m.mount('/srv/scans', { source: '/dev/sda3', size: 120 * GiB, used: 70 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = office(t) * t.noise('load', 0.3);
      const printing = burst(m, t, 'gs', 60 * office(t), 2);
      if (printing) m.run('gs', { cpu: 90, rss: 180 * MiB, write: 4e6, uid: 7 });
      else m.stop('gs');
      const reading = burst(m, t, 'tesseract', 14 * office(t), 6);
      if (reading)
        m.run('tesseract', { cpu: 95, rss: 350 * MiB, uid: 1001, cgroup: '/system.slice/ocr.service' });
      else m.stop('tesseract');
      m.run('cupsd', { cpu: 0.5 + 2 * load + (printing ? 3 : 0) });
      m.run('smbd', { cpu: 0.5 + 6 * load, count: 8 + Math.round(14 * Math.min(1.2, load)) });
      if (printing) io(m, 'sda', { write: 4e6, await: 2, busy: 8 });
      m.forks = 3 + 6 * load;
      traffic(m, 3e5 * load, 4e5 * load + (printing ? 1.5e6 : 0));
      m.mount('/srv/scans').used += Math.round(1.2e4 * load * t.step);
      if (t.weekday === 6 && t.comes(t.day, 4)) m.mount('/srv/scans').used = 70 * GiB;
      // All that came in on a day is read once more at night, at its best.
      job(m, t, {
        program: 'ocrmypdf',
        hour: 1,
        minutes: 55,
        cpu: 100,
        rss: 500 * MiB,
        read: 1e6,
        write: 1e6,
        busy: 5,
        uid: 1001,
      });
      job(m, t, {
        program: 'borg',
        hour: 2.5,
        minutes: 15,
        cpu: 75,
        rss: 150 * MiB,
        read: 40e6,
        await: 4,
        busy: 45,
        tx: 4e6,
      });
      upkeep(m, t);
    },
  },
  {
    name: 'backups of fifty machines: taken in, thinned out, their garbage collected, verified',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 32 * GiB });
      m.run('proxmox-backup-', { ports: [8007], rss: 700 * MiB, count: 2, threads: 60, uid: 34 });
      m.disk('sdb');
      spinning(m, 'sdb');
      m.mount('/mnt/datastore', { size: 40_000 * GiB, used: 31_000 * GiB });
    },
    minute(m, t) {
      rest(m);
      const taking = t.between(20, 24) || t.between(0, 4) ? 1 : t.between(12, 13) ? 0.4 : 0;
      const pace = taking * t.noise('taking', 0.4);
      const collect = t.between(5, 7.4);
      const verify = t.weekday === 5 && t.between(8, 18.5);
      const read = (collect ? 9e6 : 0) + (verify ? 240e6 : 0) + 2e6 * pace;
      m.run('proxmox-backup-', {
        cpu: 3 + 110 * pace + (collect ? 35 : 0) + (verify ? 140 : 0),
        rss: (700 + 500 * pace + (collect ? 900 : 0)) * MiB,
        read,
        write: 60e6 * pace,
      });
      io(m, 'sdb', {
        read,
        write: 60e6 * pace,
        await: 8 + 9 * Math.min(1.5, pace) + (collect ? 6 : 0) + (verify ? 9 : 0),
        busy: 3 + 35 * Math.min(1.5, pace) + (collect ? 90 : 0) + (verify ? 85 : 0),
      });
      m.iowait = collect ? 11 : verify ? 9 : 0.5 + 4 * pace;
      m.psi.io = collect ? 26 : verify ? 18 : 1 + 8 * pace;
      m.psi.ioFull = collect ? 19 : verify ? 9 : 0.5 + 4 * pace;
      traffic(m, 1e5 + 70e6 * pace, 1e5 + 1e6 * pace);
      const store = m.mount('/mnt/datastore');
      store.used += Math.round(14e6 * pace * t.step);
      if (t.comes(t.day, 7.4)) store.used = (31_000 + 6 * t.day) * GiB;
      upkeep(m, t);
    },
  },
  {
    name: 'Zabbix of a thousand hosts, its history cleaned each hour',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 32 * GiB });
      m.run('zabbix_server', { ports: [10051], rss: 2.2 * GiB, count: 90, uid: 119 });
      m.run('mariadbd', { ports: [3306], bind: '127.0.0.1', rss: 19 * GiB, threads: 130, uid: 106 });
      m.run('nginx', { ports: [80, 443], rss: 30 * MiB, uid: 33 });
      m.run('php-fpm8.2', { rss: 400 * MiB, count: 8, uid: 33, cgroup: '/system.slice/php8.2-fpm.service' });
      m.disk('nvme0n1');
      m.mount('/var/lib/mysql', { source: '/dev/nvme0n1p1', size: 700 * GiB, used: 460 * GiB });
    },
    minute(m, t) {
      rest(m);
      const people = office(t) * t.noise('people', 0.5);
      const housekeeping = t.hour % 1 < 0.13;
      const trends = t.hour % 1 > 0.99 || t.hour % 1 < 0.02;
      const partitions = t.between(0.05, 0.4);
      m.run('zabbix_server', { cpu: 70 * t.noise('pollers', 0.1) + (trends ? 60 : 0) });
      m.run('mariadbd', {
        cpu:
          75 * t.noise('inserts', 0.1) +
          40 * people +
          (housekeeping ? 110 : 0) +
          (trends ? 90 : 0) +
          (partitions ? 60 : 0),
        rss: (19 + 0.1 * t.day) * GiB,
        read: 1e6 + (housekeeping ? 35e6 : 0),
        write: 9e6 + (housekeeping ? 45e6 : 0) + (trends ? 40e6 : 0) + (partitions ? 30e6 : 0),
      });
      m.run('php-fpm8.2', { cpu: 4 + 90 * people });
      io(m, 'nvme0n1', {
        read: 1e6 + (housekeeping ? 35e6 : 0),
        write: 9e6 + (housekeeping ? 45e6 : 0) + (trends ? 40e6 : 0) + (partitions ? 30e6 : 0),
        await: 0.5 + (housekeeping ? 1.1 : 0) + (trends ? 0.7 : 0),
        busy: 14 + (housekeeping ? 48 : 0) + (trends ? 20 : 0),
      });
      m.iowait = housekeeping ? 5 : 1;
      m.psi.io = housekeeping ? 13 : 3;
      const data = m.mount('/var/lib/mysql');
      data.used += Math.round(2.1e5 * t.step);
      if (t.comes(t.day, 0.35)) data.used -= 16.8 * GiB;
      traffic(m, 9e5, 4e5 + 1.5e6 * people);
      m.tcp.established = Math.round(160 + 40 * people);
      m.forks = 12 * t.noise('scripts', 0.4);
      job(m, t, {
        program: 'mariadb-dump',
        hour: 2.6,
        minutes: 25,
        cpu: 80,
        write: 14e6,
        await: 2,
        busy: 20,
      });
      upkeep(m, t);
    },
  },
];
