// What the agent's script sends: the whole of it under every shell there is, and what it may not contain.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readReport } from '#worker/parse/read.ts';
import {
  script,
  source,
  isRoot,
  started,
  shells,
  has,
  folder,
  put,
  stubs,
  quick,
  agent,
  sections,
  tree,
  ingest,
  accept,
  installed,
} from './agentRun.ts';

describe('the script itself', () => {
  test('can be read in ten minutes', () => {
    const lines = source.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(350);
    expect(lines.filter((line) => line.length > 134)).toEqual([]);
    const code = source.replaceAll(/^\s*#.*$/gm, '');
    expect(code).not.toMatch(/\beval\b|^\s*\. |\bsource /m);
  });

  test('is clean for shellcheck', () => {
    expect(spawnSync('shellcheck', ['-s', 'sh', script], { encoding: 'utf8' }).stdout).toBe('');
  });

  test('explains every section that it makes', async () => {
    const explained = (await agent(['--explain-sections'])).out;
    const names = [...sections((await agent(['--print'], { ROOT: tree() })).out).keys()];
    for (const name of names.filter((one) => one !== 'end' && !one.endsWith('#2'))) {
      const word = name.startsWith('cat ') ? name.split('/').at(-1)! : name.split(/[ /]/)[0]!;
      expect(explained, name).toContain(word === '[0-9]*' ? '/stat' : word);
    }
    expect(explained).toMatch(/^minute: /m);
    expect(explained).toMatch(/^daily: /m);
  });

  test('tells its version and its checksum', async () => {
    expect((await agent(['--version'])).out.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    const sum = execFileSync('sha256sum', [script], { encoding: 'utf8' }).slice(0, 64);
    expect((await agent(['checksum'])).out).toContain(sum);
    expect((await agent(['--print', '--rhythm', 'minute'], { ROOT: tree() })).out.split('\n')[0]).toContain(
      `sha256=${sum.slice(0, 12)} `,
    );
    expect((await agent(['--help'])).out).toContain('--explain-sections');
    expect((await agent(['--nonsense'])).code).toBe(1);
  });
});

describe.each(shells)('under %s', (shell) => {
  test('reports the tree of ROOT, to the byte', async () => {
    const { code, out, err } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: tree() }, [
      ...shell.split(' '),
      script,
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^rootnote 1 agent=\d+\.\d+\.\d+ sha256=[0-9a-f]{12} rhythm=hourly euid=\d+ epoch=\d{10} zone=[+-]\d{4}\n/,
    );
    expect(out.endsWith('\n=== end\n')).toBe(true);
    const found = sections(out);
    expect(found.get('cat /proc/uptime')).toBe('4711.25 9000.00\n');
    expect(found.get('cat /proc/uptime #2')).toBe('4711.25 9000.00\n');
    expect(found.get('cat /proc/meminfo')).toBe('MemTotal:       123456 kB\n');
    expect(found.get('cat /etc/machine-id')).toBe('00112233445566778899aabbccddeeff\n');
    expect(found.get('grep -r . /proc/pressure')).toBe(
      '/proc/pressure/cpu:some avg10=0.00 avg60=1.50 avg300=0.00 total=1\n',
    );
    expect(found.get('cat /proc/net/udp')).not.toContain('1234');
    // Who waits for the answer of a name server is seen.
    expect(found.get('cat /proc/net/udp')).toContain('4321');
    expect(found.get('grep -r . /sys/class/net')).toBe('/sys/class/net/eth0/speed:1000\n');
    expect(found.get('grep -r . /sys/fs/cgroup')).toContain('web.service/memory.stat:anon 4096\n');
    expect(found.get('grep -r . /sys/fs/cgroup')).not.toContain('anon 77');
    const rows = found.get('cat /proc/[0-9]*/stat')!.trimEnd().split('\n');
    const [heading, ...processes] = rows.map((row) => row.split('\t'));
    const worker = Object.fromEntries(heading!.map((name, at) => [name, processes[1]![at]]));
    expect(worker).toMatchObject({
      pid: '42',
      ppid: '1',
      uid: '33',
      state: 'S',
      utime: '20',
      stime: '3',
      majflt: '7',
      threads: '4',
      start: '555',
      rss_kb: '1200',
      swap_kb: '56',
      cgroup: '/system.slice/web.service',
      name: 'web (worker) 1',
    });
    expect(worker['wchan'], 'it only sleeps').toBe('');
    expect(processes[2]!.slice(-2)).toEqual(['rpc_wait_bit_killable', 'copy']);
    expect(found.get('cat /proc/[0-9]*/stat #2')).toBe('pid\tutime\tstime\tmajflt\n');
  });
});

test('a minute run asks how a unit ended, once there is one that failed', async () => {
  const asked = async (state: string, rhythm: string) => {
    const systemctl = `case "$1" in
      list-units) printf 'shop.service loaded    active running Shop\\nqueue.service loaded    ${state} ${state} Queue\\n' ;;
      show) printf 'Id=queue.service\\nActiveState=failed\\nExecMainStatus=9\\n' ;; esac`;
    const { out } = await agent(['--print', '--rhythm', rhythm], {
      ROOT: tree({ 'run/systemd/system/x': '' }),
      PATH: `${stubs({ systemctl })}:${quick}`,
    });
    return [...sections(out)].filter(([name]) => name.startsWith('systemctl show '));
  };
  expect(await asked('active', 'minute')).toEqual([]);
  const [shown, ...more] = await asked('failed', 'minute');
  expect(shown).toEqual([
    expect.stringMatching(/ExecMainStatus.* --state=failed \*\.service$/),
    'Id=queue.service\nActiveState=failed\nExecMainStatus=9\n',
  ]);
  expect(more).toEqual([]);
  const whole = await asked('failed', 'hourly');
  expect(whole.map(([name]) => name.includes('--state'))).toEqual([false]);
});

test.runIf(isRoot)('package managers may write caches that are larger than a flood may be', async () => {
  const programs = stubs({ 'apt-get': 'echo "files: $(ulimit -f)"', dpkg: 'echo "files: $(ulimit -f)"' });
  const { out } = await agent(['--print'], { ROOT: tree(), PATH: `${programs}:${process.env['PATH']}` });
  const found = sections(out);
  const updates = [...found.keys()].find((name) => name.startsWith('apt-get -s '));
  expect(found.get('dpkg --audit')).toBe('files: 65536\n');
  expect(found.get(updates ?? '')).toBe('files: unlimited\n');
});

test.runIf(isRoot && has('apt-get'))(
  'apt-get writes no cache, whatever the machine has it keep',
  async () => {
    const dir = folder();
    const before = statSync('/dev/null').mode;
    put(
      dir,
      'apt.conf',
      `Dir::Etc::parts "/dev/null"; Dir::Cache "${dir}/cache"; Dir::Cache::pkgcache "p"; Dir::Cache::srcpkgcache "s"; Dir::Log "${dir}/log";`,
    );
    mkdirSync(join(dir, 'cache/archives/partial'), { recursive: true });
    mkdirSync(join(dir, 'log'));
    const programs = stubs({ dpkg: 'exit 0' });
    const { out } = await agent(['--print'], {
      ROOT: tree(),
      APT_CONFIG: join(dir, 'apt.conf'),
      PATH: `${programs}:${process.env['PATH']}`,
    });
    const updates = [...sections(out)].find(([name]) => name.startsWith('apt-get -s '));
    expect(updates?.[1]).not.toContain('=!= exit');
    const written = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(written.map(({ name }) => name)).toEqual(['apt.conf']);
    expect(statSync('/dev/null').mode).toBe(before);
  },
  120_000,
);

describe('what a report may not contain', () => {
  test('no secret of a config file, no argument of a cron job, no hash of a password', async () => {
    const { out } = await agent(['--print'], { ROOT: tree() });
    const found = sections(out);
    expect(found.get('grep -r . /etc')).toContain('/etc/redis/redis.conf:maxmemory 100mb\n');
    expect(found.get('grep -r . /etc')).toContain('proxy_pass http://***@192.0.2.1;');
    expect(found.get('grep -r . /etc')).toContain('ssl_server_cert_file = /etc/dovecot/a.pem');
    expect(found.get('grep -r . /etc')).toContain('smtpd_tls_chain_files = /etc/postfix/b.pem');
    expect(found.get('cat /etc/crontab')).toContain('5 3 * * * root /usr/local/bin/backup\n');
    expect(found.get('cat /etc/passwd')).toBe(
      'root:x:0:0::/root:/bin/sh\nopen::1000:1000::/home/open:/bin/sh\nroot:x:0:\nsudo:x:27:open\n',
    );
    for (const secret of ['correct-horse', 'pw@', 'secretvalue', 'hunter2', '$6$', 'listen 99']) {
      expect(out).not.toContain(secret);
    }
    expect([...found.keys()].filter((name) => name.includes('nginx.conf'))).toEqual([]);
  });

  test('no secret that an admin wrote where it does not belong', async () => {
    const root = tree({
      'etc/fstab':
        '//nas/x /mnt cifs username=u,password=S3CRET1,pass=S3CRET2,password2=S3CRET33 0 0\nhttps://u:S3CRET3@dav/ /dav davfs rw 0 0\n',
      'proc/mounts': '/dev/sda1 / ext4 rw 0 0\n//nas/x /mnt cifs rw,password=S3CRET4 0 0\n',
      'proc/cmdline':
        'ro quiet inst.ks=http://u:S3CRET5@h/ks rd.pass=S3CRET6 systemd.setenv=DB_PASSWORD=S3CRET34 netroot=iscsi:u:S3CRET35:r:S3CRET36@192.0.2.9::::iqn.x\n',
      'etc/crontab':
        'TOKEN=S3CRET7\n5 3 * * * root PW="S3CRET8 and" K=x /bin/a --key S3CRET9\n@daily root B=S3CRET10 /bin/b S3CRET11\n',
      'var/spool/cron/crontabs/u':
        '  0 1 * * *   PGPASSWORD=S3CRET12 /bin/c S3CRET13\n@hourly /bin/d S3CRET14\n',
      'etc/sudoers':
        'u ALL=(ALL) NOPASSWD: /bin/x --pass S3CRET15, /bin/y\nv ALL=(ALL) /bin/v\tS3CRET30, /bin/w a\\,b S3CRET31, \\\n /bin/z \\\n S3CRET32\n#off\nroot ALL=(ALL) ALL\n',
      'etc/redis/redis.conf':
        'requirepass\tS3CRET16\nuser\ta\ton\t>S3CRET17\nuser  b on >S3CRET18\nport 6379\n',
      'etc/nginx/nginx.conf': 'server {\n  proxy_pass http://u:p@S3CRET19@h/;\n  set $k S3CRET20;\n}\n',
      'etc/dovecot/conf.d/a.conf': 'bindpw=S3CRET21\nbind_pw = S3CRET22\n',
      'etc/haproxy/haproxy.cfg':
        '  bind :443 ssl crt /x.pem\n  stats auth a:S3CRET23\n  user a password S3CRET24\n',
      'etc/docker/daemon.json': '{"log-driver":"local","proxies":{"http-proxy":"http://u:S3CRET25@h"}}\n',
      'etc/docker/key.json': '{"d":"S3CRET26"}\n',
      'etc/mysql/my.cnf':
        '[client]\nuser=u\npassword=S3CRET27\n[mysqld]\nport=3306\nwsrep_sst_auth=u:S3CRET28\n',
      'etc/wireguard/wg0.conf': '[Interface]\nPrivateKey = S3CRET29\n',
    });
    const { out } = await agent(['--print'], { ROOT: root });
    expect(out).not.toContain('S3CRET');
    const found = sections(out);
    expect(found.get('cat /etc/crontab')!.trim().split('\n').toSorted()).toEqual([
      '/etc/cron.d/backup:5 3 * * * root /usr/local/bin/backup',
      '/etc/crontab:5 3 * * * root /bin/a',
      '/etc/crontab:@daily root /bin/b',
      '/var/spool/cron/crontabs/u:0 1 * * * /bin/c',
      '/var/spool/cron/crontabs/u:@hourly /bin/d',
    ]);
    expect(found.get('cat /proc/mounts')).toContain('//nas/x /mnt cifs rw,*** 0 0\n');
    expect(found.get('cat /etc/sudoers')).toContain('NOPASSWD: /bin/x ***, /bin/y\n');
    expect(found.get('cat /etc/sudoers')).toMatch(
      /^v ALL=\(ALL\) \/bin\/v \*\*\*, \/bin\/w \*\*\*, +\/bin\/z \*\*\*\nroot ALL/m,
    );
    expect(found.get('grep -r . /etc')).toContain('/etc/docker/daemon.json:{"log-driver":"local"');
  });

  test.runIf(isRoot)('a file is one line of the report, whatever its name', async () => {
    const root = tree({ 'srv/a\n-rwsr-xr-x root \u002fforged b/server.key': 'x' });
    chmodSync(join(root, 'srv/a\n-rwsr-xr-x root \u002fforged b/server.key'), 0o644);
    const found = sections((await agent(['--print'], { ROOT: root })).out).get('find / -xdev -perm -4000');
    expect(found?.trim().split('\n')).toHaveLength(1);
    expect(found).toMatch(/^-rw-r--r-- root \/srv\/a\\n-rwsr-xr-x\\ root\\ \/forged\\ b\/server.key\n$/);
  });

  test('nothing of the folder that it is started in, where there is no configuration to read', async () => {
    const here = folder({ 'secret.conf': 'listen 80\n', 'a.crt': '/x/y.crt\n' });
    const command = ['sh', '-c', `cd ${here} && exec dash ${script} "$@"`, 'sh'];
    const { out } = await agent(['--print'], { ROOT: folder({ 'proc/uptime': '1.00 1.00\n' }) }, command);
    expect(out).not.toMatch(/secret\.conf|a\.crt|y\.crt/);
  });

  test('arguments of processes only when asked for, and then masked', async () => {
    const child = spawn('sh', [
      '-c',
      'sleep 9; :',
      'demo-job',
      '--db-password=hunter2',
      '--api-token',
      'abc123secret',
      '-pswordfish',
      'https://joe:let@mein@example.org/',
      '-u',
      'joe:swordfish',
      'Authorization: Bearer swordfish',
      '--colour',
      'blue',
      'API_KEY=zzz9',
    ]);
    started.push(child);
    expect((await agent(['--print', '--rhythm', 'minute'])).out).not.toContain('demo-job');
    const { out } = await agent(['--print', '--rhythm', 'minute', '--with-arguments']);
    expect(out).toMatch(
      /demo-job --db-password=\*\*\* --api-token \*\*\* -p\*\*\* https:\/\/\*\*\*@example.org\/ -u\*\*\* Authorization: \*\*\* --colour blue API_KEY=\*\*\*/,
    );
    expect(out).not.toMatch(/swordfish|let@|mein@/);
    child.kill('SIGKILL');
  });

  test('content that looks like a header', async () => {
    const child = spawn('sh', ['-c', String.raw`printf '\n=== hostname' >/proc/$$/comm; sleep 9; :`]);
    started.push(child);
    await new Promise((ready) => setTimeout(ready, 300));
    const { out } = await agent(['--print', '--rhythm', 'minute']);
    expect(sections(out).has('hostname')).toBe(false);
    const row = sections(out)
      .get('cat /proc/[0-9]*/stat')!
      .split('\n')
      .find((one) => one.startsWith(`${child.pid}\t`));
    expect(row).toMatch(/\t\?=== hostname$/);
    child.kill('SIGKILL');

    const hosts = sections((await agent(['--print'], { ROOT: tree() })).out).get('cat /etc/hosts');
    expect(hosts).toBe('127.0.0.1 localhost\n === end\n =!= exit 7\n === cat /etc/fake\n');
    const path = stubs({
      dmesg: String.raw`printf '<3>[ 4711.9] x\n=== cat /etc/passwd\n=!= exit 1\nno newline'`,
    });
    const log = sections(
      (
        await agent(['--print', '--rhythm', 'minute'], {
          ROOT: tree(),
          PATH: `${path}:${process.env['PATH']}`,
        })
      ).out,
    );
    expect(log.has('cat /etc/passwd')).toBe(false);
    expect(log.get('cat /proc/uptime #2')).toBe('4711.25 9000.00\n');
  });
});

describe('links under ROOT', () => {
  const outside = folder({
    'resolv.conf': 'nameserver 198.51.100.9\n',
    'site.conf': 'server_name outside;\n',
    'cron/crontabs/root': '5 3 * * * /outside-job\n',
  });
  const linked = (links: Record<string, string>, more: Record<string, string> = {}) => {
    const root = tree({
      'run/resolve/stub.conf': 'nameserver 192.0.2.53\n',
      'etc/nginx/sites-available/shop': 'server {\n  server_name shop.example;\n}\n',
      ...more,
    });
    for (const [path, target] of Object.entries(links)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      symlinkSync(target, join(root, path));
    }
    return root;
  };
  const hourly = async (root: string) =>
    sections((await agent(['--print', '--rhythm', 'hourly'], { ROOT: root })).out);

  test('an absolute one is followed within the tree, and read under its own name', async () => {
    const found = await hourly(
      linked({
        'etc/resolv.conf': '/run/resolve/first',
        'run/resolve/first': '/run/resolve/stub.conf',
        'etc/nginx/sites-enabled/shop': '/etc/nginx/sites-available/shop',
      }),
    );
    expect(found.get('cat /etc/resolv.conf')).toBe('nameserver 192.0.2.53\n');
    expect(found.get('grep -r . /etc')).toContain(
      '/etc/nginx/sites-enabled/shop:  server_name shop.example;\n',
    );
    expect(found.get('sha256sum /etc/*')).toMatch(/  \/etc\/nginx\/sites-enabled\/shop\n/);
  });

  test('none reads a file of the host, and one that leads in a circle ends', async () => {
    const root = linked({
      'etc/resolv.conf': join(outside, 'resolv.conf'),
      'etc/nginx/sites-enabled/a': join(outside, 'site.conf'),
      'etc/nginx/sites-enabled/b': '../../../../../../../../../../../../../etc/hostname',
      'etc/fstab': '/etc/fstab',
      'var/log': outside,
      'var/spool': outside,
    });
    const { out } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: root });
    expect(out).not.toContain('198.51.100.9');
    expect(out).not.toContain('outside;');
    expect(out).not.toContain('outside-job');
    expect(out).not.toContain('sites-enabled/b');
    expect([...sections(out).keys()]).not.toContain('cat /etc/fstab');
  });
});

describe('what is only counted', () => {
  test('connections by port, and the ends of access logs: neither leaves the machine', async () => {
    const ss = `cat <<'END'
State  Recv-Q Send-Q Local Address:Port Peer Address:Port
LISTEN 3      511    0.0.0.0:80         0.0.0.0:*
ESTAB  0      0      10.0.0.5:80        198.51.100.7:50001
ESTAB  0      0      [2001:db8::5]:80   [2001:db8::77]:50002
ESTAB  0      0      10.0.0.5:41000     198.51.100.8:443
END`;
    const log = '198.51.100.9 - - "GET /secret HTTP/1.1" 200 1\n';
    const failed = log.replace('200', '502');
    const root = tree({
      'var/log/nginx/the access.log': log.repeat(2) + failed,
      'var/log/apache2/access.log': log,
      'var/log/apache2/old-access.log': failed,
    });
    const old = new Date(Date.now() - 3_600_000);
    utimesSync(join(root, 'var/log/apache2/old-access.log'), old, old);
    const PATH = `${stubs({ ss })}:${quick}`;
    const { out } = await agent(['--print', '--rhythm', 'minute'], { ROOT: root, PATH });
    const found = sections(out);
    expect(found.get('ss -tn state listening')).toMatch(/^LISTEN 3 +511 .*\n$/);
    expect(found.get('ss -Htan')).toBe('2 ESTAB 80\n');
    expect(found.get('stat /var/log/*/access.log')).toBe(
      // Of all the bytes; of those written to lately the lines, their bytes, and how many failed.
      `${log.length * 5} 4 ${log.length * 4} 1\n`,
    );
    expect(out).not.toMatch(/198\.51|2001:db8|secret/);
  });

  test('deleted files that are still open are looked for each minute only where space is short', async () => {
    const look = async (rows: string) => {
      const df = `echo 'Filesystem Type 1024-blocks Used Available Capacity Mounted on'; [ "$1" = -Pi ] || cat <<'END'\n${rows}\nEND`;
      const PATH = `${stubs({ df })}:${quick}`;
      return sections((await agent(['--print', '--rhythm', 'minute'], { ROOT: tree(), PATH })).out);
    };
    const snap = '/dev/loop3 squashfs 65536 65536 0 100% /snap/core/1';
    const section = 'ls -lL /proc/[0-9]*/fd';
    expect((await look(`/dev/sda1 ext4 1000000 940000 60000 94% /\n${snap}`)).has(section)).toBe(true);
    expect((await look(`/dev/sda1 ext4 1000000 840000 160000 84% /\n${snap}`)).has(section)).toBe(false);
  });

  test('a failing ss is named, and counts nothing', async () => {
    const PATH = `${stubs({ ss: 'echo ESTAB 0 0 10.0.0.5:80 198.51.100.7:1; exit 3' })}:${quick}`;
    const found = sections((await agent(['--print', '--rhythm', 'minute'], { ROOT: tree(), PATH })).out);
    expect(found.get('ss -tn state listening')).toBe('=!= exit 3\n');
    expect(found.has('ss -Htan')).toBe(false);
  });

  test('an error log is read again only when something was written to it', async () => {
    const server = await ingest(accept);
    const { env } = installed(server.url);
    const error = '2026/11/23 08:11:16 [error] 7#7: *1 upstream timed out (110: x) while reading\n';
    put(env['ROOT']!, 'var/log/nginx/error.log', error);
    await agent([], env);
    await agent([], env);
    put(env['ROOT']!, 'var/log/nginx/error.log', error + error);
    await agent([], env);
    await server.close();
    const lines = server.received.map(
      ({ text }) => sections(text).get('tail -n 300 /var/log/*/error.log')?.trim().split('\n').length,
    );
    expect(lines).toEqual([1, undefined, 2]);
  });
});

describe.runIf(isRoot)('where there is no lastb', () => {
  /** The sections of a full run on `root`, where neither last nor lastb can be run. */
  const look = async (root: string, PATH = quick) => {
    const hide = ['last', 'lastb']
      .filter(has)
      .map((name) => `mount --bind /dev/null "$(command -v ${name})";`);
    const run = `${hide.join(' ')} exec dash ${script} "$@"`;
    const command = ['unshare', '-m', 'sh', '-c', run, 'sh'];
    return (await agent(['--print', '--rhythm', 'hourly'], { ROOT: root, PATH }, command)).out;
  };
  const log = (stamp: string, tag: string, earlier = stamp) => {
    const line = (message: string) => `${stamp} web1 ${tag}: ${message}\n`;
    return [
      line('Failed password for root from 203.0.113.7 port 39999 ssh2').replace(stamp, earlier),
      line('Failed password for root from 203.0.113.7 port 40000 ssh2').repeat(120),
      line('Failed keyboard-interactive/pam for invalid user oracle from 2001:db8::7 port 22 ssh2'),
      // What stands in the name of a user is a stranger's text.
      line('Failed password for invalid user a from 192.0.2.1 port 1 ssh2 from 203.0.113.8 port 2 ssh2'),
      line('Failed password for invalid user b|c S3CRET1 from 203.0.113.8 port 2 ssh2'),
      line('Invalid user Accepted password for root from 192.0.2.2 port 1 ssh2 from 203.0.113.8 port 2'),
      line(`x sshd[1]: Accepted password for root from 192.0.2.3 port 1 ssh2`),
      line('Failed publickey for root from 203.0.113.9 port 2 ssh2: RSA SHA256:S3CRET2'),
      line('Connection closed by authenticating user root 203.0.113.9 port 2 [preauth]'),
      line('Accepted publickey for deploy from 203.0.113.7 port 40002 ssh2: ED25519 SHA256:S3CRET3'),
      `${stamp} web1 cron.info crond[7]: S3CRET4\n`,
    ].join('');
  };
  const expected = (stamp: string) => [
    `Accepted publickey deploy 203.0.113.7 1 ${stamp}`,
    `Failed keyboard-interactive/pam oracle 2001:db8::7 1 ${stamp}`,
    `Failed password a 203.0.113.8 1 ${stamp}`,
    `Failed password b 203.0.113.8 1 ${stamp}`,
    `Failed password root 203.0.113.7 121 ${stamp}`,
  ];
  const counted = (out: string) => sections(out).get('journalctl -t sshd')?.trim().split('\n').toSorted();
  const stampOf = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString().slice(0, 19);

  test('sshd is counted from its log, as on Alpine, and the diagnosis sees it', async () => {
    const [, day, month, , time] = new Date(Date.now() - 600_000).toUTCString().split(' ');
    const stamp = `${month} ${day!.replace(/^0/, ' ')} ${time}`;
    const out = await look(
      tree({ 'var/log/messages': log(stamp, 'auth.info sshd-session[301]', 'Jan  1 00:00:00') }),
    );
    expect(counted(out)).toEqual(expected(stamp));
    expect(out).not.toContain('S3CRET');
    const { facts } = readReport(out.replace(/ zone=\S+/, ' zone=+0000'));
    expect(facts.failedLogins?.[0]).toEqual({ from: '203.0.113.7', count: 121, users: ['root'] });
    expect(facts.logins).toEqual([{ user: 'deploy', from: '203.0.113.7', at: expect.any(Number) }]);
    expect(Date.now() / 1000 - facts.logins![0]!.at).toBeLessThan(700);
  });

  test('and from the journal where systemd runs, of a day and bounded', async () => {
    const stamp = `${stampOf(600)}+0000`;
    const journal = log(stamp, 'sshd-session[301]', `${stampOf(7200)}+0000`);
    const file = join(folder({ journal }), 'journal');
    const journalctl = `echo "$@" >${file}.asked; tac ${file}`;
    const root = tree({ 'run/systemd/system/x': '', 'var/log/auth.log': log('Jan  1 00:00:00', 'sshd[1]') });
    const out = await look(root, `${stubs({ journalctl })}:${quick}`);
    expect(counted(out)).toEqual(expected(stamp));
    const asked = readFileSync(`${file}.asked`, 'utf8');
    expect(asked).toBe('-rqo short-iso -n 5000 --since=-24h -t sshd -t sshd-session\n');
  });

  test('and from the files where the journal has nothing of sshd', async () => {
    const stamp = `${stampOf(600)}+0000`;
    const root = tree({
      'run/systemd/system/x': '',
      'var/log/secure': log(stamp, 'sshd[301]', `${stampOf(7200)}+0000`),
    });
    const out = await look(root, `${stubs({ journalctl: 'exit 1' })}:${quick}`);
    expect(counted(out)).toEqual(expected(stamp));
  });

  test('not in a minute run', async () => {
    const root = tree({ 'var/log/messages': log('Nov 27 10:00:00', 'auth.info sshd[1]') });
    const { out } = await agent(['--print', '--rhythm', 'minute'], { ROOT: root });
    expect(sections(out).has('journalctl -t sshd')).toBe(false);
  });
});

test('what dnf5 and apk did is told, without what they were asked', async () => {
  const time = new Date(Date.now() - 600_000).toISOString();
  const dnf = (message: string) => `${time.slice(0, 19)}+0000 [4711] ${message}\n`;
  const root = tree({
    'var/log/dnf5.log': [
      dnf('INFO DNF5 launched with arguments: "dnf install --setopt=x.password=S3CRET1 nginx"'),
      dnf('INFO RPM callback transaction start, total 3'),
      dnf('INFO RPM callback install start "nginx-2:1.28.0-1.fc43.x86_64" total 34'),
      dnf('INFO RPM callback start post-install scriptlet "nginx-2:1.28.0-1.fc43.x86_64"'),
      dnf('INFO RPM callback install stop "nginx-2:1.28.0-1.fc43.x86_64" amount 34 total 34'),
      dnf('INFO RPM callback uninstall stop "nginx-2:1.26.3-1.fc43.x86_64" amount 34 total 34'),
      dnf('INFO RPM callback transaction stop, total 3'),
    ].join(''),
    'var/log/apk.log': `
Running \`apk add -X https://u:S3CRET2@packages.example.org/main jq\` at ${time.slice(0, 19).replace('T', ' ')}
apk-tools 3.0.1, compiled for x86_64.
(1/2) Installing oniguruma (6.9.10-r0)
(2/2) Installing jq (1.8.1-r0)
Executing busybox-1.37.0-r30.trigger
OK: 12.0 MiB in 20 packages
`,
  });
  const { out } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: root });
  expect(out).not.toContain('S3CRET');
  expect(
    readReport(out).events.flatMap(({ kind, text }) => (kind.startsWith('package.') ? [text] : [])),
  ).toEqual([
    'oniguruma was installed (6.9.10-r0)',
    'jq was installed (1.8.1-r0)',
    'nginx was upgraded from 2:1.26.3-1.fc43 to 2:1.28.0-1.fc43',
  ]);
});
