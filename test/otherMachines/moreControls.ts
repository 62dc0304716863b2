// More machines on which nothing is wrong: what comes and goes by nature, and tools that answer in their own way.
import { server, type Case } from './case.ts';
import { GB } from './host.ts';
import { centos7, debian12, jammy, noble, proxmox, rhel9 } from './systems.ts';
import { docker, postgres, sata, zpool } from './tools.ts';

const quiet = { kind: 'control', roots: [] } as const;

export const moreControlCases: Case[] = [
  {
    ...quiet,
    name: 'Installed agent: a web server through a quarter of an hour with its small peaks',
    reports: 15,
    installed: true,
    host() {
      const h = server(debian12, 'web-9', { cores: 4, ram: 8, disk: 'vda', nic: 'ens3' });
      for (let i = 0; i < 4; i++) h.run({ name: 'nginx', uid: 33, rss: 30_000, cpu: 6 });
      for (let i = 0; i < 12; i++) h.run({ name: 'php-fpm8.2', uid: 33, rss: 60_000, cpu: 7 });
      for (const u of ['nginx', 'php8.2-fpm']) h.service(u);
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      return h;
    },
    minute(h, i) {
      const peak = i === 6 || i === 11;
      for (const t of h.named('php-fpm8.2')) t.cpu = peak ? 27 : 6 + ((i * 5) % 4);
      h.nic('ens3', { tx: peak ? 9_000_000 : 900_000 + (i % 3) * 200_000 });
      h.load = peak ? [3.1, 1.4, 0.9] : [0.9, 0.9, 0.8];
      h.tcp.resets = peak ? 6 : 1;
    },
  },
  {
    ...quiet,
    name: 'Laptops and phones of a WireGuard server are away, as they are at night',
    reports: 4,
    step: 300,
    host: () => server(debian12, 'vpn-home', { cores: 1, ram: 1, disk: 'vda', nic: 'ens3' }),
    minute(h) {
      const peer = (key: string, seen: number) =>
        `wg0\t${key.repeat(43)}=\t-\t${seen ? `198.51.100.${key.charCodeAt(0)}:40112` : '(none)'}\t10.8.0.${key.charCodeAt(0)}/32\t${seen}\t${seen ? 99_120 : 0}\t${seen ? 77_123 : 0}\toff`;
      h.more.set(
        'wg show all dump',
        [
          `wg0\t-\t${'H'.repeat(43)}=\t51820\toff`,
          peer('a', h.epoch - 300_000),
          peer('b', h.epoch - 40_000),
          peer('c', 0),
        ].join('\n'),
      );
    },
  },
  {
    ...quiet,
    name: 'An upgrade of all packages runs, services restart one after the other',
    reports: 8,
    host() {
      const h = server(noble, 'dev-3', { cores: 2, ram: 4, disk: 'vda', nic: 'ens3' });
      for (const u of ['nginx', 'cron', 'rsyslog', 'php8.3-fpm']) {
        h.service(u);
        h.run({ name: u, rss: 20_000 });
      }
      return h;
    },
    minute(h, i) {
      if (i === 2) h.run({ name: 'dpkg', rss: 30_000, cpu: 70, write: 9_000_000, age: 5 - h.now });
      if (i === 2) h.run({ name: 'apt-get', rss: 110_000, cpu: 25, age: 40 - h.now });
      if (i >= 2 && i < 5) Object.assign(h, { iowait: 9, forks: 120, load: [2.2, 1.4, 0.6] });
      if (i >= 3 && i < 6) {
        const u = ['nginx', 'cron', 'rsyslog', 'php8.3-fpm'][i - 3]!;
        h.units.get(`${u}.service`)!['since'] = '15';
        Object.assign(h.named(u)[0]!, { pid: 50_000 + i, born: h.now, user: 0.2, sys: 0.1 });
      }
      if (i === 5) {
        h.stop('dpkg');
        h.stop('apt-get');
        Object.assign(h, { iowait: 0.5, forks: 4, load: [0.9, 1, 0.6] });
      }
      const logs = Array.from(
        { length: i >= 2 ? 12 : 0 },
        (_, n) =>
          `${h
            .at(60 + n)
            .toISOString()
            .slice(0, 19)
            .replace('T', ' ')} upgrade libpkg${n}:amd64 1.${n} 1.${n + 1}`,
      );
      h.more.set('tail -n 100 /var/log/dpkg.log', logs.join('\n'));
    },
  },
  {
    ...quiet,
    name: 'A board whose IPMI shows empty slots, and drives that answer in their own way',
    reports: 3,
    step: 1800,
    host() {
      const h = server(rhel9, 'sm-x11', { cores: 16, ram: 64, disk: 'sda', nic: 'eno1' });
      h.more.set(
        'ipmitool sdr elist',
        'CPU Temp         | 01h | ok  |  3.1 | 44 degrees C\nFAN1             | 41h | ok  | 29.1 | 1300 RPM\nFAN2             | 42h | ns  | 29.2 | No Reading\nFANA             | 45h | ns  | 29.5 | Disabled\nP1-DIMMA1 Temp   | B0h | ok  | 32.64 | 36 degrees C\nP1-DIMMB1 Temp   | B4h | ns  | 32.68 | No Reading\n12V              | 30h | ok  |  7.17 | 11.97 Volts\nPS1 Status       | C8h | ok  | 10.1 | Presence detected\nChassis Intru    | AAh | ok  | 23.1 | ',
      );
      for (const d of ['sdb', 'sdc', 'sdd']) h.disk(d, { rotates: true });
      sata(h, 'sda', { model: 'MZ7KH480HAHQ' });
      h.more.set(
        'smartctl --json -n standby -a /dev/sdb',
        JSON.stringify({
          json_format_version: [1, 0],
          smartctl: {
            version: [7, 2],
            exit_status: 2,
            messages: [{ string: 'Device is in STANDBY mode, exit(2)', severity: 'information' }],
          },
          device: { name: '/dev/sdb', type: 'sat' },
          power_mode: { ata_value: 0, ata_string: 'STANDBY' },
        }),
      );
      h.more.set(
        'smartctl --json -n standby -a /dev/sdc',
        JSON.stringify({
          json_format_version: [1, 0],
          smartctl: {
            version: [7, 2],
            exit_status: 1,
            messages: [{ string: '/dev/sdc: Unknown USB bridge [0x174c:0x1153 (0x100)]', severity: 'error' }],
          },
        }),
      );
      h.more.set(
        'smartctl --json -n standby -a /dev/sdd',
        JSON.stringify({
          json_format_version: [1, 0],
          smartctl: { version: [7, 2], exit_status: 0 },
          device: { name: '/dev/sdd', type: 'scsi', protocol: 'SCSI' },
          scsi_vendor: 'SEAGATE',
          scsi_product: 'ST1200MM0088',
          serial_number: 'Z401',
          smart_status: { passed: true },
          temperature: { current: 38, drive_trip: 60 },
          scsi_grown_defect_list: 0,
          power_on_time: { hours: 51_000, minutes: 2 },
          scsi_error_counter_log: {
            read: { errors_corrected_by_eccfast: 3_910_001, total_uncorrected_errors: 0 },
            write: { total_uncorrected_errors: 0 },
          },
        }),
      );
      return h;
    },
  },
  {
    ...quiet,
    name: 'A replica of PostgreSQL waits for its primary, and a scrub of ZFS runs',
    reports: 5,
    step: 300,
    host() {
      const h = server(proxmox, 'pg-standby', { cores: 8, ram: 64, disk: 'nvme0n1', nic: 'vmbr0' });
      h.run({ name: 'postgres', uid: 112, rss: 12 * GB, cpu: 6, threads: 12 });
      h.service('postgresql@16-main');
      return h;
    },
    minute(h, i) {
      postgres(h, { states: ['idle|4|'], slots: ['analytics|t|88211'] });
      h.more.set(
        'zpool list -Hp',
        'tank\t15994458210304\t6640827867136\t9353630343168\t-\t-\t11\t41\t1.00\tONLINE\t-',
      );
      zpool(
        h,
        'tank',
        'ONLINE',
        '\ttank                                          ONLINE       0     0     0\n\t  mirror-0                                    ONLINE       0     0     0\n\t    sda                                       ONLINE       0     0     0\n\t    sdb                                       ONLINE       0     0     0',
        `  scan: scrub in progress since Sun Nov 15 00:24:02 2026\n\t${2 + i}.1T / 6.04T scanned at 412M/s, ${1 + i}.9T / 6.04T issued at 371M/s\n\t0B repaired, ${30 + i}.46% done, 03:11:09 to go\n`,
      );
    },
  },
  {
    ...quiet,
    name: 'A UPS charges, a tunnel has no state, and jobs of Docker have ended',
    atFirst: 'false alarm',
    reports: 4,
    host() {
      const h = server(debian12, 'branch-gw', { cores: 2, ram: 4, disk: 'sda', nic: 'enp1s0' });
      h.nic('tun0', { state: 'unknown', speed: 10 });
      h.nic('br-12ab34cd56ef', { state: 'down', carrier: 3, rx: 0, tx: 0 });
      h.nic('wlp2s0', { state: 'dormant', carrier: 5 });
      h.more.set(
        'upsc apc',
        'battery.charge: 81\nbattery.charge.low: 10\nbattery.runtime: 1490\nups.model: Back-UPS ES 700G\nups.status: OL CHRG\nups.load: 22',
      );
      docker(h, [
        { name: 'unifi' },
        { name: 'certbot', status: 'Exited (0) 5 hours ago' },
        { name: 'backup', status: 'Exited (0) 9 hours ago' },
        { name: 'old', status: 'Created' },
        { name: 'paused', status: 'Up 3 weeks (Paused)' },
        { name: 'unifi-old', status: 'Exited (137) 7 months ago', exit: 137 },
      ]);
      return h;
    },
  },
  {
    ...quiet,
    name: 'An agent without root on a healthy machine',
    reports: 4,
    host() {
      const h = server(jammy, 'student-3', { cores: 8, ram: 16, disk: 'nvme0n1', nic: 'eno1' });
      h.euid = 1000;
      return h;
    },
  },
  {
    ...quiet,
    name: 'CentOS 7, a nightly job packs logs, and swap moves a little',
    reports: 9,
    installed: true,
    host: () =>
      server(centos7, 'tomcat-old', {
        start: 1_700_000_000,
        cores: 4,
        ram: 8,
        disk: 'sda',
        nic: 'em1',
        drive: { rotates: true },
      }),
    minute(h, i) {
      if (i === 3)
        h.run({ name: 'gzip', rss: 2_000, cpu: 97, read: 20_000_000, write: 3_000_000, age: 10 - h.now });
      if (i === 6) h.stop('gzip');
      const on = i >= 3 && i < 6;
      h.disk(
        'sda',
        on
          ? { reads: 160, readBytes: 20_000_000, writes: 40, writeBytes: 3_000_000, await: 8, busy: 55 }
          : {},
      );
      Object.assign(h, {
        swapIn: on ? 12 : 1,
        swapOut: on ? 20 : 0,
        swapUsed: 400_000,
        iowait: on ? 6 : 0.5,
      });
    },
  },
];
