// What somebody changed, and what failed some minutes later: the change must be told with the failure, whoever judges it.
import { epochOfStart, type Machine } from './machine.ts';
import { GiB, type Scenario } from './scenario.ts';

/** Reports: the change comes with this one, the failure with that one. */
const [changed, failed] = [8, 13];

const stamp = (m: Machine) =>
  new Date((epochOfStart + m.now) * 1000).toISOString().slice(0, 19).replace('T', ' ');
const hash = (digit: string) => `${digit.repeat(64)}  /etc/security/limits.conf`;
const container = (id: string, image: string) => `${id.repeat(64)}|api|${image}|Up 3 days|`;
const docker = 'docker ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}|{{.Ports}}';
const certificate = (serial: string) =>
  [
    'file /etc/ssl/shop.pem',
    'subject=CN = shop.example.org',
    'issuer=CN = Example CA',
    'notBefore=Sep  1 00:00:00 2025 GMT',
    'notAfter=Dec  1 00:00:00 2025 GMT',
    `serial=${serial}`,
    `sha256 Fingerprint=${serial.repeat(32)}`,
  ].join('\n');

type Kind = [what: string, told: RegExp, before: (m: Machine) => void, after: (m: Machine) => void];

const kinds: Kind[] = [
  [
    'a package was upgraded',
    /^libssl3 was upgraded from 3\.0\.14 to 3\.0\.15, \d+ min earlier\.$/,
    () => undefined,
    (m) => m.sections.set('tail -n 100 /var/log/dpkg.log', `${stamp(m)} upgrade libssl3:amd64 3.0.14 3.0.15`),
  ],
  [
    'a configuration file was changed',
    /^\/etc\/security\/limits\.conf was changed, \d+ min earlier\.$/,
    (m) => m.sections.set('sha256sum /etc/security/limits.conf', hash('a')),
    (m) => m.sections.set('sha256sum /etc/security/limits.conf', hash('b')),
  ],
  [
    'a unit was restarted',
    /^php-fpm\.service was restarted, \d+ min earlier\.$/,
    () => undefined,
    (m) => m.unit('php-fpm.service', { changed: m.now - 20 }),
  ],
  [
    'the server restarted with another kernel',
    /^The running kernel changed from 6\.1\.0-25-amd64 to 6\.1\.0-26-amd64, at the same time\.$/,
    () => undefined,
    (m) => {
      m.kernel = '6.1.0-26-amd64';
      m.reboot();
    },
  ],
  [
    'a filesystem was mounted',
    /^\/dev\/sdb1 was mounted on \/srv\/uploads, \d+ min earlier\.$/,
    () => undefined,
    (m) => m.mount('/srv/uploads', { source: '/dev/sdb1', size: 90 * GiB, used: 4 * GiB }),
  ],
  [
    'a container got another image',
    /^The container api was made anew from example\/api:2; it was example\/api:1, \d+ min earlier\.$/,
    (m) => m.sections.set(docker, container('a', 'example/api:1')),
    (m) => m.sections.set(docker, container('b', 'example/api:2')),
  ],
  [
    'a certificate was replaced',
    /shop\.(pem|example\.org).*, \d+ min earlier\.$/,
    (m) => m.sections.set('openssl x509', certificate('0A')),
    (m) => m.sections.set('openssl x509', certificate('0B')),
  ],
];

/** nginx fails five minutes after each of these; `told` is what must stand before it. */
export const changedBefore: { told: RegExp; scenario: Scenario }[] = kinds.map(
  ([what, told, before, after]) => ({
    told,
    scenario: {
      name: `nginx fails after ${what}`,
      kind: 'fault',
      reports: 16,
      onset: failed,
      setup: before,
      minute(m, i) {
        if (i === changed) after(m);
        if (i !== failed) return;
        m.stop('nginx');
        m.unit('nginx.service', { active: 'failed', sub: 'failed', result: 'exit-code', exitStatus: 1 });
      },
      roots: [{ problem: ['svc.unit_failed', 'sys.rebooted'], subject: ['nginx.service', 'web1'] }],
    },
  }),
);
