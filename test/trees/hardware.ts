// Sensors, memory chips, power, the hypervisor, the start of the system, kernel messages and certificates.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Box, installed, type Tree } from './box.ts';
import { machine, webStack } from './systems.ts';

/** A certificate with these bounds, self-signed where there is no issuer, in the words of openssl: 20260801000000Z. */
export function certificate(names: string[], from: string, to: string, issuer?: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'cert-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = `/CN=${names[0]}`;
  try {
    writeFileSync(join(dir, 'ext'), `subjectAltName=${names.map((n) => `DNS:${n}`).join(',')}\n`);
    writeFileSync(
      join(dir, 'conf'),
      `[ca]
default_ca=a
[a]
new_certs_dir=.
database=index
serial=serial
default_md=sha256
policy=p
[p]
commonName=supplied
`,
    );
    writeFileSync(join(dir, 'index'), '');
    writeFileSync(join(dir, 'serial'), '4711\n');
    openssl('req', '-new', ...ec, '-keyout', 'k', '-out', 'r', '-subj', subject);
    if (issuer) openssl('req', '-x509', ...ec, '-keyout', 'ik', '-out', 'i', '-subj', issuer);
    const by = issuer ? ['-cert', 'i', '-keyfile', 'ik'] : ['-selfsign', '-keyfile', 'k'];
    openssl(
      'ca',
      '-batch',
      ...by,
      '-config',
      'conf',
      '-in',
      'r',
      '-out',
      'c',
      '-notext',
      '-startdate',
      from,
      '-enddate',
      to,
      '-extfile',
      'ext',
    );
    return readFileSync(join(dir, 'c'), 'utf8');
  } finally {
    rmSync(dir, { recursive: true });
  }
}

export function sensors(b: Box, fan: number, celsius: number): void {
  Object.assign(b.files, {
    'sys/class/hwmon/hwmon0/name': 'nct6798\n',
    'sys/class/hwmon/hwmon0/fan1_input': '1180\n',
    'sys/class/hwmon/hwmon0/fan2_input': `${fan}\n`,
    'sys/class/hwmon/hwmon0/fan2_label': 'CPU FAN\n',
    'sys/class/hwmon/hwmon0/fan5_input': '0\n',
    'sys/class/hwmon/hwmon1/name': 'coretemp\n',
    'sys/class/hwmon/hwmon1/temp1_label': 'Package id 0\n',
    'sys/class/hwmon/hwmon1/temp1_input': `${celsius * 1000}\n`,
    'sys/class/hwmon/hwmon1/temp1_max': '84000\n',
    'sys/class/hwmon/hwmon1/temp1_crit': '100000\n',
    'sys/class/hwmon/hwmon1/temp1_crit_alarm': '0\n',
  });
}

export const ipmi = (second: string, fan = '5400 RPM', fanState = 'ok') =>
  `Inlet Temp       | 04h | ok  |  7.1 | 23 degrees C
Exhaust Temp     | 01h | ok  |  7.1 | 36 degrees C
Temp             | 0Eh | ok  |  3.1 | 52 degrees C
Temp             | 0Fh | ns  |  3.2 | Disabled
Fan1A RPM        | 30h | ok  |  7.1 | 5280 RPM
Fan2A RPM        | 31h | ${fanState.padEnd(3)} |  7.1 | ${fan}
Current 1        | 6Ah | ok  | 10.1 | 0.60 Amps
Voltage 1        | 6Ch | ok  | 10.1 | 232 Volts
Status           | 85h | ok  | 10.1 | Presence detected
Status           | 86h | ok  | 10.2 | ${second}
Intrusion        | 73h | ok  |  7.1 | \nSEL              | 72h | ns  |  7.1 | No Reading
Power Optimized  | 99h | ok  |  7.1 | OEM Specific
`;

export const hardware: Tree[] = [
  {
    name: 'the CPU fan stops, the cores are slowed down',
    kind: 'fault',
    rhythm: installed,
    onset: 2,
    runs: 8,
    box: () => {
      const b = machine({ system: 'arch', name: 'build-keller', cores: 8, memory: 32_000 });
      b.run({ name: 'cc1plus', exe: '/usr/lib/gcc/cc1plus', uid: 1000, cpu: 4.6, rss: 900 });
      sensors(b, 1460, 66);
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      sensors(b, 0, Math.min(101, 78 + run * 5));
      for (let i = 0; i < 8; i++)
        b.files[`sys/devices/system/cpu/cpu${i}/thermal_throttle/core_throttle_count`] =
          `${(run - 1) * 900}\n`;
      if (run === 4)
        b.say(4, 'mce: CPU3: Core temperature above threshold, cpu clock throttled (total events = 912)', 30);
    },
    roots: [{ problem: 'hw.fan', subject: 'nct6798 CPU FAN' }],
  },
  {
    name: 'Dell: the second power supply lost its input (ipmitool)',
    kind: 'fault',
    atFirst: 'rule silent',
    onset: 1,
    runs: 2,
    every: 3600,
    box: () => {
      const b = webStack(machine({ system: 'rocky9', name: 'r740-web', cores: 32, memory: 96_000 }));
      b.files['dev/ipmi0'] = '';
      b.programs['ipmitool'] = [['sdr elist', ipmi('Presence detected')]];
      return b;
    },
    each: (b, run) => {
      if (run === 1)
        b.programs['ipmitool'] = [['sdr elist', ipmi('Presence detected, Power Supply AC lost')]];
    },
    roots: [{ problem: 'hw.psu', subject: 'Status of power supply 2' }],
  },
  {
    name: 'a memory module corrects more and more errors',
    kind: 'fault',
    onset: 2,
    every: 600,
    box: () => {
      const b = machine({ system: 'ubuntu2204', name: 'gpu-node-3', cores: 64, memory: 512_000 });
      Object.assign(b.files, {
        'sys/devices/system/edac/mc/mc0/ce_count': '0\n',
        'sys/devices/system/edac/mc/mc0/ue_count': '0\n',
        'sys/devices/system/edac/mc/mc1/ce_count': '2\n',
        'sys/devices/system/edac/mc/mc1/ue_count': '0\n',
        'sys/devices/system/edac/mc/mc1/dimm4/dimm_ce_count': '2\n',
        'sys/devices/system/edac/mc/mc1/dimm4/dimm_label': 'CPU_SrcID#1_MC#0_Chan#0_DIMM#0\n',
      });
      return b;
    },
    each: (b, run) => {
      if (run < 2) return;
      b.files['sys/devices/system/edac/mc/mc1/ce_count'] = `${2 + (run - 1) * 57}\n`;
      b.files['sys/devices/system/edac/mc/mc1/dimm4/dimm_ce_count'] = `${2 + (run - 1) * 57}\n`;
      b.say(2, 'mce: [Hardware Error]: Machine check events logged', 100);
      b.say(
        4,
        'EDAC MC1: 57 CE memory read error on CPU_SrcID#1_MC#0_Chan#0_DIMM#0 (channel:0 slot:0 page:0x1f0a2b3 offset:0x440 grain:32 syndrome:0x0 - err_code:0x0101:0x0090)',
        99,
      );
    },
    roots: [{ problem: 'mem.ecc_corrected', subject: 'mc1/dimm4' }],
  },
  {
    name: 'the mains are out and the UPS runs low',
    kind: 'fault',
    onset: 2,
    box: () => {
      const b = machine({ system: 'debian12', name: 'rack-b-nut' });
      b.serve('nut-server.service', { name: 'upsd', uid: 119, rss: 4 });
      return b;
    },
    each: (b, run) => {
      const on = run < 2;
      b.programs['upsc'] = [
        ['-l', 'apc3000@localhost\n'],
        [
          'apc3000@localhost',
          `battery.charge: ${on ? 100 : 71 - run * 7}
battery.charge.low: 10
battery.runtime: ${on ? 2940 : 1100 - run * 120}
device.mfr: American Power Conversion
device.model: Smart-UPS 3000
input.voltage: ${on ? '231.8' : '0.0'}
ups.load: 41
ups.status: ${on ? 'OL' : 'OB DISCHRG'}
`,
        ],
      ];
    },
    roots: [{ problem: 'hw.ups', subject: 'apc3000@localhost' }],
  },
  {
    name: 'cloud VM: the hypervisor takes a third of the time away',
    kind: 'fault',
    onset: 3,
    runs: 24,
    box: () =>
      webStack(machine({ system: 'ubuntu2404', name: 'ip-10-0-4-17', disk: 'vda', cores: 2, memory: 3900 })),
    each: (b, run) => {
      if (run < 3) return;
      b.steal = 0.34;
      b.load = [4.6, 3, 2];
      b.running = 4;
      b.psi.cpu = 38;
    },
    roots: [{ problem: 'cpu.steal', subject: 'ip-10-0-4-17' }],
  },
  {
    name: 'the host takes memory back with a balloon; the guest starts to swap',
    kind: 'fault',
    rhythm: installed,
    onset: 3,
    box: () =>
      webStack(machine({ system: 'debian12', name: 'gast-22', disk: 'vda', memory: 7940, swap: 2048 }), 3600),
    each: (b, run) => {
      if (run < 3) return;
      b.memory = 4800;
      b.available = 260;
      b.free = 110;
      b.cached = 220;
      b.swapUsed = [0, 0, 0, 400, 900, 1300][run]!;
      Object.assign(b, { swapIn: 300, swapOut: 420, majorFaults: 120, directScan: 3000 });
      Object.assign(b.psi, { memory: 31, memoryFull: 12, io: 30, ioFull: 20 });
      Object.assign(b.disks[0]!, { reads: 220, writes: 160, busy: 0.9, readMs: 9, writeMs: 12, queue: 6 });
      b.iowait = 0.2;
    },
    roots: [{ problem: 'virt.balloon', subject: 'gast-22' }],
  },
  {
    name: 'soft lockups in a driver after a kernel update',
    kind: 'fault',
    onset: 2,
    box: () => machine({ system: 'debian13', name: 'capture-1', cores: 16, memory: 64_000, days: 0.2 }),
    each: (b, run) => {
      if (run < 2) return;
      b.load = [6 + run, 4, 2];
      b.say(0, `watchdog: BUG: soft lockup - CPU#5 stuck for ${26 * (run - 1)}s! [kworker/5:1:311]`, 20);
      b.say(4, 'Modules linked in: dahdi(OE) wct4xxp(OE) nft_ct nf_tables bonding tls ipmi_ssif', 20);
      b.say(
        4,
        'CPU: 5 UID: 0 PID: 311 Comm: kworker/5:1 Tainted: G           OEL     6.12.48+deb13-amd64 #1  Debian 6.12.48-1',
        20,
      );
      b.say(4, 'RIP: 0010:native_queued_spin_lock_slowpath+0x6e/0x2e0', 20);
    },
    roots: [{ problem: 'sys.crash', subject: ['capture-1', 'CPU#5', 'kworker'] }],
  },
  {
    name: '/boot is full, so the kernel update broke off',
    kind: 'fault',
    onset: 0,
    runs: 2,
    every: 3600,
    box: () => {
      const b = machine({ system: 'ubuntu2204', name: 'alt-uni-4' });
      b.mounts.push({ dev: '/dev/sda2', at: '/boot', type: 'ext4', mb: 480, used: 456 });
      b.disks[0]!.parts!.push(['sda2', 0.5]);
      b.programs['dpkg'] = [
        [
          '--audit',
          `The following packages are only half configured, probably due to problems
configuring them the first time.  The configuration should be retried using
dpkg --configure <package> or the configure menu option in dselect:
 linux-image-5.15.0-124-generic Signed kernel image generic
 initramfs-tools      generic modular initramfs generator (automation)
`,
        ],
      ];
      for (const v of ['5.15.0-113', '5.15.0-116', '5.15.0-119', '5.15.0-124'])
        b.files[`lib/modules/${v}-generic/modules.dep`] = '';
      return b;
    },
    roots: [{ problem: 'disk.full', subject: '/boot' }],
  },
  {
    name: 'the renewal of a certificate fails since weeks; six days are left',
    kind: 'fault',
    onset: 0,
    runs: 2,
    every: 3600,
    box: () => {
      const b = webStack(machine({ system: 'debian12', name: 'www-kanzlei' }));
      b.files['etc/letsencrypt/live/kanzlei.example/cert.pem'] = certificate(
        ['kanzlei.example', 'www.kanzlei.example'],
        '20260826100000Z',
        '20261124100000Z',
      );
      b.files['etc/letsencrypt/live/kanzlei.example/fullchain.pem'] =
        b.files['etc/letsencrypt/live/kanzlei.example/cert.pem'];
      b.files['etc/nginx/sites-enabled/kanzlei'] = `server {
    listen 443 ssl;
    server_name kanzlei.example www.kanzlei.example;
    ssl_certificate /etc/letsencrypt/live/kanzlei.example/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/kanzlei.example/privkey.pem;
    root /srv/www;
}
`;
      b.units.push({
        name: 'certbot.service',
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        status: 1,
        code: 1,
        stopped: b.now - 8 * 3600,
        since: 0,
      });
      b.timers.push(
        'Wed 2026-11-18 18:11:00 UTC 7h left       Wed 2026-11-18 02:20:07 UTC 8h ago       certbot.timer                certbot.service',
      );
      return b;
    },
    roots: [
      {
        problem: ['tls.renew_failed', 'tls.expiring', 'svc.unit_failed'],
        subject: ['kanzlei.example', 'certbot', '/etc/letsencrypt/live/kanzlei.example'],
      },
    ],
  },
  {
    name: 'the certificate of the mail server has run out (dovecot, postfix)',
    kind: 'fault',
    onset: 0,
    runs: 1,
    box: () => {
      const b = machine({ system: 'debian12', name: 'mail' });
      const p = b.serve('dovecot.service', { name: 'dovecot', rss: 12 });
      const q = b.serve('postfix@-.service', { name: 'master', exe: '/usr/lib/postfix/sbin/master', rss: 9 });
      b.listeners.push(
        { at: '0.0.0.0:993', process: 'dovecot', pid: p.pid },
        { at: '0.0.0.0:25', process: 'master', pid: q.pid },
      );
      b.files['etc/ssl/mail/smtp.pem'] = certificate(
        ['smtp.firma.example', 'imap.firma.example'],
        '20251117000000Z',
        '20261117000000Z',
      );
      b.files['etc/dovecot/conf.d/10-ssl.conf'] =
        'ssl = required\nssl_cert = </etc/ssl/mail/smtp.pem\nssl_key = </etc/ssl/mail/smtp.key\n';
      b.files['etc/postfix/main.cf'] = `myhostname = smtp.firma.example
smtpd_tls_cert_file = /etc/ssl/mail/smtp.pem
smtpd_tls_key_file = /etc/ssl/mail/smtp.key
`;
      return b;
    },
    roots: [{ problem: 'tls.expiring', subject: ['smtp.firma.example', '/etc/ssl/mail/smtp.pem'] }],
  },
];
