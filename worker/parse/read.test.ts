import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ReportError } from '#core/report.ts';
import { metrics } from '#core/metrics.ts';
import { now, read, reportText, twice, value } from '#worker/collectors/sections.fixture.ts';
import { explain } from '#worker/judge/explain.ts';
import { readReport } from './read.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`./read.${name}.fixture.txt`, import.meta.url), 'utf8');
const systems = ['debian12', 'debian12Nobody', 'busybox', 'centos7', 'alpine', 'ubuntuArm', 'sles15'];

describe('reports of real systems', () => {
  it.each(systems)('%s: every section is read, and every series is in the catalogue', (name) => {
    const snapshot = readReport(fixture(name));
    expect(snapshot.complete).toBe(true);
    expect(snapshot.partial.filter(({ kind }) => kind === 'unread')).toEqual([]);
    expect(
      snapshot.samples.filter(({ metric, value: v }) => !(metric in metrics) || !Number.isFinite(v)),
    ).toEqual([]);
    const names = snapshot.samples.map(({ metric, subject }) => `${metric} ${subject}`);
    expect(new Set(names).size).toBe(names.length);
    for (const metric of ['cpu.busy', 'cpu.load1', 'mem.available_percent', 'proc.count'] as const) {
      expect(value(snapshot, metric), metric).toBeTypeOf('number');
    }
    expect(snapshot.facts.host?.hostname).toBeTruthy();
    expect(snapshot.facts.filesystems?.some(({ mount, size }) => mount === '/' && size > 0)).toBe(true);
    expect(snapshot.facts.processGroups?.length).toBeGreaterThan(0);
  });

  it('Debian 12 with nginx, Redis and php-fpm', () => {
    const { facts } = readReport(fixture('debian12'));
    expect(facts.os).toMatchObject({ id: 'debian', version: '12' });
    expect(facts.listeners).toContainEqual(
      expect.objectContaining({ address: '0.0.0.0', port: 443, process: 'nginx' }),
    );
    expect(facts.virtualHosts).toContainEqual(
      expect.objectContaining({ names: ['example.org', 'www.example.org'], root: '/srv/www/example.org' }),
    );
    expect(facts.certificates).toMatchObject([{ names: ['example.org', 'www.example.org'], keyBits: 2048 }]);
    expect(facts.admins).toContainEqual({ name: 'alice', via: 'group sudo' });
    expect(facts.authorizedKeys).toMatchObject([{ user: 'alice', type: 'ED25519' }]);
    expect(facts.deletedFiles).toMatchObject([{ path: '/srv/deleted.log', size: 3_000_000, mount: '/' }]);
    expect(facts.redis).toMatchObject({ redis_version: '7.0.15' });
    expect(facts.phpFpm).toMatchObject([{ pool: 'www', maxChildren: 5 }]);
    expect(facts.processGroups?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['nginx', 'php-fpm', 'redis-server']),
    );
    expect(facts.packages?.security).toBeGreaterThan(0);
  });

  it('the same machine seen by an unprivileged user says what is missing', () => {
    const { facts, partial, agent } = readReport(fixture('debian12Nobody'));
    expect(agent.euid).toBe(65_534);
    expect(partial).toContainEqual({
      section: 'sshd -T',
      kind: 'rights',
      reason: 'Only root may read this, and the agent runs as another user.',
    });
    expect(facts.agent?.missing.length).toBeGreaterThan(3);
    expect(facts.listeners).toContainEqual({
      protocol: 'tcp',
      address: '0.0.0.0',
      port: 443,
      queue: 0,
      backlog: 511,
    });
  });

  it('busybox, without ss: the tables of the kernel tell who listens', () => {
    const { facts } = readReport(fixture('busybox'));
    expect(facts.listeners?.map(({ address, port }) => `${address} ${port}`)).toEqual([
      '0.0.0.0 443',
      '0.0.0.0 80',
      '127.0.0.1 6379',
      ':: 80',
    ]);
  });

  it('CentOS 7: a degraded array, swapping, a disk with errors, a killed httpd', () => {
    const snapshot = readReport(fixture('centos7'));
    expect(snapshot.facts.md).toMatchObject([{ name: 'md127', slots: 2, active: 1, failed: ['sdb2'] }]);
    expect(value(snapshot, 'mem.swap_in')).toBe(250);
    expect(value(snapshot, 'disk.io_errors', 'sdb')).toBe(31);
    // The milliseconds of reads of dm-0 wrapped between the readings.
    expect(value(snapshot, 'disk.read_await', 'dm-0')).toBe(10);
    expect(value(snapshot, 'net.tcp.retransmit_percent')).toBeCloseTo(2.91, 2);
    expect(value(snapshot, 'fs.used_percent', '/srv/old archive')).toBe(100);
    expect(snapshot.events.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'kernel.oom_kill httpd',
      'kernel.io_error sdb',
      'kernel.io_error dm-0',
      'kernel.raid md127',
      'kernel.hung_task rsync',
      'kernel.nfs_stall nas.example.org',
    ]);
  });

  it('Ubuntu on ARM with pages of 16 kB, containers and an NVMe drive at its end', () => {
    const snapshot = readReport(fixture('ubuntuArm'));
    expect(snapshot.facts.cpu).toEqual({ model: 'ARM Cortex-A76', count: 4 });
    expect(value(snapshot, 'net.tcp.memory')).toBe(4 * 16_384);
    expect(snapshot.facts.smart).toMatchObject([
      { device: 'nvme0', passed: false, nvme: { spare: 8, used: 97 } },
    ]);
    expect(snapshot.facts.containers?.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'db running',
      'worker restarting',
      'job exited',
    ]);
    expect(snapshot.facts.host?.hostname).toBe('pi-büro');
  });
});

describe('what is wrong with a report', () => {
  it('is an error only when it is none at all', () => {
    expect(() => readReport('<html>')).toThrow(ReportError);
    expect(() => readReport('')).toThrow(ReportError);
    expect(readReport('rootnote 1').facts.agent).toMatchObject({ version: 'unknown' });
  });

  it('is otherwise a sentence for each section', () => {
    const snapshot = readReport(
      reportText({
        'cat /proc/loadavg': '0.1 0.2 0.3 1/90 12\n=!= cut',
        'smartctl --json -a /dev/sda': '=!= missing smartctl',
        'df -PTk /mnt/nas': '=!= exit 124',
        'cat /proc/meminfo': 'nonsense',
        'cat /dev/random': 'x',
      }),
    );
    expect(snapshot.partial).toEqual([
      {
        section: 'cat /proc/loadavg',
        kind: 'cut',
        reason: 'The section was longer than its bound; its end is missing.',
      },
      {
        section: 'smartctl --json -a /dev/sda',
        kind: 'missing',
        reason: 'The program smartctl is not installed on this server.',
      },
      {
        section: 'df -PTk /mnt/nas',
        kind: 'failed',
        reason: 'The command did not end within its time limit and was stopped.',
      },
      { section: 'cat /dev/random', kind: 'unread', reason: 'Rootnote does not know this section.' },
      { section: 'cat /proc/meminfo', kind: 'unread', reason: 'Not understood. MemTotal is missing.' },
    ]);
    expect(value(snapshot, 'cpu.load1')).toBe(0.1);
  });

  it('a report that was cut off keeps what came', () => {
    const whole = fixture('debian12');
    const snapshot = readReport(whole.slice(0, whole.indexOf('=== cat /proc/swaps') + 30));
    expect(snapshot.complete).toBe(false);
    expect(snapshot.partial.at(-1)).toMatchObject({ section: 'report', kind: 'cut' });
    expect(value(snapshot, 'mem.available_percent')).toBeTypeOf('number');
    expect(value(snapshot, 'cpu.busy')).toBeUndefined();
  });

  it('of a command that was killed while it wrote, the last line is not read: it may be half of one', () => {
    const whole = readReport(reportText({ 'cat /proc/loadavg': '0.50 0.20 0.30 1/90 12\n1\n=!= exit 124' }));
    expect(value(whole, 'cpu.load1')).toBe(0.5);
    for (const code of [124, 137, 139, 143, 153, 281]) {
      const text = reportText({
        'cat /proc/loadavg': `0.50 0.2\n=!= exit ${code}`,
        'cat /proc/uptime': '5.0 1',
      });
      expect(value(readReport(text), 'cpu.load1')).toBeUndefined();
      expect(readReport(text).uptime).toBe(5);
    }
    // smartctl ends with a sum of bits, and has said all.
    const ended = reportText({ 'cat /proc/loadavg': '0.50 0.20 0.30 1/90 12\n=!= exit 192' });
    expect(value(readReport(ended), 'cpu.load1')).toBe(0.5);
  });

  it('what a list told in half does not name is neither gone nor missing', () => {
    const mount = (name: string) => `/dev/${name} /${name} ext4 rw 0 0`;
    const fstab = ['sda', 'sdb', 'sdc'].map((name) => `/dev/${name} /${name} ext4 defaults 0 2`).join('\n');
    const listed = (names: string[], end = '') =>
      reportText({
        'cat /proc/mounts': [...names.map(mount), ...(end ? [end] : [])].join('\n'),
        'cat /etc/fstab': fstab,
        'cat /proc/uptime': '90000.0 1',
      });
    const found = (...texts: string[]) => {
      let previous: ReturnType<typeof readReport> | undefined;
      const snapshots = texts.map((text) => (previous = readReport(text, { previous })));
      const problems = explain(snapshots).problems.filter(({ id }) => id === 'disk.mount_missing');
      return {
        missing: problems.map(({ subject }) => subject.name),
        mounts: previous!.facts.filesystems!.map((one) => one.mount),
      };
    };
    const all = ['sda', 'sdb', 'sdc'];
    expect(found(listed(['sda']))).toEqual({ missing: ['/sdb', '/sdc'], mounts: ['/sda'] });
    expect(found(listed(['sda'], '=!= cut'))).toEqual({ missing: [], mounts: ['/sda'] });
    expect(found(listed(['sda', 'sdb'], '=!= exit 124'))).toEqual({ missing: [], mounts: ['/sda'] });
    expect(found(listed(all), listed(['sdc'], '=!= cut'))).toEqual({
      missing: [],
      mounts: ['/sdc', '/sda', '/sdb'],
    });
    expect(found(listed(all), listed(['sdd', 'sde', 'sdc'], '=!= cut')).mounts).toHaveLength(3);
    expect(found(listed(all), listed(['sdc']))).toEqual({ missing: ['/sda', '/sdb'], mounts: ['/sdc'] });
  });

  it('blanks at the ends of lines, and all of it sent twice in one text, change nothing', () => {
    for (const name of systems) {
      const text = fixture(name);
      const of = (changed: string) => {
        const { samples, ...rest } = readReport(changed);
        return { ...rest, samples: samples.filter(({ metric }) => metric !== 'agent.bytes') };
      };
      const twiceSent = text.replace(/=== end\n$/, '') + text.slice(text.indexOf('\n') + 1);
      expect(of(text.replaceAll('\n', '   \n')), name).toEqual(of(text));
      expect(of(twiceSent), name).toEqual(of(text));
    }
  });

  it('reads the same whatever ends its lines', () => {
    const text = fixture('debian12');
    for (const end of ['\r\n', '\r'])
      expect(readReport(text.replaceAll('\n', end)).facts).toEqual(readReport(text).facts);
  });

  it('two reports that ran into each other: the first body of a section counts, the rest is named', () => {
    const first = reportText({
      'cat /proc/loadavg': '0.1 0.2 0.3 1/90 12',
      'cat /proc/diskstats': ' 8 0 sda 1 0 8 1 1 0 8 1 0 1 2',
    }).replace('\n=== end', '');
    const second = reportText({ 'cat /proc/loadavg': '9.9 9.9 9.9 1/90 12' });
    const snapshot = readReport(`${first}\n${second}`);
    expect(value(snapshot, 'cpu.load1')).toBe(0.1);
    expect(snapshot.partial.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('One line was not understood: “rootnote 1'),
    ]);
  });
});

describe('the report before', () => {
  const report = (uptime: number, ticks: number, boot = 'b1') => ({
    'cat /proc/uptime': `${uptime}.00 1`,
    'cat /proc/stat': `cpu  ${ticks} 0 0 ${1000 - ticks + uptime} 0 0 0 0\nbtime ${now - uptime}`,
    'cat /proc/sys/kernel/random/boot_id': boot,
    'cat /proc/sys/kernel/hostname': 'web1',
    'cat /proc/uptime #2': `${uptime + 1}.00 1`,
    'cat /proc/stat #2': `cpu  ${ticks + 1} 0 0 ${1000 - ticks + uptime + 99} 0 0 0 0\nbtime ${now - uptime}`,
  });

  it('makes rates over the whole time, not only over the second within a report', () => {
    const before = read(report(1000, 100));
    expect(value(before, 'cpu.busy')).toBe(1);
    const after = read(report(1060, 130), before);
    expect(value(after, 'cpu.busy')).toBeCloseTo((100 * 30) / 60, 5);
  });

  it('is left alone after a reboot, and after more than ten minutes', () => {
    const before = read(report(1000, 100));
    expect(value(read(report(1060, 130, 'b2'), before), 'cpu.busy')).toBe(1);
    expect(value(read(report(1700, 130), before), 'cpu.busy')).toBe(1);
    expect(value(read(report(60, 130), before), 'cpu.busy')).toBe(1);
  });

  it('does no harm when the clock was set back', () => {
    const before = { ...read(report(1000, 100)), at: now + 100_000 };
    expect(value(read(report(1060, 130), before), 'cpu.busy')).toBe(50);
  });
});

it('a second reading without the first still gives facts and gauges', () => {
  const sections = twice('cat /proc/vmstat', 'pswpin 1', 'pswpin 5\noom_kill 3');
  delete sections['cat /proc/vmstat'];
  const snapshot = read(sections);
  expect(value(snapshot, 'mem.oom_kills')).toBe(3);
  expect(value(snapshot, 'mem.swap_in')).toBeUndefined();
});

it.each([
  ['cat /etc/passwd', 'root:x:0:0::/root:/bin/sh\n+::::::\nno account at all'],
  ['cat /etc/fstab', '/dev/sda1 / ext4 defaults 0 1\n/dev/sdb1'],
  ['cat /proc/swaps', 'Filename Type Size Used Priority\n/dev/sda2 partition 100 0 -2\n/swap'],
  ['ip route', 'default via 192.0.2.1 dev eth0\n@@ garbage'],
  [
    'cat /proc/net/arp',
    'IP address HW type Flags HW address Mask Device\n192.0.2.1 0x1 0x2 aa:bb:cc:dd:ee:ff * eth0\nhm',
  ],
  ['cat /etc/hosts', '127.0.0.1 localhost\n192.0.2.9'],
  ['ss -Htan', '2 ESTAB 80\nmany ESTAB 443'],
  ['du -xk -d 1 /var/log', '12\t/var/log\nwhat is this'],
  ['cat /proc/mounts', '/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /srv'],
  ['zpool list -Hp', 'tank\t100\t50\t50\t-\t-\t0\t50\t1.00\tONLINE\t-\ntank2\tperhaps'],
  ['ip -o addr', '1: lo    inet 127.0.0.1/8 scope host lo\nwhat is this'],
  [
    'last -i -F -n 30',
    'root pts/0 192.0.2.7 Mon Nov 13 08:11:16 2023 - still logged in\nwho was that\n\nwtmp begins Mon Nov  6',
  ],
])('a line of %s that is not understood is named, and the others count', (name, body) => {
  const snapshot = read({ 'cat /sys/class/net/lo/operstate': 'unknown', [name]: body });
  const named = snapshot.partial.filter(({ section }) => section !== 'report');
  expect(named.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^One line was not understood: “/),
  ]);
  expect(Object.keys(snapshot.facts).length + snapshot.samples.length).toBeGreaterThan(2);
});
