// Accounts, secrets, certificates and upkeep on machines that nobody here had seen.
import { server, withSection, type Case } from '../case.ts';
import { debian12, jammy, noble } from '../systems.ts';
import { alma8, amazon2023, buster, focal, trixie } from './systems.ts';
import { certDate, suidFiles } from '../tools.ts';

const usual = [
  '-rwsr-xr-x root /usr/bin/su',
  '-rwsr-xr-x root /usr/bin/passwd',
  '-rwsr-xr-x root /usr/bin/mount',
  '-rwsr-xr-x root /usr/bin/sudo',
  '-rwsr-xr-- root /usr/lib/dbus-1.0/dbus-daemon-launch-helper',
].join('\n');

const certificate = (
  path: string,
  name: string,
  until: string,
  bits = 2048,
  signature = 'sha256WithRSAEncryption',
) =>
  `file ${path}
subject=CN = ${name}
issuer=C = DE, O = Example Trust, CN = Example Issuing CA 3
notBefore=Dec  2 00:00:00 2025 GMT
notAfter=${until}
serial=04A1C0FFEE
        Signature Algorithm: ${signature}
                Public-Key: (${bits} bit)
                DNS:${name}
    Signature Algorithm: ${signature}`;

export const securityStrangers: Case[] = [
  {
    name: 'The secrets of a shop can be read by every account',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host: () => server(debian12, 'agency-web', { cores: 2, ram: 4 }),
    edit: (text, i) =>
      withSection(text, suidFiles, i >= 1 ? `${usual}\n-rw-r--r-- deploy /srv/www/shop/.env` : usual),
    roots: [{ problem: 'sec.world_readable_secret', subject: ['/srv/www/shop/.env', 'agency-web'] }],
  },
  {
    name: 'A new file that runs as root lies in /usr/local/lib',
    kind: 'fault',
    reports: 5,
    onset: 2,
    host: () => server(alma8, 'jump-old', { cores: 2, ram: 4 }),
    edit: (text, i) =>
      withSection(text, suidFiles, i >= 2 ? `${usual}\n-rwsr-xr-x root /usr/local/lib/.cache/upd` : usual),
    roots: [{ problem: 'sec.suid_new', subject: ['/usr/local/lib/.cache/upd', 'jump-old'] }],
  },
  {
    name: 'An account has no password at all',
    kind: 'fault',
    reports: 4,
    onset: 1,
    host: () => server(focal, 'lab-gw', { cores: 2, ram: 4 }),
    edit: (text, i) =>
      i < 1
        ? text
        : withSection(
            text,
            'cat /etc/passwd',
            'root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1000::/home/admin:/bin/bash\nkiosk::1001:1001::/home/kiosk:/bin/bash',
          ),
    roots: [{ problem: 'sec.empty_password', subject: ['kiosk', 'lab-gw'] }],
  },
  {
    name: 'Root may log in over ssh with a password',
    kind: 'fault',
    reports: 3,
    onset: 0,
    host: () => server(jammy, 'vps-rented', { cores: 2, ram: 4 }),
    edit: (text) =>
      withSection(
        text,
        'sshd -T',
        'port 22\npermitrootlogin yes\npasswordauthentication yes\npubkeyauthentication yes',
      ),
    roots: [{ problem: ['sec.sshd_root'], subject: ['sshd', 'vps-rented', 'ssh'] }],
  },
  {
    name: 'The certificate of a mail server ends in five days',
    kind: 'fault',
    reports: 3,
    onset: 0,
    host() {
      const h = server(trixie, 'mx2.example.net', { cores: 2, ram: 4 });
      h.run({ name: 'dovecot', rss: 6_000 });
      h.listening.push({ port: 993, program: 'dovecot' });
      h.service('dovecot');
      return h;
    },
    edit: (text, _i, h) =>
      withSection(
        withSection(
          text,
          'grep -r . /etc',
          '/etc/dovecot/conf.d/10-ssl.conf:ssl_cert = </etc/ssl/private/imap.pem',
        ),
        'openssl x509',
        certificate('/etc/ssl/private/imap.pem', 'imap.example.net', certDate(h, 5 + 4000 / 86_400)),
      ),
    atFirst: 'not collected',
    roots: [{ problem: 'tls.expiring', subject: '/etc/ssl/private/imap.pem' }],
  },
  {
    name: 'An old certificate of 1024 bits, signed with SHA-1',
    kind: 'fault',
    reports: 3,
    onset: 0,
    host: () => server(alma8, 'scada-front', { cores: 2, ram: 4 }),
    edit: (text, _i, h) =>
      withSection(
        withSection(
          text,
          'grep -r . /etc',
          '/etc/httpd/conf.d/ssl.conf:SSLCertificateFile /etc/httpd/ssl/scada.crt',
        ),
        'openssl x509',
        certificate(
          '/etc/httpd/ssl/scada.crt',
          'scada.example.net',
          certDate(h, 900),
          1024,
          'sha1WithRSAEncryption',
        ),
      ),
    atFirst: 'rule silent',
    roots: [
      { problem: 'tls.weak', subject: ['/etc/httpd/ssl/scada.crt', 'scada.example.net', 'scada-front'] },
    ],
  },
  {
    name: 'One report: a Debian that nobody supports any more',
    kind: 'fault',
    reports: 1,
    host: () => server(buster, 'erp-legacy', { cores: 2, ram: 8 }),
    roots: [{ problem: 'sys.eol', subject: ['erp-legacy', 'Debian GNU/Linux 10', 'debian'] }],
  },
  {
    name: 'One report: the firewall of a public server is empty',
    kind: 'fault',
    reports: 1,
    host() {
      const h = server(noble, 'game-eu-4', { cores: 4, ram: 8 });
      h.listening.push({ port: 25_565, program: 'java' });
      h.run({ name: 'java', rss: 3_000_000, cpu: 30, threads: 40, uid: 1000 });
      return h;
    },
    edit: (text) =>
      withSection(
        text.replaceAll('10.20.0.17/24', '93.184.216.40/24'),
        'nft list ruleset',
        'rules 0',
      ).replaceAll('10.20.0.', '93.184.216.'),
    atFirst: 'the case was wrong',
    roots: [{ problem: 'sec.firewall_off', subject: 'game-eu-4' }],
  },
  {
    name: 'A second account with the rights of root, on a machine without systemd in sight',
    kind: 'fault',
    reports: 4,
    onset: 2,
    host: () => server(amazon2023, 'bastion-a', { cores: 2, ram: 2, disk: 'nvme0n1', nic: 'ens5' }),
    edit: (text, i) =>
      i < 2 ? text : text.replace(/^(root:x:0:0:.*)$/m, '$1\nsupport:x:0:0::/var/tmp/.s:/bin/bash'),
    roots: [{ problem: 'sec.uid0', subject: ['support', 'bastion-a'] }],
  },
];
