// More kinds of servers that have a good week, written from what such servers are known to do, without a look at the rules.
import { GiB } from '../../test/scenarios/machine.ts';
import { MiB } from '../../test/scenarios/scenario.ts';
import {
  burst,
  containers,
  deploy,
  home,
  io,
  job,
  office,
  rest,
  spinning,
  traffic,
  upkeep,
} from './doings.ts';
import type { QuietServer } from './servers.ts';

export const strangers: QuietServer[] = [
  {
    name: 'mail of three hundred people, scanned for viruses',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 8 * GiB });
      m.run('master', { ports: [25, 465, 587], cgroup: '/system.slice/postfix@-.service' });
      m.run('dovecot', { ports: [143, 993], rss: 90 * MiB });
      m.run('rspamd', { rss: 420 * MiB, uid: 112 });
      m.run('clamd', { rss: 1.3 * GiB, uid: 113 });
      m.run('redis-server', { rss: 160 * MiB, ports: [6379], bind: '127.0.0.1', uid: 110 });
      m.disk('sdb');
      m.mount('/srv/vmail', { size: 1000 * GiB, used: 690 * GiB });
    },
    minute(m, t) {
      rest(m);
      const newsletter = t.weekday === 1 && t.between(9, 9.7) ? 2 : 1;
      const load = (0.15 + office(t)) * newsletter * t.noise('load', 0.25);
      const reload = t.hour % 8 < 0.07;
      m.run('clamd', { cpu: 2 + 30 * load + (reload ? 95 : 0), rss: (reload ? 2.4 : 1.3) * GiB });
      m.run('rspamd', { cpu: 2 + 18 * load });
      m.run('dovecot', {
        cpu: 1 + 14 * load,
        rss: (90 + 400 * Math.min(1, load)) * MiB,
        count: 10 + Math.round(60 * Math.min(1, load)),
      });
      m.sections.set(
        'postqueue -p',
        `-- ${Math.round(200 + 900 * load)} Kbytes in ${Math.round(14 + 40 * load)} Requests.`,
      );
      m.forks = 4 + 20 * load;
      m.tcp.established = Math.round(80 + 300 * load);
      traffic(m, 4e5 * load, 7e5 * load);
      io(m, 'sdb', { read: 2e6 * load, write: 1.2e6 * load, await: 4 + 3 * load, busy: 6 + 18 * load });
      m.mount('/srv/vmail').used += Math.round(1.5e4 * load * t.step);
      job(m, t, {
        program: 'doveadm',
        hour: 4.5,
        minutes: 25,
        cpu: 50,
        read: 20e6,
        write: 1e6,
        disk: 'sdb',
        await: 9,
        busy: 60,
      });
      job(m, t, {
        program: 'borg',
        hour: 2,
        minutes: 90,
        cpu: 80,
        rss: 400 * MiB,
        read: 60e6,
        write: 2e5,
        disk: 'sdb',
        await: 11,
        busy: 82,
        tx: 1.5e6,
      });
      upkeep(m, t);
    },
  },
  {
    name: 'second name server of some hundred zones',
    setup(m) {
      Object.assign(m, { cores: 1, ram: 1 * GiB });
      m.run('nsd', { ports: [53], rss: 110 * MiB, count: 3, uid: 114 });
    },
    minute(m, t) {
      rest(m);
      // Somebody scans for open resolvers, or asks for names that are not there, some times a day.
      const scan = burst(m, t, 'scan', 5, 6);
      if (scan) m.run('scan', { cpu: 0, rss: 0, count: 0 });
      else m.stop('scan');
      const load = (0.5 + 0.4 * home(t)) * t.noise('load', 0.3) * (scan ? 14 : 1);
      m.run('nsd', { cpu: 1.5 + 3 * load });
      Object.assign(m.net, { rx: 3e4 * load, tx: 9e4 * load, rxPackets: 250 * load, txPackets: 240 * load });
      m.softirq = 0.4 + 0.3 * load;
      upkeep(m, t);
    },
  },
  {
    name: 'runner of builds in containers, with a long one at night',
    setup(m) {
      Object.assign(m, { cores: 16, ram: 64 * GiB });
      m.run('gitlab-runner', { rss: 90 * MiB });
      m.run('dockerd', { rss: 180 * MiB, cgroup: '/system.slice/docker.service' });
      m.disk('nvme0n1');
      m.mount('/var/lib/docker', { source: '/dev/nvme0n1p1', size: 400 * GiB, used: 150 * GiB });
    },
    minute(m, t) {
      rest(m);
      const nightly = t.between(1, 3.2);
      const kinds = [
        ['rustc', 1500, 9, 24],
        ['javac', 700, 6, 10],
        ['node', 420, 4, 8],
        ['cc1plus', 1600, 12, 18],
      ] as const;
      let busy = 0;
      for (const [program, cpu, gib, minutes] of kinds) {
        const on = (nightly && program === 'cc1plus') || burst(m, t, program, 26 * office(t), minutes);
        if (on)
          m.run(program, {
            cpu: cpu * t.noise(program, 0.15),
            rss: gib * GiB,
            count: Math.ceil(cpu / 100),
            uid: 999,
            cgroup: '/system.slice/docker-5c.scope',
          });
        else m.stop(program);
        if (on) busy += cpu;
      }
      m.forks = 4 + busy / 8;
      m.switches = 4000 + 15 * busy;
      const docker = m.mount('/var/lib/docker');
      docker.used += Math.round(2e3 * busy * t.step);
      if (t.comes(t.day, 4)) docker.used = 150 * GiB;
      if (docker.used > 300 * GiB) docker.used = 210 * GiB;
      if (busy)
        io(m, 'nvme0n1', { read: 3e4 * busy, write: 6e4 * busy, await: 0.6, busy: Math.min(70, busy / 40) });
      traffic(m, 1e5 + (busy ? 3e6 * t.noise('pull', 1) : 0), 1e5);
      upkeep(m, t);
    },
  },
  {
    name: 'node of Kubernetes, its images collected when the disk asks for it',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 32 * GiB, swap: 0 });
      m.run('kubelet', { rss: 140 * MiB, ports: [10250] });
      m.run('containerd', { rss: 220 * MiB });
      m.run('calico-node', { rss: 150 * MiB, cgroup: '/kubepods.slice/kubepods-burstable.slice/pod-calico' });
      m.mount('/', { source: '/dev/sda1', size: 100 * GiB, used: 74 * GiB });
      m.conntrack = { count: 20_000, max: 262_144 };
    },
    minute(m, t) {
      rest(m);
      const load = (0.3 + 0.6 * home(t) + 0.3 * office(t)) * t.noise('load', 0.15);
      const pods = Math.round(8 + 8 * Math.min(1.2, load));
      m.run('java', {
        cpu: 170 * load,
        rss: 11 * GiB,
        count: 5,
        threads: 600,
        uid: 1001,
        cgroup: '/kubepods.slice/kubepods-burstable.slice/pod-orders',
      });
      m.run('node', {
        cpu: 90 * load,
        rss: pods * 350 * MiB,
        count: pods,
        uid: 1000,
        cgroup: '/kubepods.slice/kubepods-burstable.slice/pod-front',
      });
      m.run('python3.11', {
        cpu: 40 * load,
        rss: 2.4 * GiB,
        count: 9,
        uid: 1000,
        cgroup: '/kubepods.slice/kubepods-besteffort.slice/pod-score',
      });
      m.run('kubelet', { cpu: 9 * t.noise('kubelet', 0.2) });
      // A CronJob every five minutes, and another one each hour that takes a while.
      if ((t.hour * 12) % 1 < 0.4) m.run('curl', { cpu: 4, rss: 12 * MiB, uid: 1000 });
      else m.stop('curl');
      if (t.hour % 1 < 0.2)
        m.run('spark-submit', {
          cpu: 120,
          rss: 3 * GiB,
          uid: 1001,
          cgroup: '/kubepods.slice/kubepods-besteffort.slice/pod-report',
        });
      else m.stop('spark-submit');
      m.forks = 25 * t.noise('forks', 0.4);
      const root = m.mount('/');
      // A deploy pulls an image; at 85 % the kubelet removes what is unused.
      root.used += Math.round(1.5e5 * t.step) + (t.chance(7 * office(t)) ? 1.4 * GiB : 0);
      if (root.used > 0.81 * root.size) root.used -= 6 * GiB;
      m.conntrack = { count: Math.round(15_000 + 45_000 * load), max: 262_144 };
      traffic(m, 6e6 * load, 7e6 * load);
      m.tcp.established = Math.round(900 + 1500 * load);
      io(m, 'sda', { read: 5e5 * load, write: 4e6 * load, busy: 10 * load });
      upkeep(m, t);
    },
  },
  {
    name: 'GitLab of a company',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 16 * GiB });
      m.run('nginx', { ports: [80, 443], rss: 60 * MiB, uid: 999 });
      m.run('postgres', { rss: 900 * MiB, count: 40, uid: 996, ports: [5432], bind: '127.0.0.1' });
      m.run('redis-server', { rss: 140 * MiB, uid: 997 });
      m.run('gitaly', { rss: 350 * MiB, uid: 998 });
      m.run('prometheus', { rss: 380 * MiB, uid: 992, ports: [9090], bind: '127.0.0.1' });
      m.mount('/var/opt/gitlab', { source: '/dev/sda3', size: 300 * GiB, used: 110 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = office(t) * t.noise('load', 0.2);
      // Workers that have grown to their limit are replaced, one after the other.
      const worker = (name: string, period: number, from: number, to: number) =>
        (from + (to - from) * ((t.at % period) / period) * t.noise(name, 0.02)) * GiB;
      m.run('puma: cluster w', {
        cpu: 6 + 170 * load,
        rss: worker('puma', 50_000, 4, 5.4),
        count: 5,
        uid: 998,
      });
      m.run('sidekiq', {
        cpu: 9 + 55 * load,
        rss: worker('sidekiq', 31_000, 0.9, 1.9),
        threads: 30,
        uid: 998,
      });
      m.run('gitaly', { cpu: 2 + 45 * load, rss: (350 + 300 * load) * MiB });
      m.run('postgres', { cpu: 4 + 35 * load });
      if (burst(m, t, 'git', 20 * office(t) + 4, 4))
        m.run('git', { cpu: 160, rss: 700 * MiB, read: 30e6, write: 8e6, uid: 998 });
      else m.stop('git');
      if (m.programs.has('git')) io(m, 'sda', { read: 30e6, write: 8e6, await: 3, busy: 30 });
      m.forks = 5 + 40 * load;
      traffic(m, 8e5 * load, 5e6 * load);
      const data = m.mount('/var/opt/gitlab');
      data.used += Math.round(5e4 * load * t.step);
      const backup = job(m, t, {
        program: 'tar',
        hour: 2,
        minutes: 45,
        cpu: 70,
        read: 55e6,
        write: 11e6,
        await: 9,
        busy: 78,
        uid: 998,
      });
      job(m, t, { program: 'gzip', hour: 2, minutes: 45, cpu: 97, read: 0, write: 0, busy: 0, uid: 998 });
      if (backup) data.used += 11e6 * t.step;
      if (t.comes(t.day, 3)) data.used = 110 * GiB + t.day * 0.6 * GiB + Math.min(t.day + 1, 3) * 27 * GiB;
      upkeep(m, t);
    },
  },
  {
    name: 'Elasticsearch with an index a day, merged and thrown away',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 32 * GiB });
      m.run('java', {
        ports: [9200, 9300],
        rss: 17.5 * GiB,
        threads: 160,
        uid: 120,
        exe: '/usr/share/elasticsearch/jdk/bin/java',
        cgroup: '/system.slice/elasticsearch.service',
      });
      m.disk('sdb');
      m.mount('/var/lib/elasticsearch', { size: 1500 * GiB, used: 980 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = (0.4 + 0.6 * office(t)) * t.noise('load', 0.2);
      const merge = t.chance(700) || (t.hour % 1 < 0.12 && t.between(7, 20));
      const force = t.between(0.6, 1.7);
      const snapshot = t.between(2, 2.8);
      m.run('java', {
        cpu: 60 + 210 * load + (merge ? 90 : 0) + (force ? 110 : 0),
        read: (merge ? 60e6 : 2e6) + (force ? 90e6 : 0) + (snapshot ? 70e6 : 0),
        write: 6e6 * load + (merge ? 60e6 : 0) + (force ? 90e6 : 0),
      });
      io(m, 'sdb', {
        read: (merge ? 60e6 : 2e6) + (force ? 90e6 : 0) + (snapshot ? 70e6 : 0),
        write: 6e6 * load + (merge ? 60e6 : 0) + (force ? 90e6 : 0),
        await: 1.2 + (merge ? 2 : 0) + (force ? 5 : 0) + (snapshot ? 2 : 0),
        busy: 8 + (merge ? 35 : 0) + (force ? 68 : 0) + (snapshot ? 40 : 0),
      });
      m.iowait = merge || force || snapshot ? 7 : 1;
      m.psi.io = force ? 16 : merge ? 9 : 2;
      traffic(m, 3e6 * load, 1e6 * load + (snapshot ? 65e6 : 0));
      const data = m.mount('/var/lib/elasticsearch');
      data.used += Math.round(7e5 * load * t.step + (force ? 4e6 * t.step : 0));
      if (t.comes(t.day, 1.75)) data.used = (950 + 12 * (t.day % 4)) * GiB;
      upkeep(m, t);
    },
  },
  {
    name: 'large Prometheus, compacting every two hours and every eighteen',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 64 * GiB });
      m.run('prometheus', { ports: [9090], rss: 28 * GiB, uid: 120, threads: 24 });
      m.run('grafana', { ports: [3000], rss: 220 * MiB, uid: 121 });
      m.disk('nvme0n1');
      m.mount('/var/lib/prometheus', { source: '/dev/nvme0n1p1', size: 900 * GiB, used: 700 * GiB });
    },
    minute(m, t) {
      rest(m);
      const since = (every: number) => t.at % every;
      const cut = since(7200) < 400;
      const large = since(64_800) > 7300 && since(64_800) < 8700;
      const people = office(t) * t.noise('people', 0.5);
      m.run('prometheus', {
        cpu: 110 * t.noise('scrape', 0.08) + 80 * people + (cut ? 130 : 0) + (large ? 100 : 0),
        rss: (23 + 9 * (since(7200) / 7200) + (large ? 5 : 0) + 2 * people) * GiB,
        read: (cut ? 30e6 : 0) + (large ? 120e6 : 0),
        write: 1.5e6 + (cut ? 50e6 : 0) + (large ? 110e6 : 0),
      });
      io(m, 'nvme0n1', {
        read: 4e6 * people + (cut ? 30e6 : 0) + (large ? 120e6 : 0),
        write: 1.5e6 + (cut ? 50e6 : 0) + (large ? 110e6 : 0),
        await: large ? 1.6 : 0.5,
        busy: large ? 55 : cut ? 25 : 3,
      });
      const data = m.mount('/var/lib/prometheus');
      data.used += Math.round(5e5 * t.step + (large ? 8e6 * t.step : 0));
      // A block beyond the retention goes every 18 hours.
      if (since(64_800) < t.step) data.used -= 33 * GiB;
      traffic(m, 2e6, 3e5 + 3e6 * people);
      upkeep(m, t);
    },
  },
  {
    name: 'Minecraft, full in the evening, its one thread busy',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 16 * GiB });
      m.run('java', {
        ports: [25565],
        rss: 3 * GiB,
        threads: 70,
        uid: 1000,
        cgroup: '/system.slice/minecraft.service',
      });
      m.unit('minecraft.service');
      m.mount('/srv/minecraft', { source: '/dev/sda3', size: 80 * GiB, used: 34 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = Math.min(1.1, home(t) * t.noise('load', 0.2));
      if (t.weekday === 1 && t.comes(t.day, 5)) {
        m.stop('java');
        m.run('java', {
          ports: [25565],
          rss: 3 * GiB,
          threads: 70,
          uid: 1000,
          cgroup: '/system.slice/minecraft.service',
        });
        m.unit('minecraft.service', { changed: m.now });
      }
      // The heap fills up to its limit, faster while people play, and stays there.
      const java = m.run('java', { cpu: 12 + 115 * load });
      java.rss = Math.min(10.5 * GiB, java.rss + 9e4 * (0.2 + load) * t.step);
      const saves = t.at % 300 < 60;
      if (saves) io(m, 'sda', { write: 9e6 * (0.2 + load), await: 3, busy: 12 });
      m.mount('/srv/minecraft').used += Math.round(2e3 * load * t.step);
      Object.assign(m.net, {
        rx: 1.5e5 * load,
        tx: 1.6e6 * load,
        rxPackets: 1500 * load,
        txPackets: 2600 * load,
      });
      job(m, t, {
        program: 'tar',
        hour: 4,
        minutes: 18,
        cpu: 60,
        read: 40e6,
        write: 20e6,
        await: 7,
        busy: 70,
        uid: 1000,
      });
      upkeep(m, t);
    },
  },
  {
    name: 'Nextcloud, with cron, previews at night and large uploads',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 8 * GiB });
      m.run('apache2', { ports: [80, 443], rss: 300 * MiB, count: 10, uid: 33 });
      m.run('php-fpm8.2', { rss: 700 * MiB, count: 10, uid: 33 });
      m.run('mariadbd', { rss: 1.4 * GiB, ports: [3306], bind: '127.0.0.1', uid: 106 });
      m.run('redis-server', { rss: 60 * MiB, ports: [6379], bind: '127.0.0.1', uid: 110 });
      m.disk('sdb');
      spinning(m, 'sdb');
      m.mount('/srv/nextcloud', { size: 3600 * GiB, used: 2300 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = (0.08 + office(t) + 0.5 * home(t)) * t.noise('load', 0.25);
      m.run('php-fpm8.2', {
        cpu: 5 + 60 * load,
        rss: (600 + 400 * Math.min(1.5, load)) * MiB,
        count: 10 + Math.round(8 * Math.min(1.5, load)),
      });
      m.run('mariadbd', { cpu: 3 + 20 * load });
      m.run('apache2', { cpu: 2 + 10 * load });
      const cron = (t.hour * 12) % 1 < 0.3;
      if (cron) m.run('php', { cpu: 45, rss: 120 * MiB, uid: 33 });
      else m.stop('php');
      const upload = burst(m, t, 'upload', 6 * office(t) + 3 * home(t), 25);
      if (upload) m.run('upload', { cpu: 0, rss: 0, count: 0 });
      else m.stop('upload');
      io(m, 'sdb', {
        read: 3e6 * load,
        write: 1e6 * load + (upload ? 30e6 : 0),
        await: 9 + (upload ? 12 : 0),
        busy: 8 + 10 * load + (upload ? 30 : 0),
      });
      traffic(m, 3e5 * load + (upload ? 28e6 : 0), 3e6 * load);
      if (upload) m.mount('/srv/nextcloud').used += 28e6 * t.step * 0.1;
      job(m, t, {
        program: 'convert-im6.q16',
        hour: 0.5,
        minutes: 110,
        cpu: 150,
        count: 2,
        rss: 600 * MiB,
        read: 12e6,
        write: 3e6,
        disk: 'sdb',
        await: 16,
        busy: 45,
        uid: 33,
      });
      job(m, t, {
        program: 'restic',
        hour: 3,
        minutes: 100,
        cpu: 110,
        rss: 900 * MiB,
        read: 70e6,
        disk: 'sdb',
        await: 22,
        busy: 88,
        tx: 11e6,
      });
      job(m, t, { program: 'mariadb-dump', hour: 2.9, minutes: 4, cpu: 70, write: 18e6, busy: 20 });
      upkeep(m, t);
    },
  },
  {
    name: 'WordPress on a small machine, with bots',
    setup(m) {
      Object.assign(m, { cores: 2, ram: 4 * GiB });
      m.run('nginx', { ports: [80, 443], rss: 40 * MiB, count: 3, uid: 33 });
      m.run('php-fpm8.2', { rss: 500 * MiB, count: 8, uid: 33, cgroup: '/system.slice/php8.2-fpm.service' });
      m.run('mariadbd', { rss: 700 * MiB, ports: [3306], bind: '127.0.0.1', uid: 106 });
    },
    minute(m, t) {
      rest(m);
      const bots = burst(m, t, 'bots', 9, 14);
      if (bots) m.run('bots', { cpu: 0, rss: 0, count: 0 });
      else m.stop('bots');
      const load = (0.15 + 0.5 * home(t)) * t.noise('load', 0.3) + (bots ? 0.45 * t.noise('bots', 0.3) : 0);
      m.run('php-fpm8.2', {
        cpu: 4 + 75 * load,
        rss: (400 + 250 * Math.min(2, load)) * MiB,
        count: 5 + Math.round(10 * Math.min(1.5, load)),
      });
      m.run('mariadbd', { cpu: 2 + 22 * load });
      m.run('nginx', { cpu: 0.5 + 4 * load });
      traffic(m, 6e4 * load, 9e5 * load);
      Object.assign(m.tcp, {
        established: Math.round(15 + 80 * load),
        timeWait: Math.round(60 + 900 * load),
        resets: 0.3 + 2 * load,
      });
      io(m, 'sda', { read: 2e5 * load, write: 5e5 * load, await: 2 });
      if ((t.hour * 6) % 1 < 0.15) m.run('php', { cpu: 55, rss: 90 * MiB, uid: 33 });
      else m.stop('php');
      job(m, t, { program: 'mariadb-dump', hour: 1.5, minutes: 3, cpu: 60, write: 12e6, busy: 25 });
      job(m, t, { program: 'certbot', hour: 4.3, minutes: 1, cpu: 50 });
      if (t.weekday === 5)
        job(m, t, {
          program: 'zip',
          hour: 3,
          minutes: 20,
          cpu: 95,
          read: 25e6,
          write: 18e6,
          await: 8,
          busy: 55,
          uid: 33,
        });
      upkeep(m, t);
    },
  },
  {
    name: 'PostgreSQL with checkpoints, autovacuum and a dump each night',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 64 * GiB });
      m.run('postgres', { ports: [5432], rss: 18 * GiB, count: 90, uid: 115 });
      m.disk('sdb');
      m.disk('sdc');
      m.mount('/var/lib/postgresql', { size: 900 * GiB, used: 520 * GiB });
      m.mount('/srv/dumps', { source: '/dev/sdc1', size: 1200 * GiB, used: 800 * GiB });
      spinning(m, 'sdc');
    },
    minute(m, t) {
      rest(m);
      const load = office(t) * t.noise('load', 0.25);
      const checkpoint = t.at % 900 < 500;
      const vacuum = burst(m, t, 'vacuum', 14, 12);
      if (vacuum) m.run('vacuum', { cpu: 0, rss: 0, count: 0 });
      else m.stop('vacuum');
      const dump = job(m, t, {
        program: 'pg_dump',
        hour: 1,
        minutes: 120,
        cpu: 75,
        rss: 90 * MiB,
        write: 9e6,
        disk: 'sdc',
        await: 14,
        busy: 40,
        uid: 115,
      });
      const reindex = t.weekday === 6 && t.between(4, 5.2);
      m.run('postgres', {
        cpu: 15 + 260 * load + (vacuum ? 35 : 0) + (dump ? 60 : 0) + (reindex ? 190 : 0),
        rss: (18 + 3 * load) * GiB,
        count: 70 + Math.round(60 * Math.min(1, load)),
        read: 4e6 * load + (vacuum ? 30e6 : 0) + (dump ? 110e6 : 0) + (reindex ? 150e6 : 0),
        write: 5e6 * load + (checkpoint ? 12e6 * load : 0) + (reindex ? 120e6 : 0),
      });
      io(m, 'sdb', {
        read: 4e6 * load + (vacuum ? 30e6 : 0) + (dump ? 110e6 : 0) + (reindex ? 150e6 : 0),
        write: 5e6 * load + (checkpoint ? 12e6 * load : 0) + (reindex ? 120e6 : 0),
        await: 0.9 + (checkpoint ? 0.8 : 0) + (vacuum ? 0.6 : 0) + (dump ? 2.2 : 0) + (reindex ? 6 : 0),
        busy: 5 + 18 * load + (vacuum ? 14 : 0) + (dump ? 48 : 0) + (reindex ? 72 : 0),
      });
      if (dump || reindex) m.iowait = 7;
      const data = m.mount('/var/lib/postgresql');
      data.used += Math.round(6e4 * load * t.step);
      const dumps = m.mount('/srv/dumps');
      if (dump) dumps.used += 9e6 * t.step;
      if (t.comes(t.day, 3.5)) dumps.used = (800 + 3 * t.day) * GiB;
      traffic(m, 1.5e6 * load, 5e6 * load);
      m.tcp.established = Math.round(70 + 60 * load);
      upkeep(m, t);
    },
  },
  {
    name: 'gateway of a house of flats',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 4 * GiB });
      m.run('dnsmasq', { ports: [53], rss: 12 * MiB });
      m.run('wg-crypt-wg0', { rss: 0 });
      m.conntrack = { count: 9000, max: 131_072 };
    },
    minute(m, t) {
      rest(m);
      const load = Math.min(1.15, home(t) * t.noise('load', 0.2));
      m.softirq = 1 + 19 * load;
      m.run('dnsmasq', { cpu: 0.5 + 2 * load });
      m.run('wg-crypt-wg0', { cpu: 30 * load });
      m.conntrack = { count: Math.round(8000 + 60_000 * load), max: 131_072 };
      Object.assign(m.net, {
        rx: 78e6 * load,
        tx: 80e6 * load,
        rxPackets: 62_000 * load,
        txPackets: 64_000 * load,
        drops: 1.5 * load,
      });
      m.switches = 3000 + 30_000 * load;
      upkeep(m, t);
    },
  },
  {
    name: 'rented machine among busy neighbours',
    setup(m) {
      Object.assign(m, { cores: 2, ram: 4 * GiB });
      m.run('nginx', { ports: [80, 443], rss: 40 * MiB, uid: 33 });
      m.run('node', { ports: [3000], bind: '127.0.0.1', rss: 500 * MiB, uid: 1000 });
      m.run('postgres', { ports: [5432], bind: '127.0.0.1', rss: 350 * MiB, count: 12, uid: 115 });
    },
    minute(m, t) {
      rest(m);
      const load = home(t) * t.noise('load', 0.3);
      m.steal = Math.min(9, (3 + 4 * t.wave(21, 3)) * t.noise('steal', 0.2));
      m.run('node', { cpu: 4 + 45 * load, rss: (450 + 150 * load) * MiB });
      m.run('postgres', { cpu: 2 + 16 * load });
      traffic(m, 1e5 * load, 1.4e6 * load);
      const slow = t.noise('neighbour', 0.5);
      io(m, 'sda', { read: 2e5 * load, write: 6e5 * load, await: 2.5 * slow, busy: 4 * slow });
      m.iowait = 0.8 * slow;
      job(m, t, { program: 'pg_dump', hour: 3, minutes: 6, cpu: 60, write: 9e6, await: 9, busy: 40 });
      upkeep(m, t);
    },
  },
  {
    name: 'Raspberry Pi at home, everything on its card',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 2 * GiB, swap: 512 * MiB, swapUsed: 150 * MiB });
      m.disk('mmcblk0');
      m.mount('/', { source: '/dev/mmcblk0p2', size: 58 * GiB, used: 21 * GiB });
      m.run('pihole-FTL', { ports: [53, 80], rss: 60 * MiB, uid: 999 });
      m.run('influxd', { ports: [8086], rss: 280 * MiB, uid: 998 });
      m.run('python3', { ports: [8123], rss: 480 * MiB, cgroup: '/system.slice/docker-ha.scope' });
    },
    minute(m, t) {
      rest(m);
      const load = (0.4 + home(t)) * t.noise('load', 0.3);
      m.run('python3', { cpu: 5 + 6 * load, rss: (440 + 6 * t.day + 30 * load) * MiB });
      m.run('influxd', { cpu: 2 + 2 * load, write: 6e4 });
      m.run('pihole-FTL', { cpu: 0.5 + load });
      m.swapUsed = (150 + 9 * t.day) * MiB;
      m.swapIn = t.chance(40) ? 60 : 0;
      const compaction = t.hour % 4 < 0.1;
      // The card tidies up for a minute: of a longer step a part.
      const garbage = t.chance(25) ? Math.min(1, 60 / t.step) : 0;
      io(m, 'mmcblk0', {
        write: 9e4 + (compaction ? 7e6 : 0),
        read: 3e4 + (compaction ? 5e6 : 0),
        await: 5 * t.noise('card', 0.4) + (compaction ? 35 : 0) + 180 * garbage,
        busy: 3 + (compaction ? 60 : 0) + 50 * garbage,
      });
      if (compaction || garbage) Object.assign(m.psi, { io: 14, ioFull: 7 });
      m.iowait = compaction ? 12 : garbage ? 8 * garbage : 0.8;
      m.mount('/').used += Math.round(900 * t.step);
      job(m, t, {
        program: 'rsync',
        hour: 4,
        minutes: 12,
        cpu: 30,
        read: 12e6,
        disk: 'mmcblk0',
        await: 9,
        busy: 70,
        tx: 9e6,
      });
      upkeep(m, t, 'mmcblk0');
    },
  },
  {
    name: 'files of a school, copied to a second array and scanned on Saturdays',
    setup(m) {
      Object.assign(m, { cores: 4, ram: 16 * GiB });
      m.run('smbd', { ports: [445, 139], rss: 300 * MiB, count: 20 });
      for (const disk of ['sdb', 'sdc', 'sdd', 'sde']) m.disk(disk);
      spinning(m, 'sdb', 'sdc', 'sdd', 'sde');
      m.mount('/srv/share', { source: '/dev/md0', size: 8000 * GiB, used: 5200 * GiB });
      m.mount('/srv/copies', { source: '/dev/md1', size: 8000 * GiB, used: 6100 * GiB });
    },
    minute(m, t) {
      rest(m);
      const school = t.weekday < 5 ? t.wave(9, 1.2) + 0.8 * t.wave(12, 1.5) : 0;
      const load = (0.02 + school) * t.noise('load', 0.5);
      m.run('smbd', {
        cpu: 1 + 40 * load,
        count: 20 + Math.round(180 * school),
        rss: (300 + 900 * school) * MiB,
        read: 14e6 * load,
        write: 5e6 * load,
      });
      const scan = t.weekday === 5 && t.between(8, 17);
      if (scan) m.run('clamscan', { cpu: 98, rss: 1.2 * GiB, read: 25e6 });
      else m.stop('clamscan');
      const copy = t.between(22, 24) || t.between(0, 0.8);
      if (copy)
        m.run('rsync', {
          cpu: 45,
          count: 3,
          rss: 120 * MiB,
          read: 40e6 * t.noise('copy', 0.2),
          write: 35e6 * t.noise('copy', 0.2),
        });
      else m.stop('rsync');
      const check = t.weekday === 6 && t.between(1, 10.5);
      for (const disk of ['sdb', 'sdc'])
        io(m, disk, {
          read: 7e6 * load + (scan ? 12.5e6 : 0) + (copy ? 20e6 : 0) + (check ? 130e6 : 0),
          write: 5e6 * load,
          await: 7 + 6 * load + (scan ? 6 : 0) + (copy ? 12 : 0) + (check ? 20 : 0),
          busy: 4 + 30 * load + (scan ? 38 : 0) + (copy ? 70 : 0) + (check ? 97 : 0),
        });
      for (const disk of ['sdd', 'sde'])
        io(m, disk, { write: copy ? 35e6 : 1e4, await: copy ? 15 : 7, busy: copy ? 55 : 1 });
      m.iowait = check || copy ? 17 : scan ? 9 : 1;
      Object.assign(m.psi, check || copy ? { io: 24, ioFull: 9 } : scan ? { io: 10, ioFull: 4 } : {});
      const progress = (8.4 * (t.hour - 0.9)).toFixed(1);
      m.md = `md0 : active raid1 sdc1[1] sdb1[0]\n      8388608000 blocks super 1.2 [2/2] [UU]${check ? `\n      [==>..................]  check = ${progress}% (922746880/8388608000) finish=400.2min speed=127000K/sec` : ''}\n\nmd1 : active raid1 sde1[1] sdd1[0]\n      8388608000 blocks super 1.2 [2/2] [UU]`;
      traffic(m, 5e6 * load, 15e6 * load);
      m.mount('/srv/share').used += Math.round(3e5 * load * t.step);
      if (copy) m.mount('/srv/copies').used += 1e6 * t.step;
      if (t.comes(t.day, 1)) m.mount('/srv/copies').used -= 8 * GiB;
      upkeep(m, t);
    },
  },
  {
    name: 'host of twenty LXC containers',
    setup(m) {
      Object.assign(m, { cores: 12, ram: 64 * GiB });
      m.run('pvedaemon', { rss: 180 * MiB, ports: [8006] });
      m.run('lxc-start', { rss: 80 * MiB, count: 20 });
      m.disk('sdb');
      spinning(m, 'sdb');
      m.mount('/var/lib/vz', { source: '/dev/sda3', size: 800 * GiB, used: 560 * GiB });
      m.mount('/mnt/backup', { source: '/dev/sdb1', size: 4000 * GiB, used: 2900 * GiB });
    },
    minute(m, t) {
      rest(m);
      const load = (0.2 + 0.6 * home(t) + 0.4 * office(t)) * t.noise('load', 0.15);
      m.run('php-fpm7.4', {
        cpu: 150 * load,
        rss: 7 * GiB,
        count: 60,
        uid: 100_033,
        cgroup: '/lxc/101/ns/system.slice/php7.4-fpm.service',
      });
      m.run('mariadbd', {
        cpu: 90 * load,
        rss: 14 * GiB,
        count: 6,
        uid: 100_106,
        cgroup: '/lxc/104/ns/system.slice/mariadb.service',
      });
      m.run('java', {
        cpu: 60 * load,
        rss: 18 * GiB,
        count: 4,
        uid: 101_001,
        cgroup: '/lxc/110/ns/system.slice/app.service',
      });
      m.run('apache2', {
        cpu: 40 * load,
        rss: 3 * GiB,
        count: 90,
        uid: 100_033,
        cgroup: '/lxc/101/ns/system.slice/apache2.service',
      });
      // Twenty systems look for packages at about the same time.
      if (t.between(6.1, 6.9))
        m.run('apt-get', {
          cpu: 180 * t.noise('apt', 0.5),
          count: 5,
          rss: 500 * MiB,
          cgroup: '/lxc/101/ns/system.slice/apt-daily.service',
        });
      else m.stop('apt-get');
      m.forks = t.between(6.1, 6.9) ? 120 : 20;
      io(m, 'sda', { read: 3e6 * load, write: 9e6 * load, await: 1.1, busy: 12 * load });
      const night = job(m, t, {
        program: 'vzdump',
        hour: 1,
        minutes: 170,
        cpu: 30,
        rss: 120 * MiB,
        read: 1e5,
        busy: 0,
      });
      if (night) {
        m.run('zstd', { cpu: 190, rss: 300 * MiB, count: 1, threads: 2 });
        m.run('tar', { cpu: 30, rss: 30 * MiB, read: 95e6 });
        io(m, 'sda', { read: 95e6, write: 5e6, await: 3.5, busy: 55 });
        io(m, 'sdb', { write: 48e6, await: 24, busy: 62 });
        m.mount('/mnt/backup').used += 12e6 * t.step;
        Object.assign(m.psi, { io: 15, ioFull: 6 });
        m.iowait = 6;
      } else ['zstd', 'tar'].forEach((program) => m.stop(program));
      if (t.comes(t.day, 4.2)) m.mount('/mnt/backup').used = (2900 + 8 * t.day) * GiB;
      traffic(m, 2e6 * load, 8e6 * load);
      containers(m, t, t.hour % 1 < 0.05);
      deploy(m, t, 'java', [2]);
      upkeep(m, t);
    },
  },
  {
    name: 'laptop that sleeps when its lid is closed',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 16 * GiB, swap: 8 * GiB, swapUsed: 300 * MiB });
      m.disk('nvme0n1');
      m.mount('/', { source: '/dev/nvme0n1p2', size: 480 * GiB, used: 390 * GiB });
      m.run('gnome-shell', { rss: 450 * MiB, uid: 1000, cgroup: '/user.slice/user-1000.slice' });
    },
    minute(m, t) {
      rest(m);
      const cgroup = '/user.slice/user-1000.slice/app.slice';
      const load = (0.3 + office(t)) * t.noise('load', 0.6);
      m.run('chrome', {
        cpu: 15 + 45 * load,
        rss: (2 + 3 * t.wave(15, 4)) * GiB,
        count: 40,
        threads: 500,
        uid: 1000,
        cgroup,
      });
      m.run('code', { cpu: 4 + 20 * load, rss: 1.6 * GiB, count: 12, uid: 1000, cgroup });
      m.run('slack', { cpu: 2, rss: 700 * MiB, count: 6, uid: 1000, cgroup });
      const meeting = t.between(10, 10.75) || (t.weekday === 2 && t.between(14, 15.5));
      if (meeting)
        m.run('zoom', { cpu: 190 * t.noise('call', 0.1), rss: 900 * MiB, threads: 60, uid: 1000, cgroup });
      else m.stop('zoom');
      if (burst(m, t, 'cargo', 14 * office(t), 4))
        m.run('cargo', { cpu: 740, rss: 1.5 * GiB, count: 8, uid: 1000, cgroup });
      else m.stop('cargo');
      if (m.programs.has('cargo')) io(m, 'nvme0n1', { write: 60e6, await: 1, busy: 20 });
      m.mount('/').used += Math.round(4e4 * load * t.step);
      if (t.weekday === 4 && t.comes(t.day, 16)) m.mount('/').used -= 14 * GiB;
      traffic(m, 4e5 * load + (meeting ? 4e5 : 0), 1e5 * load + (meeting ? 3e5 : 0));
      upkeep(m, t, 'nvme0n1');
    },
    silent: (t) => t.weekday > 4 || !t.between(8.4, 18.6) || t.between(12.1, 13) || t.between(15.9, 16.3),
  },
  {
    name: 'films for a family, made smaller while they watch',
    setup(m) {
      Object.assign(m, { cores: 8, ram: 16 * GiB });
      m.run('jellyfin', { ports: [8096], rss: 900 * MiB, threads: 60, uid: 114 });
      m.disk('sdb');
      spinning(m, 'sdb');
      m.mount('/srv/films', { size: 11_000 * GiB, used: 9600 * GiB });
    },
    minute(m, t) {
      rest(m);
      const watching = burst(m, t, 'ffmpeg', 9 * home(t), 75);
      if (watching)
        m.run('ffmpeg', {
          cpu: 430 * t.noise('film', 0.15),
          rss: 700 * MiB,
          threads: 16,
          read: 3e6,
          write: 1.5e6,
          uid: 114,
          cgroup: '/system.slice/jellyfin.service',
        });
      else m.stop('ffmpeg');
      m.run('jellyfin', { cpu: 2 + (watching ? 8 : 0), rss: (900 + 25 * t.day) * MiB });
      io(m, 'sdb', { read: watching ? 3e6 : 2e3, await: watching ? 11 : 8, busy: watching ? 6 : 1 });
      traffic(m, 3e4, watching ? 1.2e6 : 2e4);
      if (
        job(m, t, {
          program: 'transmission-da',
          hour: 1,
          minutes: 150,
          cpu: 25,
          rss: 300 * MiB,
          write: 14e6,
          disk: 'sdb',
          await: 19,
          busy: 40,
          rx: 14e6,
          uid: 115,
        })
      )
        m.mount('/srv/films').used += t.day % 3 === 0 ? 14e6 * t.step * 0.3 : 0;
      job(m, t, {
        program: 'ffprobe',
        hour: 3.6,
        minutes: 40,
        cpu: 60,
        read: 30e6,
        disk: 'sdb',
        await: 13,
        busy: 55,
        uid: 114,
      });
      upkeep(m, t);
    },
  },
];
