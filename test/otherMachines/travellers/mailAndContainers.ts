// Mail that stays or that should never have been sent; containers, and the groups that hold processes to their share.
import { busyDisk, from, grown, server, type Case } from '../case.ts';
import { alpine, centos7, debian12, jammy, leap, noble, rhel9 } from '../systems.ts';
import { docker, ended, identifier, oomKill } from '../tools.ts';
import { counts, fingerprint } from './parts.ts';

const podmanPs = 'podman ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}';

export const mailAndContainerTravellers: readonly Case[] = [
  {
    name: 'unbound does not start after an edit, and a Postfix relay can look up no host',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 6,
    step: 600,
    onset: 2,
    host() {
      const h = server(debian12, 'mx2.fjordpost', { cores: 2, ram: 4, disk: 'vda' });
      h.serve('postfix@-', {
        name: 'master',
        cpu: 0.3,
        rss: 5_000,
        cgroup: '/system.slice/system-postfix.slice/postfix@-.service',
      });
      h.run({
        name: 'qmgr',
        uid: 106,
        rss: 8_000,
        cgroup: '/system.slice/system-postfix.slice/postfix@-.service',
      });
      h.serve('unbound', { name: 'unbound', cpu: 1, rss: 60_000, uid: 107 });
      h.listening.push(
        { port: 25, program: 'master' },
        { port: 53, address: '127.0.0.1', program: 'unbound' },
      );
      return h;
    },
    edit: (text, i) =>
      fingerprint(
        text.replace('nameserver 10.20.0.53', 'nameserver 127.0.0.1'),
        '/etc/unbound/unbound.conf.d/forward.conf',
        i >= 2,
      ),
    minute(h, i) {
      const waiting = i < 2 ? 9 : 9 + (i - 1) * 420;
      h.more.set(
        'find /var/spool',
        `/var/spool/postfix/active ${i < 2 ? 1 : 190} 0\n/var/spool/postfix/incoming 0 0\n/var/spool/postfix/deferred ${waiting} 2`,
      );
      if (i !== 2) return;
      h.stop('unbound');
      ended(h, 'unbound', { since: '540' });
      for (let n = 0; n < 40; n++)
        h.run({
          name: 'smtp',
          uid: 106,
          rss: 7_000,
          age: 300,
          cgroup: '/system.slice/system-postfix.slice/postfix@-.service',
        });
    },
    roots: [
      {
        problem: ['svc.unit_failed', 'net.dns_fail', 'change.config'],
        subject: ['unbound', '/etc/unbound', '127.0.0.1', 'mx2.fjordpost', '/etc/resolv.conf'],
      },
    ],
    chain: ['net.dns_fail>mail.queue'],
  },
  {
    name: 'the password of a mailbox was guessed and Exim sends what the thief gives it',
    kind: 'fault',
    reports: 5,
    step: 900,
    onset: 2,
    host() {
      const h = server(jammy, 'post.gemeinde', { cores: 2, ram: 8, disk: 'sda' });
      h.serve('exim4', { name: 'exim4', cpu: 1, rss: 14_000, uid: 108 });
      h.serve('dovecot', { name: 'dovecot', cpu: 1, rss: 6_000 });
      h.listening.push(
        { port: 25, program: 'exim4' },
        { port: 587, program: 'exim4' },
        { port: 993, program: 'dovecot' },
      );
      return h;
    },
    minute(h, i) {
      h.more.set(
        'find /var/spool',
        `/var/spool/exim4/input ${i < 2 ? 22 : 9_000 * (i - 1)} ${i < 2 ? 3 : 5}`,
      );
      if (!from(i, 2)) return;
      if (i === 2)
        for (let n = 0; n < 60; n++)
          h.run({
            name: 'exim4',
            cpu: 1.2,
            rss: 16_000,
            uid: 108,
            age: 700,
            cgroup: '/system.slice/exim4.service',
          });
      h.tcp.opened = 64;
      h.tcp.established = 210;
      h.nic('eth0', { rx: 400_000, tx: 2_400_000 });
    },
    roots: [
      { problem: ['mail.queue', 'mail.spam_source'], subject: ['exim', 'post.gemeinde', '/var/spool/exim4'] },
    ],
  },
  {
    name: 'a SLES relay with sendmail: the smarthost takes nothing since two days',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(leap, 'relay03', { cores: 2, ram: 4 });
      h.serve('sendmail', { name: 'sendmail', rss: 9_000 });
      h.listening.push({ port: 25, program: 'sendmail' });
      h.more.set('find /var/spool', '/var/spool/mqueue 1884 1202');
      return h;
    },
    roots: [{ problem: ['mail.queue'], subject: ['sendmail', 'relay03', '/var/spool/mqueue', 'mqueue'] }],
  },
  {
    name: 'Podman: the photo service has a health check that fails',
    kind: 'fault',
    reports: 3,
    step: 3600,
    host() {
      const h = server(rhel9, 'casa', { cores: 4, ram: 16, disk: 'nvme0n1' });
      for (const name of ['immich-server', 'immich-pg'])
        h.run({
          name: name === 'immich-pg' ? 'postgres' : 'node',
          cpu: 2,
          rss: 400_000,
          cgroup: `/machine.slice/libpod-${identifier(name)}.scope`,
        });
      return h;
    },
    minute(h, i) {
      const rows = [
        [
          'immich-server',
          'ghcr.io/immich-app/immich-server:v1.120.2',
          i < 1 ? 'Up 3 weeks (healthy)' : 'Up 3 weeks (unhealthy)',
        ],
        ['immich-pg', 'docker.io/tensorchord/pgvecto-rs:pg14-v0.2.0', 'Up 3 weeks (healthy)'],
      ];
      h.more.set(
        podmanPs,
        rows.map(([n, image, status]) => `${identifier(n!)}|${n}|${image}|${status}`).join('\n'),
      );
      h.more.set(
        'podman inspect',
        rows
          .map(([n]) => `${identifier(n!)}|${n}|0|false|0|2026-10-29 07:12:44.183924713 +0000 UTC`)
          .join('\n'),
      );
    },
    roots: [{ problem: 'svc.container_unhealthy', subject: 'immich-server' }],
  },
  {
    name: 'a container of text recognition has half a gigabyte, a large scan needs more, and Docker starts it again',
    kind: 'fault',
    reports: 9,
    onset: 3,
    installed: true,
    host() {
      const h = server(debian12, 'dms-host', { cores: 4, ram: 16, disk: 'sda' });
      h.serve('docker', { name: 'dockerd', cpu: 1, rss: 90_000, threads: 30 });
      h.run({
        name: 'tika',
        cpu: 30,
        rss: 380_000,
        threads: 40,
        cgroup: `/system.slice/docker-${identifier('tika-ocr')}.scope`,
      });
      h.run({
        name: 'gunicorn',
        cpu: 3,
        rss: 220_000,
        cgroup: `/system.slice/docker-${identifier('dms-web')}.scope`,
      });
      return h;
    },
    minute(h, i) {
      const bad = from(i, 3);
      const group = `/system.slice/docker-${identifier('tika-ocr')}.scope`;
      h.groups.set(`${group}/memory.max`, 536_870_912);
      h.groups.set(`${group}/memory.current`, bad ? 530_000_000 : 410_000_000);
      counts(h, `${group}/memory.stat`, { anon: bad ? 519_000_000 : 380_000_000 });
      counts(h, `${group}/memory.events`, { max: bad ? 900 * (i - 2) : 0, oom: 0, oom_kill: 0 });
      docker(h, [
        { name: 'dms-web' },
        {
          name: 'tika-ocr',
          restarts: bad ? i - 2 : 0,
          started: bad ? 25 : undefined,
          status: bad ? 'Up 25 seconds' : undefined,
        },
      ]);
      if (!bad) return;
      const t = h.named('tika')[0]!;
      oomKill(h, 'java', t.pid, 498_000, group);
      t.pid += 40;
      t.born = h.now;
      t.user = t.sys = 0;
    },
    roots: [{ problem: ['mem.cgroup_oom'], subject: ['tika-ocr', `docker-${identifier('tika-ocr')}`] }],
  },
  {
    name: 'notebooks of one user of a university server are killed at the limit of the user',
    kind: 'fault',
    reports: 5,
    onset: 2,
    installed: true,
    host() {
      const h = server(jammy, 'hub-math', { cores: 32, ram: 128, disk: 'sda' });
      h.run({
        name: 'python3.10',
        cpu: 100,
        rss: 14_000_000,
        uid: 1044,
        threads: 33,
        cgroup: '/user.slice/user-1044.slice/session-88.scope',
        age: 6000,
      });
      h.run({ name: 'jupyterhub', cpu: 1, rss: 160_000 });
      h.service('jupyterhub');
      return h;
    },
    minute(h, i) {
      const g = '/user.slice/user-1044.slice';
      h.groups.set(`${g}/memory.max`, 17_179_869_184);
      h.groups.set(`${g}/memory.current`, i < 2 ? 15_400_000_000 : 8_000_000_000);
      counts(h, `${g}/memory.stat`, { anon: i < 2 ? 15_300_000_000 : 7_900_000_000 });
      counts(h, `${g}/memory.events`, { oom_kill: i < 2 ? 0 : 1 });
      if (i !== 2) return;
      const p = h.named('python3.10')[0]!;
      oomKill(h, 'python3.10', p.pid, 16_600_000, g);
      h.stop('python3.10');
    },
    roots: [{ problem: 'mem.cgroup_oom', subject: ['user-1044', 'python3.10'] }],
  },
  {
    name: 'CentOS 7, the quota of a unit under cgroup version 1 holds a solver down',
    atFirst: 'the case was wrong',
    kind: 'fault',
    reports: 14,
    onset: 2,
    installed: true,
    host() {
      const h = server(centos7, 'fem-lic', { cores: 16, ram: 64, disk: 'sda' });
      h.serve('fem-worker', { name: 'fem_solve', cpu: 60, rss: 4_000_000, threads: 18 });
      return h;
    },
    minute(h, i) {
      h.named('fem_solve')[0]!.cpu = i < 2 ? 60 : 199;
      const g = '/cpu/system.slice/fem-worker.service';
      const bad = Math.max(0, i - 1);
      counts(h, `${g}/cpu.stat`, {
        nr_periods: 80_000 + i * 600,
        nr_throttled: 300 + bad * 540,
        throttled_time: 91_000_000_000 + bad * 210_000_000_000,
      });
    },
    roots: [{ problem: 'cpu.throttled_cgroup', subject: ['fem-worker', 'fem_solve'] }],
  },
  {
    name: 'an export may write five megabytes a second and no more, and everybody takes the disk for slow',
    kind: 'fault',
    reports: 10,
    onset: 2,
    host() {
      const h = server(noble, 'exp-1', { cores: 4, ram: 16, disk: 'nvme0n1' });
      h.serve('pg-export', { name: 'pg_dump', cpu: 4, rss: 60_000, uid: 26, write: 100_000 });
      return h;
    },
    minute(h, i) {
      const g = '/system.slice/pg-export.service';
      h.groups.set(`${g}/io.max`, '259:0 rbps=max wbps=5242880 riops=max wiops=max');
      h.groups.set(
        `${g}/io.stat`,
        `259:0 rbytes=9000000 wbytes=${Math.round(400_000_000 + Math.max(0, i - 1) * 314_000_000)} rios=900 wios=${9000 + i * 1200} dbytes=0 dios=0`,
      );
      if (!from(i, 2)) return;
      const p = h.named('pg_dump')[0]!;
      p.write = 5_242_000;
      p.state = 'D';
      p.wchan = 'blk_throtl_bio';
      h.disk('nvme0n1', { reads: 3, writes: 40, writeBytes: 5_300_000, await: 0.6, busy: 3 });
      h.psi.io = 58;
      h.psi.ioFull = 44;
      h.iowait = 14;
      h.blocked = 1;
    },
    roots: [{ problem: 'disk.cgroup_throttled', subject: ['pg-export', 'pg_dump'] }],
  },
  {
    name: 'the images of a cluster of Nomad have filled the volume of Docker, and a new job cannot start',
    atFirst: 'wrong edge',
    kind: 'fault',
    reports: 8,
    onset: 2,
    host() {
      const h = server(debian12, 'nomad-c7', { cores: 8, ram: 32, disk: 'nvme0n1' });
      h.disk('nvme1n1', {});
      h.mounts.set('/var/lib/docker', {
        device: '/dev/nvme1n1p1',
        type: 'xfs',
        size: 104_000_000,
        used: 99_800_000,
      });
      h.serve('docker', { name: 'dockerd', cpu: 4, rss: 140_000, threads: 50, write: 20_000 });
      h.serve('nomad', { name: 'nomad', cpu: 3, rss: 160_000, threads: 30 });
      h.service('registry-mirror');
      h.run({ name: 'registry', cpu: 2, rss: 50_000 });
      return h;
    },
    minute(h, i) {
      h.mounts.get('/var/lib/docker')!.used = Math.min(103_990_000, 99_800_000 + grown(i, 2, 1_300_000));
      docker(h, [{ name: 'vector' }, { name: 'api-7f', started: 90_000 }]);
      if (i === 5) {
        h.stop('registry');
        ended(h, 'registry-mirror', { since: '20' });
      }
    },
    roots: [{ problem: 'disk.full', subject: '/var/lib/docker' }],
  },
  {
    name: 'Alpine, a runner container is not its own init: defunct git processes fill the table',
    kind: 'fault',
    reports: 12,
    onset: 0,
    host() {
      const h = server(alpine, 'ci-edge', { cores: 2, ram: 2, disk: 'vda' });
      h.run({ name: 'dockerd', cpu: 1, rss: 80_000, threads: 20 });
      h.run({ name: 'act_runner', cpu: 4, rss: 60_000, threads: 14 });
      docker(h, [{ name: 'runner' }]);
      return h;
    },
    minute(h) {
      const parent = h.named('act_runner')[0]!.pid;
      for (let n = 0; n < 14; n++) h.run({ name: 'git', state: 'Z', rss: 0, cpu: 0, ppid: parent, age: 20 });
    },
    roots: [{ problem: 'proc.zombies', subject: ['act_runner'] }],
  },
  {
    name: 'a disk for container logs is slow because one of them writes without end',
    kind: 'confounded',
    reports: 12,
    onset: 3,
    host() {
      const h = server(jammy, 'swarm-w5', {
        cores: 8,
        ram: 32,
        disk: 'sda',
        drive: { rotates: true, model: 'ST2000NM0008' },
      });
      h.serve('docker', { name: 'dockerd', cpu: 2, rss: 120_000, threads: 40 });
      h.run({
        name: 'kafka-mirror',
        cpu: 14,
        rss: 900_000,
        threads: 60,
        cgroup: `/system.slice/docker-${identifier('mirrormaker')}.scope`,
      });
      h.run({
        name: 'envoy',
        cpu: 30,
        rss: 200_000,
        threads: 12,
        cgroup: `/system.slice/docker-${identifier('edge')}.scope`,
      });
      docker(h, [{ name: 'mirrormaker' }, { name: 'edge' }]);
      return h;
    },
    minute(h, i) {
      h.named('envoy')[0]!.cpu = 30 + (i % 3) * 50;
      if (!from(i, 3)) return;
      h.named('dockerd')[0]!.cpu = 60;
      h.named('dockerd')[0]!.write = 88_000_000;
      h.dirty = 900_000;
      h.mounts.get('/')!.used = 31_000_000 + (i - 2) * 5_200_000;
      busyDisk(h, 'sda', { reads: 3, writes: 180, writeBytes: 90_000_000, await: 160, rotates: true }, 5);
    },
    roots: [
      {
        problem: ['disk.saturated', 'disk.latency', 'disk.fill_forecast', 'disk.full'],
        subject: ['sda', '/', 'dockerd', 'docker'],
      },
    ],
  },
];
