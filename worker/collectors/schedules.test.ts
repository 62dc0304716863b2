// What runs by itself: cron jobs, timers, backups, and the mail that waits.
import { expect, it } from 'vitest';
import { complaints, now, read, value } from './sections.fixture.ts';

it('cron jobs: with a user, of a user, with a name for the time; programs only', () => {
  const snapshot = read({
    'cat /etc/crontab': `/etc/crontab:17 * * * * root run-parts
/etc/cron.d/php:09,39 * * * * www-data /usr/lib/php/sessionclean
/etc/cron.d/backup:@daily root /usr/local/bin/backup.sh  
/var/spool/cron/crontabs/alice:*/5 * * * * /home/alice/bin/sync.sh 
/etc/cron.d/broken:5 * root`,
  });
  expect(snapshot.facts.cronJobs).toEqual([
    { user: 'root', schedule: '17 * * * *', command: 'run-parts', source: '/etc/crontab' },
    {
      user: 'www-data',
      schedule: '09,39 * * * *',
      command: '/usr/lib/php/sessionclean',
      source: '/etc/cron.d/php',
    },
    { user: 'root', schedule: '@daily', command: '/usr/local/bin/backup.sh', source: '/etc/cron.d/backup' },
    {
      user: 'alice',
      schedule: '*/5 * * * *',
      command: '/home/alice/bin/sync.sh',
      source: '/var/spool/cron/crontabs/alice',
    },
  ]);
  expect(complaints(snapshot)).toEqual([
    'cat /etc/crontab: One line was not understood: “/etc/cron.d/broken:5 * root”.',
  ]);
});

it('timers that ran, that never ran, and that will not run again', () => {
  const snapshot = read({
    'systemctl list-timers --all --no-legend --no-pager --full': `Wed 2023-11-15 00:00:00 UTC 1h 46min left Tue 2023-11-14 00:00:12 UTC 22h ago      logrotate.timer       logrotate.service
Wed 2023-11-15 06:12:00 UTC 7h left       n/a                         n/a          apt-daily.timer       apt-daily.service
n/a                         n/a           Mon 2023-11-13 03:10:00 UTC 1 day 19h ago fstrim.timer        fstrim.service
-                           -             -                           -            never.timer           never.service`,
  });
  expect(snapshot.facts.timers).toEqual([
    { name: 'logrotate.timer', unit: 'logrotate.service', nextAt: 1_700_006_400, lastAt: 1_699_920_012 },
    { name: 'apt-daily.timer', unit: 'apt-daily.service', nextAt: 1_700_028_720 },
    { name: 'fstrim.timer', unit: 'fstrim.service', lastAt: 1_699_845_000 },
    { name: 'never.timer', unit: 'never.service' },
  ]);
});

it('the newest of each series of backups', () => {
  const snapshot = read({
    'stat /var/backups/*': `${now - 90_000}:900:/var/backups/shop-2023-11-13.sql.gz
${now - 3600}:1000:/var/backups/shop-2023-11-14.sql.gz
${now - 7200}:5:/var/backups/dpkg.status.0
${now - 60}:12:/var/log/borgmatic.log`,
  });
  expect(snapshot.facts.backups).toEqual([
    {
      tool: 'dump',
      name: 'shop.sql.gz',
      lastSuccessAt: now - 3600,
      lastSize: 1000,
      path: '/var/backups/shop-2023-11-14.sql.gz',
    },
    {
      tool: 'borgmatic',
      name: 'borgmatic',
      lastSuccessAt: now - 60,
      lastSize: 12,
      path: '/var/log/borgmatic.log',
    },
  ]);
});

it('dumps of even dates tell their period, odd ones and few of them do not', () => {
  const dumps = (name: string, days: number[]) =>
    days.map((d) => `${now - d * 86_400}:1000:/var/backups/${name}-2023-11-${30 - d}.sql.gz`).join('\n');
  const periods = (body: string) =>
    Object.fromEntries(read({ 'stat /var/backups/*': body }).facts.backups!.map((b) => [b.name, b.period]));
  expect(
    periods([dumps('daily', [6, 7, 8, 9]), dumps('odd', [1, 2, 9, 10]), dumps('few', [1, 2, 3])].join('\n')),
  ).toEqual({ 'daily.sql.gz': 86_400, 'odd.sql.gz': undefined, 'few.sql.gz': undefined });
});

it('mail that waits; Exim keeps two files for each message', () => {
  const postfix = read({ 'find /var/spool -type f': 'postfix/deferred 120 5\npostfix/active 3 0' });
  expect(postfix.facts.mail).toEqual({ queue: 123, deferred: 120, oldestAt: now - 86_400 });
  expect(value(postfix, 'mail.queue')).toBe(123);
  expect(value(read({ 'find /var/spool -type f': 'exim4/input 10 0' }), 'mail.queue')).toBe(5);
  expect(read({ 'find /var/spool -type f': '' }).facts.mail).toBeUndefined();
});

it('hashes of configuration files', () => {
  const hash = 'ab'.repeat(32);
  expect(
    read({ 'sha256sum /etc/*': `${hash}  /etc/nginx/my site.conf\nsha256sum: /etc/x: Permission denied` })
      .facts.configHashes,
  ).toEqual({
    '/etc/nginx/my site.conf': 'abababababababab',
  });
});

it('the newest complete dump, and what those before it have', () => {
  const dumps = [20, 810, 805, 800, 790].map(
    (size, n) => `${now - 40_000 - n * 86_400}:${size}000:/var/backups/crm-2023-11-${14 - n}.sql.gz`,
  );
  const half = `${now - 60}:3:/var/backups/crm-2023-11-15.sql.gz`;
  const { facts } = read({ 'stat /var/backups/*': [half, ...dumps].join('\n') });
  expect(facts.backups?.[0]?.sizes).toEqual({
    at: now - 40_000,
    path: '/var/backups/crm-2023-11-14.sql.gz',
    last: 20_000,
    usual: 800_000,
  });
});

it('the traces that tools leave of a backup that succeeded', () => {
  const at = now - 3600;
  const { backups } = read({
    'stat /var/backups/*': `${at}:2048:/var/lib/pgbackrest/backup/main/backup.info
${at}:4096:/var/lib/barman/pg15/base/20231114T010203
${at - 86_400}:900:/var/lib/vz/dump/vzdump-qemu-104-2023_11_13-01_00_02.vma.zst
${at}:1000:/var/lib/vz/dump/vzdump-qemu-104-2023_11_14-01_00_02.vma.zst
${at + 99}:100:/var/lib/vz/dump/vzdump-qemu-104-2023_11_14-01_00_02.log
${at}:55:/var/lib/vz/dump/vzdump-lxc-105-2023_11_14-01_00_09.tar.gz
${at}:7:/root/.cache/duplicity/0a1b/duplicity-full.20231114T010203Z.manifest
${at}:4096:/root/.cache/restic/6a7b/snapshots
${at}:4096:/root/.cache/borg/77aa
${at}:33:/var/lib/bacula/bacula-fd.9102.state`,
  }).facts;
  expect(
    backups?.map(({ tool, name, lastSuccessAt, lastSize }) => [tool, name, lastSuccessAt, lastSize]),
  ).toEqual([
    ['pgbackrest', 'main', at, 2048],
    ['barman', 'pg15', at, 4096],
    ['vzdump', 'qemu-104', at, 1000],
    ['vzdump', 'lxc-105', at, 55],
    ['duplicity', '0a1b', at, 7],
    ['restic', 'restic', at, 4096],
    ['borg', 'borg', at, 4096],
    ['bacula', 'bacula', at, 33],
  ]);
});

it('messages of Exim and sendmail are two files each, wherever their queue lies', () => {
  const { mail } = read({
    'find /var/spool': '/var/spool/exim/input 8 2\n/var/spool/clientmqueue 2 0',
  }).facts;
  expect(mail).toMatchObject({ queue: 5 });
});
