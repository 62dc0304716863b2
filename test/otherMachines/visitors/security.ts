// Visitors, security: who came in, who may do what, certificates. Written before the product saw them.
import { server, withSection, type Case } from '../case.ts';
import { centos7, debian12, noble, rhel9 } from '../systems.ts';
import { alma8 } from '../strangers/systems.ts';
import type { Host } from '../host.ts';
import { certDate } from '../tools.ts';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** As last -F writes a time, on a server of UTC. */
export const lastTime = (h: Host, ago: number) => {
  const d = h.at(ago);
  return `${days[d.getUTCDay()]} ${months[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${d.toISOString().slice(11, 19)} ${d.getUTCFullYear()}`;
};
export const failed = (h: Host, who: string, address: string, ago: number) =>
  `${who.padEnd(8)} ssh:notty    ${address.padEnd(16)} ${lastTime(h, ago)} - ${lastTime(h, ago)}  (00:00)`;

export const securityVisitors: readonly Case[] = [
  {
    name: 'a second account with the number of root',
    kind: 'fault',
    reports: 2,
    step: 3600,
    onset: 0,
    host: () => server(rhel9, 'gw-sof', { ram: 4 }),
    edit: (text) =>
      text.replace('root:x:0:0:root:/root:/bin/bash', '$&\nsysbackup:x:0:0::/var/lib/sysbackup:/bin/bash'),
    roots: [{ problem: 'sec.uid0', subject: ['sysbackup', 'gw-sof'] }],
  },
  {
    name: 'three hundred wrong passwords and then the right one, from the same address',
    kind: 'fault',
    reports: 2,
    step: 600,
    onset: 0,
    host: () => server(debian12, 'legacy-ftp', { ram: 4 }),
    edit(text, _i, h) {
      const names = ['root', 'admin', 'oracle', 'backup', 'git'];
      const lastb = Array.from({ length: 300 }, (_, n) =>
        failed(h, names[n % 5]!, '198.51.100.23', 640 + n * 7),
      );
      return withSection(
        withSection(
          text.replace('passwordauthentication no', 'passwordauthentication yes'),
          'last -i -F -n 30',
          `backup   pts/1        198.51.100.23    ${lastTime(h, 620)}   still logged in\nadmin    pts/0        203.0.113.9      ${lastTime(h, 90_000)} - ${lastTime(h, 88_000)}  (00:33)\n\nwtmp begins ${lastTime(h, 9_000_000)}`,
        ),
        'lastb -i -F -n 400',
        `${lastb.join('\n')}\n\nbtmp begins ${lastTime(h, 90_000)}`,
      );
    },
    roots: [{ problem: 'sec.login_after_fail', subject: ['198.51.100.23', 'backup', 'legacy-ftp'] }],
  },
  {
    name: 'between two reports somebody joined wheel',
    kind: 'fault',
    reports: 4,
    step: 900,
    onset: 2,
    host() {
      const h = server(alma8, 'hr-app', { ram: 8 });
      h.people = ['intern7'];
      return h;
    },
    minute(h, i) {
      if (i >= 2) h.admins = 'admin,intern7';
    },
    roots: [{ problem: 'sec.new_admin', subject: ['intern7', 'wheel', 'hr-app'] }],
  },
  {
    name: 'the renewal has failed for weeks and the certificate has eleven days left',
    kind: 'fault',
    reports: 2,
    step: 3600,
    onset: 0,
    host() {
      const h = server(noble, 'portal-rix', { ram: 4 });
      h.run({ name: 'nginx', rss: 18_000, cpu: 2 });
      h.service('nginx');
      h.listening.push({ port: 443, program: 'nginx', queue: 511 });
      h.service('certbot', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'exit-code',
        ExecMainCode: '1',
        ExecMainStatus: '1',
        since: '20400',
      });
      return h;
    },
    edit: (text, _i, h) =>
      withSection(
        text,
        'openssl x509',
        [
          'file /etc/letsencrypt/live/portal.example.org/fullchain.pem',
          'subject=CN = portal.example.org',
          "issuer=C = US, O = Let's Encrypt, CN = R11",
          `notBefore=${certDate(h, -79)}`,
          `notAfter=${certDate(h, 11)}`,
          'serial=04B9E2A1C0F7D5A8',
          '                DNS:portal.example.org, DNS:www.portal.example.org',
          '                Public-Key: (2048 bit)',
          '    Signature Algorithm: sha256WithRSAEncryption',
        ].join('\n'),
      ),
    roots: [
      {
        problem: ['tls.renew_failed', 'svc.unit_failed', 'tls.expiring'],
        subject: ['portal.example.org', 'certbot', '/etc/letsencrypt'],
      },
    ],
  },
  {
    name: 'a database that listens to the whole world',
    kind: 'fault',
    atFirst: 'rule silent',
    reports: 2,
    step: 3600,
    onset: 0,
    host() {
      const h = server(centos7, 'geo-vps', { ram: 8 });
      h.run({ name: 'mongod', rss: 900_000, cpu: 3, threads: 40, uid: 997 });
      h.service('mongod');
      h.listening.push({ port: 27017, address: '0.0.0.0', program: 'mongod', queue: 128 });
      return h;
    },
    edit: (text) =>
      withSection(
        text
          .replace('inet 10.20.0.17/24 brd 10.20.0.255', 'inet 93.184.215.77/24 brd 93.184.215.255')
          .replace('src 10.20.0.17', 'src 93.184.215.77'),
        'nft list ruleset',
        '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\nrules 0',
      ),
    roots: [
      {
        problem: ['sec.db_exposed'],
        subject: ['mongod', '27017', 'port 27017', 'mongodb', '0.0.0.0:27017', 'geo-vps'],
      },
    ],
  },
];
