// Twenty kinds of servers that have a good week: each busy in its own way, none of them in trouble. What they do comes from the rhythms
// that such servers have (people by day, jobs by night, the week, the month), with noise on top; nothing was fitted to the rules.
import { GiB, type Machine } from '../../test/scenarios/machine.ts';
import { MiB, webServer } from '../../test/scenarios/scenario.ts';
import type { Clock } from './clock.ts';
import { backup, containers, deploy, io, logs, upgrade } from './doings.ts';

export interface QuietServer {
  name: string;
  setup(m: Machine): void;
  minute(m: Machine, t: Clock): void;
  /** No report comes now, beside those that are lost everywhere. */
  silent?(t: Clock): boolean;
}

/** People at work: by day, hardly at the weekend. */
const office = (t: Clock) => 0.04 + (t.weekday < 5 ? t.wave(10, 1.8) + t.wave(14.5, 2) : 0.1 * t.wave(14, 4));
/** People at home. */
const evening = (t: Clock) =>
  0.12 + t.wave(20, 3) + (t.weekday > 4 ? 0.5 * t.wave(14, 4) : 0.25 * t.wave(12, 3));

export const quietServers: QuietServer[] = [
  {
    name: 'shop that grows, with a campaign',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 16 * GiB });
      webServer(m);
    },
    minute(m, t) {
      const campaign = t.day % 7 === 5 && t.between(18, 20) ? 2.4 : 1;
      const load = evening(t) * (1 + 0.03 * t.day) * campaign * t.noise('load', 0.15);
      m.run('php-fpm', { cpu: 6 + 70 * load, rss: (500 + 500 * Math.min(2, load)) * MiB, count: 20 });
      m.run('mariadbd', { cpu: 4 + 32 * load, rss: Math.min(5, 0.9 + 0.35 * t.day) * GiB });
      m.run('nginx', { cpu: 1 + 8 * load });
      Object.assign(m.net, { rx: 3e5 * load, tx: 4e6 * load, rxPackets: 900 * load, txPackets: 1500 * load });
      Object.assign(m.tcp, { established: Math.round(30 + 260 * load), timeWait: Math.round(900 * load) });
      io(m, 'sda', { read: 4e5 * load, write: 1.5e6 * load });
      backup(m, t, 2.5, 40);
      deploy(m, t, 'php-fpm', [1, 4]);
      logs(m, t, '/', { size: 40, base: 14, perDay: 1.6 });
      upgrade(m, t);
    },
  },
  {
    name: 'files of an office',
    setup(m) {
      m.run('smbd', { ports: [445, 139], rss: 200 * MiB, count: 12 });
      m.disk('sdb');
      m.mount('/srv/files', { size: 4000 * GiB, used: 3300 * GiB });
    },
    minute(m, t) {
      const load = office(t) * t.noise('load', 0.4);
      m.run('smbd', { cpu: 1 + 25 * load, count: 4 + Math.round(14 * office(t)) });
      m.mount('/srv/files').used += Math.round(4e5 * load * t.step);
      io(m, 'sdb', { read: 12e6 * load, write: 5e6 * load, await: 8 + 3 * load, busy: 28 * load });
      Object.assign(m.net, {
        rx: 5e6 * load,
        tx: 13e6 * load,
        rxPackets: 4000 * load,
        txPackets: 9000 * load,
      });
      backup(m, t, 1, 180, 'sdb');
      upgrade(m, t);
    },
  },
  {
    name: 'mail',
    setup(m) {
      m.run('master', { ports: [25, 587], cgroup: '/system.slice/postfix.service' });
      m.run('dovecot', { ports: [993, 143], rss: 60 * MiB });
      m.run('rspamd', { rss: 350 * MiB, cpu: 3 });
      m.mount('/var/mail', { size: 200 * GiB, used: 120 * GiB });
    },
    minute(m, t) {
      const wave = t.between(3, 3.6) && t.weekday === 2 ? 4 : 1;
      const load = (0.15 + office(t)) * wave * t.noise('load', 0.3);
      m.run('rspamd', { cpu: 2 + 35 * load });
      m.run('dovecot', { cpu: 1 + 8 * load, rss: (60 + 120 * load) * MiB });
      m.sections.set(
        'postqueue -p',
        `-- ${Math.round(40 * load)} Kbytes in ${Math.round(9 * load)} Requests.`,
      );
      m.mount('/var/mail').used += Math.round(4e3 * load * t.step);
      m.forks = 3 + 9 * load;
      backup(m, t, 3, 70);
      logs(m, t, '/', { size: 40, base: 11, perDay: 0.5 });
      upgrade(m, t);
    },
  },
  {
    name: 'PostgreSQL, with a batch at the end of the month',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 32 * GiB });
      m.run('postgres', { ports: [5432], rss: 6 * GiB, count: 60, cpu: 20 });
      m.disk('nvme0n1');
      m.mount('/var/lib/postgresql', { source: '/dev/nvme0n1p1', size: 500 * GiB, used: 240 * GiB });
    },
    minute(m, t) {
      const batch = t.day === 4 && t.between(19, 23.5);
      const vacuum = t.chance(30) || (t.hour % 3 < 0.15 && t.day % 2 === 0);
      const load = office(t) * t.noise('load', 0.25);
      m.run('postgres', {
        cpu: 20 + 240 * load + (batch ? 330 : 0) + (vacuum ? 60 : 0),
        rss: (6 + 2 * load + (batch ? 5 : 0)) * GiB,
        count: 60 + (batch ? 8 : 0),
      });
      io(m, 'nvme0n1', {
        read: 8e6 * load + (batch ? 220e6 : 0) + (vacuum ? 60e6 : 0),
        write: 14e6 * load + (batch ? 90e6 : 0),
        await: batch ? 2.5 : 0.6,
        busy: 12 * load + (batch ? 70 : 0),
      });
      m.mount('/var/lib/postgresql').used += Math.round(9e4 * load * t.step);
      Object.assign(m.net, { rx: 2e6 * load, tx: 6e6 * load, rxPackets: 40 + 3000 * load });
      backup(m, t, 23.7, 80, 'nvme0n1');
      upgrade(m, t);
    },
  },
  {
    name: 'builder of software',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 32 * GiB });
      m.run('gitlab-runner', { rss: 80 * MiB });
      m.mount('/var/lib/builds', { size: 200 * GiB, used: 90 * GiB });
    },
    minute(m, t) {
      const builds = m.programs.has('cc1plus');
      if (!builds && t.chance(70 * office(t) + 2))
        m.run('cc1plus', { cpu: 760, count: 8, rss: 5 * GiB, uid: 999 });
      else if (builds && t.chance(260)) m.stop('cc1plus');
      const on = m.programs.has('cc1plus');
      m.forks = on ? 160 : 3;
      m.run('gitlab-runner', { cpu: on ? 20 : 1 });
      m.mount('/var/lib/builds').used += on ? 3e6 * t.step : 0;
      if (t.comes(t.day, 5)) m.mount('/var/lib/builds').used = 90 * GiB;
      io(m, 'sda', on ? { write: 30e6, await: 3, busy: 35 } : {});
      upgrade(m, t);
    },
  },
  {
    name: 'containers that come and go',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 16 * GiB });
      m.run('dockerd', { rss: 120 * MiB, cpu: 3 });
      m.mount('/var/lib/docker', { size: 120 * GiB, used: 50 * GiB });
    },
    minute(m, t) {
      const load = evening(t) * t.noise('load', 0.2);
      m.run('node', {
        cpu: 5 + 60 * load,
        rss: (700 + 500 * load) * MiB,
        count: 6,
        cgroup: '/system.slice/docker-1a.scope',
      });
      const job = t.hour % 1 < 0.1;
      if (job) m.run('python3', { cpu: 70, rss: 400 * MiB, cgroup: '/system.slice/docker-2b.scope' });
      else m.stop('python3');
      containers(m, t, job);
      m.mount('/var/lib/docker').used += Math.round(2e4 * t.step);
      if (t.weekday === 6 && t.comes(t.day, 3)) m.mount('/var/lib/docker').used = 50 * GiB;
      upgrade(m, t);
    },
  },
  {
    name: 'workers that scale with the load',
    setup(m) {
      Object.assign(m, { cores: 16, ram: 64 * GiB });
      m.run('gunicorn', { ports: [8000], rss: 2 * GiB, count: 4, uid: 1001 });
    },
    minute(m, t) {
      const load = Math.min(1.2, office(t) * t.noise('load', 0.2));
      const count = 4 + Math.ceil(28 * load);
      m.run('gunicorn', { count, rss: count * 900 * MiB, cpu: 20 + 1050 * load, threads: count * 4 });
      Object.assign(m.net, { rx: 6e6 * load, tx: 20e6 * load, rxPackets: 60 + 6000 * load });
      m.tcp.established = Math.round(60 + 900 * load);
      deploy(m, t, 'gunicorn', [0, 2, 3, 5]);
      upgrade(m, t);
    },
  },
  {
    name: 'collector of logs, rotated each night',
    setup(m) {
      m.run('rsyslogd', { rss: 80 * MiB, ports: [514] });
      m.disk('sdb');
      m.mount('/var/log', { size: 400 * GiB, used: 100 * GiB });
    },
    minute(m, t) {
      const load = (0.5 + evening(t)) * t.noise('load', 0.2);
      m.run('rsyslogd', { cpu: 6 + 14 * load });
      logs(m, t, '/var/log', { size: 400, base: 100, perDay: 130 });
      io(m, 'sdb', { write: 1.8e6 * load });
      if (t.between(0, 0.5)) m.run('gzip', { cpu: 95, rss: 5 * MiB, read: 60e6, write: 6e6 });
      else m.stop('gzip');
      upgrade(m, t);
    },
  },
  {
    name: 'cache that is pruned when it is nearly full',
    setup(m) {
      m.run('squid', { ports: [3128], rss: 900 * MiB });
      m.mount('/var/spool/squid', { size: 100 * GiB, used: 78 * GiB });
    },
    minute(m, t) {
      const load = office(t) * t.noise('load', 0.3);
      m.run('squid', { cpu: 3 + 30 * load });
      const spool = m.mount('/var/spool/squid');
      spool.used = spool.used > 84 * GiB ? 76 * GiB : spool.used + Math.round(2.4e5 * load * t.step);
      Object.assign(m.net, { rx: 8e6 * load, tx: 9e6 * load });
      upgrade(m, t);
    },
  },
  {
    name: 'Redis that warms up to its limit',
    setup(m) {
      m.run('redis-server', { ports: [6379], bind: '127.0.0.1', rss: 400 * MiB, uid: 110 });
    },
    minute(m, t) {
      const used = Math.min(3.8 * GiB, 400 * MiB + 35e3 * t.at);
      m.run('redis-server', { rss: used, cpu: (4 + 12 * evening(t)) * t.noise('load', 0.2) });
      m.sections.set(
        'redis-cli',
        `used_memory:${Math.round(used)}\nmaxmemory:${4 * GiB}\nmaxmemory_policy:allkeys-lru\nrdb_last_bgsave_status:ok`,
      );
      upgrade(m, t);
    },
  },
  {
    name: 'game server, started anew every morning',
    setup(m) {
      Object.assign(m, { cores: 6, ram: 16 * GiB });
      m.run('srcds', { ports: [27015], rss: 2 * GiB, uid: 1000 });
      m.unit('srcds.service');
    },
    minute(m, t) {
      const load = evening(t) * t.noise('load', 0.2);
      if (t.comes(t.day, 5)) {
        m.stop('srcds');
        m.run('srcds', { ports: [27015], rss: 2 * GiB, uid: 1000 });
        m.unit('srcds.service', { changed: m.now });
      }
      const up = (t.hour + 19) % 24;
      m.run('srcds', { cpu: 15 + 170 * load, rss: (2 + 0.12 * up + 0.6 * load) * GiB, threads: 40 });
      Object.assign(m.net, {
        rx: 5e5 * load,
        tx: 2e6 * load,
        rxPackets: 7000 * load,
        txPackets: 8000 * load,
      });
      upgrade(m, t);
    },
  },
  {
    name: 'gateway with a link well used',
    setup(m) {
      m.run('openvpn', { ports: [1194], rss: 30 * MiB });
      m.conntrack = { count: 4000, max: 65_536 };
      m.net.speed = 100;
    },
    minute(m, t) {
      const load = Math.min(1, office(t) * t.noise('load', 0.25));
      m.run('openvpn', { cpu: 2 + 60 * load });
      m.softirq = 0.5 + 12 * load;
      m.conntrack = { count: Math.round(3000 + 26_000 * load), max: 65_536 };
      Object.assign(m.net, {
        rx: 7e6 * load,
        tx: 8.2e6 * load,
        rxPackets: 9000 * load,
        txPackets: 9500 * load,
      });
      m.tcp.retransmits = 0.3 + 2 * load;
      upgrade(m, t);
    },
  },
  {
    name: 'where others leave their backups, its array checked on Sundays',
    setup(m) {
      m.run('sshd', { cpu: 1 });
      for (const disk of ['sdb', 'sdc']) m.disk(disk);
      m.mount('/backup', { source: '/dev/md0', size: 8000 * GiB, used: 6900 * GiB });
    },
    minute(m, t) {
      const night = t.between(0, 5.5);
      const check = t.weekday === 6 && t.between(0.95, 9);
      const load = night ? t.noise('load', 0.4) : 0;
      // Each client that comes is a process of its own.
      if (night)
        m.run('borg', {
          cpu: 45 * load,
          rss: (60 + 300 * load) * MiB,
          count: 1 + Math.round(2 * load),
          write: 45e6 * load,
          uid: 1001,
          cgroup: '/user.slice/user-1001.slice/session-7.scope',
        });
      else m.stop('borg');
      m.mount('/backup').used += Math.round((night ? 2.2e6 * load : -4e3) * t.step * (t.hour < 2 ? 0.2 : 1));
      if (t.comes(t.day, 12)) m.mount('/backup').used = (6900 + 9 * t.day) * GiB;
      for (const disk of ['sdb', 'sdc'])
        io(m, disk, {
          write: 1e4 + 45e6 * load,
          read: check ? 120e6 : 1e5,
          await: 9 + (check ? 14 : 8 * load),
          busy: check ? 96 : 60 * load,
        });
      m.iowait = night || check ? 18 : 0.5;
      m.psi.io = check ? 22 : night ? 14 : 1;
      m.net.rx = 4e4 + 45e6 * load;
      m.md = `md0 : active raid1 sdc1[1] sdb1[0]\n      8388608000 blocks super 1.2 [2/2] [UU]${
        check
          ? `\n      [==>..................]  check = ${(11 * (t.hour - 0.9)).toFixed(1)}% (922746880/8388608000) finish=400.2min speed=120000K/sec`
          : ''
      }`;
      upgrade(m, t);
    },
  },
  {
    name: 'Prometheus, its memory a saw-tooth of two hours',
    setup(m) {
      m.run('prometheus', { ports: [9090], rss: 3 * GiB, uid: 120 });
      m.mount('/var/lib/prometheus', { size: 200 * GiB, used: 60 * GiB });
    },
    minute(m, t) {
      const block = (t.at % 7200) / 7200;
      m.run('prometheus', {
        cpu: 18 * t.noise('load', 0.15) + (block < 0.03 ? 90 : 0),
        rss: (2.4 + 1.6 * block + 0.02 * t.day) * GiB,
        write: block < 0.03 ? 40e6 : 3e5,
      });
      m.mount('/var/lib/prometheus').used += Math.round(1.2e4 * t.step);
      io(m, 'sda', block < 0.03 ? { write: 40e6, busy: 30, await: 3 } : {});
      upgrade(m, t);
    },
  },
  {
    name: 'Java, its heap a saw-tooth of half a day, deployed twice a week',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 16 * GiB });
      m.run('java', {
        ports: [8080],
        rss: 4 * GiB,
        threads: 180,
        uid: 1001,
        cgroup: '/system.slice/app.service',
      });
      m.unit('app.service');
    },
    minute(m, t) {
      const load = office(t) * t.noise('load', 0.2);
      const heap = (t.at % 41_000) / 41_000;
      Object.assign(m.net, { rxPackets: 30 + 800 * load, txPackets: 30 + 900 * load });
      m.run('java', { cpu: 8 + 110 * load, rss: (4 + 5 * heap) * GiB, threads: 180 + Math.round(60 * load) });
      deploy(m, t, 'java', [1, 4], 'app.service');
      backup(m, t, 2, 20);
      logs(m, t, '/', { size: 40, base: 13, perDay: 2.5 });
      upgrade(m, t);
    },
  },
  {
    name: 'small rented server: one core, old pages in swap, a reboot for a kernel',
    setup(m) {
      Object.assign(m, { cores: 1, ram: 1 * GiB, swap: 1 * GiB, swapUsed: 0.6 * GiB });
      m.run('nginx', { ports: [80, 443], rss: 25 * MiB, uid: 33 });
      m.run('php-fpm', { rss: 110 * MiB, count: 4, uid: 33 });
      m.run('mariadbd', { rss: 120 * MiB, ports: [3306], bind: '127.0.0.1' });
    },
    minute(m, t) {
      const load = evening(t) * t.noise('load', 0.25);
      m.steal = 1.5 * t.noise('steal', 0.5);
      m.run('php-fpm', { cpu: 2 + 22 * load });
      m.run('mariadbd', { cpu: 1 + 6 * load });
      m.swapIn = t.chance(60) ? 40 : 0.5;
      m.majorFaults = 2 * t.noise('faults', 0.5);
      backup(m, t, 4, 12);
      upgrade(m, t);
      if (t.day % 7 === 3 && t.comes(t.day, 4.5)) {
        m.kernel = `6.1.0-${26 + Math.floor(t.day / 7)}-amd64`;
        m.reboot();
      }
    },
  },
  {
    name: 'names for a network',
    setup(m) {
      m.run('unbound', { ports: [53], rss: 90 * MiB, uid: 113 });
    },
    minute(m, t) {
      const load = (0.3 + office(t) + evening(t)) * t.noise('load', 0.3);
      m.run('unbound', { cpu: 4 + 9 * load });
      Object.assign(m.net, { rx: 1e5 * load, tx: 2e5 * load, rxPackets: 900 * load, txPackets: 900 * load });
      upgrade(m, t);
    },
  },
  {
    name: 'computing all the time, and giving way',
    setup(m) {
      Object.assign(m, { cores: 32, ram: 256 * GiB });
    },
    minute(m, t) {
      const job = Math.floor(t.at / 50_000) % 3;
      m.run('gmx', {
        cpu: 1500 + 500 * job,
        rss: (30 + 40 * job) * GiB,
        threads: 32,
        uid: 5011,
        cgroup: '/user.slice/user-5011.slice',
      });
      upgrade(m, t);
    },
  },
  {
    name: 'machine on a desk, asleep at night',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 16 * GiB });
      m.run('gnome-shell', { rss: 400 * MiB, uid: 1000, cgroup: '/user.slice/user-1000.slice' });
    },
    minute(m, t) {
      const load = office(t) * t.noise('load', 0.5);
      m.run('firefox', {
        cpu: 6 + 60 * load,
        rss: (1.5 + 3 * Math.min(1, load)) * GiB,
        threads: 90,
        uid: 1000,
        cgroup: '/user.slice/user-1000.slice',
      });
      if (t.chance(12 * office(t)))
        m.run('make', { cpu: 500, rss: 1 * GiB, uid: 1000, cgroup: '/user.slice/user-1000.slice' });
      else if (t.chance(700)) m.stop('make');
    },
    silent: (t) => !t.between(7, 19),
  },
  {
    name: 'small board at home, on a slow card, with a poor link',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 1 * GiB, swap: 100 * MiB });
      m.stop('systemd-journald');
      m.disk('mmcblk0');
      m.mount('/', { source: '/dev/mmcblk0p2', size: 29 * GiB, used: 9 * GiB });
      m.run('hass', { ports: [8123], rss: 320 * MiB, cpu: 6 });
    },
    minute(m, t) {
      m.run('hass', { cpu: 9 * t.noise('load', 0.3), rss: (320 + 8 * (t.day % 7)) * MiB });
      const flush = t.chance(8);
      io(m, 'mmcblk0', { write: flush ? 4e6 : 5e4, await: flush ? 60 : 6, busy: flush ? 55 : 3 });
      m.iowait = flush ? 9 : 0.6;
      m.psi.io = flush ? 12 : 1;
      logs(m, t, '/', { size: 29, base: 9, perDay: 0.2 });
      if (t.day % 7 === 4 && t.comes(t.day, 17)) m.reboot();
    },
    silent: (t) => t.chance(60),
  },
];
