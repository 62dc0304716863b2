// Who can do what: accounts, sudo, keys, logins, sshd, setuid programs and open secrets.
import { describe, expect, it } from 'vitest';
import { complaints, now, read } from './sections.fixture.ts';

it('accounts and who may become root', () => {
  const snapshot = read({
    'cat /etc/passwd': `root:x:0:0:root:/root:/bin/bash
toor:x:0:0::/root:/bin/bash
alice:x:1000:1000:Alice Müller,,,:/home/alice:/bin/bash
guest::1001:1001::/home/guest:/bin/bash
wheelie:x:1002:10::/home/wheelie:/bin/bash`,
    'cat /etc/group': 'root:x:0:\nwheel:x:10:\nsudo:x:27:alice,root\ndocker:x:998:guest\nusers:x:100:alice',
    'cat /etc/sudoers': `Defaults\tenv_reset
# comment
root\tALL=(ALL:ALL) ALL
%sudo\tALL=(ALL:ALL) ALL
backup ALL=(root) NOPASSWD: /usr/bin/rsync
bob ALL=(ALL) NOPASSWD: ALL
@includedir /etc/sudoers.d`,
  });
  expect(snapshot.facts.users).toHaveLength(5);
  expect(snapshot.facts.users?.[3]).toEqual({
    name: 'guest',
    uid: 1001,
    gid: 1001,
    home: '/home/guest',
    shell: '/bin/bash',
    emptyPassword: true,
  });
  expect(snapshot.facts.admins).toEqual([
    { name: 'root', via: 'uid 0' },
    { name: 'toor', via: 'uid 0' },
    { name: 'wheelie', via: 'group wheel' },
    { name: 'alice', via: 'group sudo' },
    { name: 'guest', via: 'group docker' },
    { name: 'bob', via: 'sudoers' },
  ]);
  expect(snapshot.facts.sudoers).toEqual([
    'root\tALL=(ALL:ALL) ALL',
    '%sudo\tALL=(ALL:ALL) ALL',
    'backup ALL=(root) NOPASSWD: /usr/bin/rsync',
    'bob ALL=(ALL) NOPASSWD: ALL',
  ]);
});

it('keys that may log in', () => {
  const snapshot = read({
    'cat /etc/passwd': 'git:x:990:990::/srv/git:/bin/sh',
    'ssh-keygen -lf authorized_keys': `/home/alice/.ssh/authorized_keys:SHA256:Mt95vpAFY82VRizKd1n/ao8g8BvSSLz0Zwz7As9FCjE (ED25519)
//srv/git/.ssh/authorized_keys:SHA256:9d5vpAFY82VRizKd1n/ao8g8BvSSLz0Zwz7As9FCjEQ (RSA)
/root/.ssh/authorized_keys:MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff (DSA)`,
  });
  expect(snapshot.facts.authorizedKeys).toMatchObject([
    { user: 'alice', type: 'ED25519' },
    { user: 'git', type: 'RSA' },
    { user: 'root', hash: 'MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff' },
  ]);
});

it('logins and failures', () => {
  const snapshot = read({
    'last -i -F -n 30': `alice    pts/0        198.51.100.7     Tue Nov 14 21:13:20 2023   still logged in
root     tty1         0.0.0.0          Mon Nov 13 08:00:00 2023 - Mon Nov 13 08:10:00 2023  (00:10)
reboot   system boot  0.0.0.0          Mon Nov 13 07:59:00 2023   still running

wtmp begins Mon Nov  6 08:00:00 2023`,
    'lastb -i -F -n 300': `root     ssh:notty    198.51.100.9     Tue Nov 14 20:13:20 2023 - Tue Nov 14 20:13:20 2023  (00:00)
admin    ssh:notty    198.51.100.9     Tue Nov 14 20:13:21 2023 - Tue Nov 14 20:13:21 2023  (00:00)
         ssh:notty    2001:db8:5::9    Tue Nov 14 20:13:22 2023 - Tue Nov 14 20:13:22 2023  (00:00)

btmp begins Tue Nov 14 20:13:20 2023`,
  });
  expect(snapshot.facts.logins).toEqual([
    { user: 'alice', from: '198.51.100.7', at: now - 3600 },
    { user: 'root', from: 'local', at: 1_699_862_400 },
  ]);
  expect(snapshot.events).toContainEqual({
    kind: 'login',
    at: now - 3600,
    subject: 'alice',
    text: 'alice logged in from 198.51.100.7',
    data: { from: '198.51.100.7' },
  });
  expect(snapshot.facts.failedLogins).toEqual([
    { from: '198.51.100.9', count: 2, users: ['root', 'admin'] },
    { from: '2001:db8:5::9', count: 1, users: [] },
  ]);
});

it('of many logins the newest hundred are kept', () => {
  const minute = (i: number) =>
    `${String(21 - Math.floor(i / 60)).padStart(2, '0')}:${String(59 - (i % 60)).padStart(2, '0')}`;
  const many = Array.from(
    { length: 250 },
    (_, i) => `u${i} pts/0 198.51.100.7 Tue Nov 14 ${minute(i)}:00 2023 - still logged in`,
  );
  const { facts } = read({ 'last -i -F -n 30': many.toReversed().join('\n') });
  expect(facts.logins).toHaveLength(100);
  expect(facts.logins?.[0]?.user).toBe('u0');
});

describe('logins and failures where there is no lastb', () => {
  // The clock of these reports: Tue Nov 14 22:13:20 2023.
  const sshd = `Failed password root 198.51.100.9 140 2023-11-14T21:00:00+0000
Failed keyboard-interactive/pam admin 198.51.100.9 2 2023-11-14T21:13:20+00:00
Failed password  2001:db8:5::9 1 Nov 14 21:13:22
Failed password root 192.0.2.77 300 Nov 12 08:00:00
Failed password root
Accepted publickey deploy 198.51.100.7 12 2023-11-14T22:13:20+0100
Accepted password alice 198.51.100.9 1 2023-11-14T21:30:00+0000`;

  it('are what sshd logged within a day', () => {
    const { facts, events, partial } = read({ 'journalctl -t sshd': sshd });
    expect(facts.failedLogins).toEqual([
      { from: '198.51.100.9', count: 142, users: ['admin', 'root'] },
      { from: '2001:db8:5::9', count: 1, users: [] },
    ]);
    expect(facts.logins).toEqual([
      { user: 'alice', from: '198.51.100.9', at: now - 2600 },
      { user: 'deploy', from: '198.51.100.7', at: now - 3600 },
    ]);
    expect(events.map(({ text }) => text)).toEqual([
      'alice logged in from 198.51.100.9',
      'deploy logged in from 198.51.100.7',
    ]);
    expect(partial).toEqual([]);
  });

  it('a login that last names as well is one; a last that fails hides nothing', () => {
    const wtmpdb = `alice    pts/0        198.51.100.9     Tue Nov 14 21:30:01 2023 - still logged in

/var/lib/wtmpdb/wtmp.db begins Mon Nov  6 08:00:00 2023`;
    const both = read({ 'last -i -F -n 30': wtmpdb, 'journalctl -t sshd': sshd });
    expect(both.facts.logins?.map(({ user }) => user)).toEqual(['alice', 'deploy']);
    expect(complaints(both)).toEqual([]);
    const busybox = read({ 'last -i -F -n 30': '=!= exit 1', 'journalctl -t sshd': sshd });
    expect(busybox.facts.logins).toHaveLength(2);
  });
});

it('sshd as it really behaves', () => {
  const snapshot = read({
    'sshd -T':
      'port 22\nport 2222\npermitrootlogin without-password\npasswordauthentication no\nallowusers alice\nallowusers bob\nversionaddendum none',
  });
  expect(snapshot.facts.sshd).toEqual({
    port: '22 2222',
    permitrootlogin: 'without-password',
    passwordauthentication: 'no',
    allowusers: 'alice bob',
  });
  expect(complaints(read({ 'sshd -T': 'Missing privilege separation directory: /run/sshd' }))).toHaveLength(
    1,
  );
});

it('for whom sshd may behave otherwise', () => {
  const snapshot = read({
    'sshd -T': 'port 22\npasswordauthentication no',
    'grep -r . /etc': [
      '/etc/ssh/sshd_config:Match Group sftponly',
      '/etc/ssh/sshd_config.d/50-office.conf:match address 10.0.0.0/8 # the office',
      '/etc/ssh/sshd_config.d/50-office.conf.bak:Match User old',
      '/etc/nginx/nginx.conf:    listen 80;',
    ].join('\n'),
  });
  expect(snapshot.facts.sshd).toMatchObject({
    passwordauthentication: 'no',
    match: 'Group sftponly; address 10.0.0.0/8',
  });
  expect(complaints(snapshot)).toEqual([]);
});

describe('files that are a risk', () => {
  const files = (body: string) => read({ 'find / -xdev -perm -4000': body }).facts;
  const list = `-rwsr-xr-x root /usr/bin/sudo
-rwsr-xr-x root /usr/bin/passwd
-rw-r--r-- www-data /srv/www/my site/.env
-rw-r--r-- root /usr/lib/python3/site-packages/x/tests/server.key
-rw-r--r-- root /usr/share/dns/root.key
-rw-r--r-- unbound /var/lib/unbound/root.key
-rw-r--r-- bind /var/lib/bind/Kexample.org.+013+04711.key
-rw-r--r-- root /etc/wireguard/server_public.key
-rw-r--r-- root /etc/wireguard/publisher.key`;

  it('tells setuid programs from secrets that anyone can read, and samples from secrets', () => {
    const { setuid, secrets } = files(list);
    expect(setuid).toMatchObject({ count: 2, files: ['/usr/bin/passwd', '/usr/bin/sudo'] });
    expect(secrets).toEqual([
      { path: '/srv/www/my site/.env', mode: '-rw-r--r--', owner: 'www-data' },
      { path: '/etc/wireguard/publisher.key', mode: '-rw-r--r--', owner: 'root' },
    ]);
  });

  it('has the same hash for the same list in another order, and another one for another list', () => {
    const other = files(list.split('\n').toReversed().join('\n'));
    expect(other.setuid?.hash).toBe(files(list).setuid?.hash);
    expect(files(`${list}\n-rwsr-xr-x root /tmp/x`).setuid?.hash).not.toBe(files(list).setuid?.hash);
  });
});
