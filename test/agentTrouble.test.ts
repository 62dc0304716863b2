// The agent on a machine in trouble: what is read of a crowd, and what hangs or floods costs its limit only.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  script,
  base,
  isRoot,
  shells,
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

describe('a crowd', () => {
  const calm =
    'some avg10=0.00 avg60=0.20 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n';
  const files = (): Record<string, string> => {
    const all: Record<string, string> = {
      'proc/loadavg': '0.41 0.32 0.35 1/640 4000\n',
      'proc/meminfo': 'MemTotal: 8000000 kB\nMemFree: 3000000 kB\nMemAvailable: 4000000 kB\n',
      'proc/net/sockstat': 'sockets: used 2500\nTCP: inuse 2100 orphan 0 tw 9 alloc 2200 mem 7\n',
      'proc/pressure/cpu': calm,
      'proc/pressure/memory': calm,
      'proc/pressure/io': calm,
    };
    for (let pid = 1000; pid < 1310; pid++)
      all[`proc/${pid}/stat`] =
        `${pid} (many) S 1 1 1 0 -1 0 0 0 0 0 5 3 0 0 20 0 1 0 555 1000 300 ${'0 '.repeat(28)}\n`;
    return all;
  };
  const ss = `echo 'LISTEN 0 511 0.0.0.0:80 0.0.0.0:*'; case $* in *established*) echo 'ESTAB 0 0 10.0.0.5:80 192.0.2.1:5' ;; esac`;
  const table = 'cat /proc/[0-9]*/stat';

  /** Runs a minute each, of an installed agent; before each, what changes. What of the tables it read. */
  async function minutes(
    shell: string,
    changes: Record<string, string>[],
    more: Record<string, string> = {},
  ) {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    env['ROOT'] = tree({ ...files(), ...more });
    const seen: string[] = [];
    for (const [i, change] of changes.entries()) {
      const at = 1_900_000_000 + 60 * i;
      for (const [path, text] of Object.entries(change)) {
        if (text) put(env['ROOT'], path, text);
        else rmSync(join(env['ROOT'], path));
      }
      env['PATH'] =
        `${stubs({ ss, date: `echo "${at} +0000"`, sleep: 'case $1 in 0.*) ;; *) exec /bin/sleep "$@" ;; esac' })}:${quick}`;
      if (i > 0) put(state, 'last', `${1_900_000_000 - 60} ${1_900_000_000 - 60} 1 4 abc ${server.url}\n`);
      const run = await agent(i > 0 ? ['--rhythm', 'minute'] : ['--rhythm', 'hourly'], env, [
        ...shell.split(' '),
        script,
      ]);
      expect(run).toMatchObject({ code: 0, err: '' });
      const found = sections(server.received.at(-1)!.text);
      const has = (name: string, part: string) => found.get(name)?.includes(part);
      seen.push(
        [
          has(table, '\tmany\n') ? 'table' : has(table, '=!= later\n') ? '-' : '?',
          found.has(`${table} #2`) ? 'twice' : '-',
          has('ss -Htan', 'ESTAB 80') || found.get('ss -Htan') === ''
            ? 'ports'
            : has('ss -Htan', '=!= later\n')
              ? '-'
              : '?',
          has('ss -tn state listening', 'LISTEN') ? 'listening' : '?',
          has(table, '\t0\t') && has(table, '/web.service') ? 'more' : '-',
        ].join(' '),
      );
    }
    await server.close();
    return seen;
  }
  const whole = 'table twice ports listening -';
  const thin = '- - - listening -';
  const fifth = 'table - ports listening -';

  test.each(shells)(
    'under %s: what is dear comes each fifth minute, and at once with a sign of trouble',
    async (shell) => {
      const nothing = {};
      const seen = await minutes(shell, [
        ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => nothing),
        { 'proc/loadavg': '2.41 0.32 0.35 1/640 4000\n' },
        { 'proc/loadavg': '0.41 0.32 0.35 1/640 4000\n' },
        nothing,
        nothing,
        nothing,
      ]);
      expect(seen[0]).toBe('table twice ports listening more');
      // After the first run, which knew of none before it, three minutes are whole.
      expect(seen.slice(1)).toEqual([
        ...[whole, whole, whole, thin, thin, thin, thin, fifth, thin],
        ...[whole, whole, whole, whole, thin],
      ]);
    },
    60_000,
  );

  const signs: [string, Record<string, string>][] = [
    ['the CPU', { 'proc/pressure/cpu': calm.replace('avg60=0.20', 'avg60=30.00') }],
    ['more tasks', { 'proc/loadavg': '0.41 0.32 0.35 1/720 4000\n' }],
    ['processes that start', { 'proc/loadavg': '0.41 0.32 0.35 1/640 7200\n' }],
    [
      'more sockets',
      { 'proc/net/sockstat': 'sockets: used 1\nTCP: inuse 1 orphan 0 tw 9 alloc 2800 mem 7\n' },
    ],
    ['less memory', { 'proc/meminfo': 'MemTotal: 8000000 kB\nMemFree: 1 kB\nMemAvailable: 3500000 kB\n' }],
    ['no number', { 'proc/loadavg': 'nan 1.2.3 09 x/y z\n' }],
    ['nothing', { 'proc/loadavg': '' }],
  ];
  test.concurrent.each(signs)('is read at once at a sign: %s', async (_, change) => {
    const seen = await minutes('dash', [{}, {}, {}, {}, {}, change]);
    expect(seen.slice(4)).toEqual([thin, whole]);
  });

  test.concurrent.each(shells)(
    'under %s: no text of a file that it counts with runs as code',
    async (shell) => {
      const ran = join(folder(), 'ran');
      const code = `PATH[$(>${ran})]`;
      const numbers = files();
      const { env, state } = installed('http://127.0.0.1:9');
      env['ROOT'] = tree(numbers);
      const now = Math.floor(Date.now() / 1000);
      const last = [now, now - 600, 311, 640, 2200, 4_000_000, 4000].map(String);
      const look = async (seen: readonly string[]) => {
        put(state, 'last', `${now} ${now} 1 4 abc\n`);
        put(state, 'seen', `${seen.join(' ')}\n`);
        await agent(['--rhythm', 'minute'], env, [...shell.split(' '), script]);
        expect(existsSync(ran)).toBe(false);
      };
      for (const at of last.keys()) await look(last.with(at, code));
      for (const [path, number] of [
        ['proc/loadavg', '0.41'],
        ['proc/loadavg', '0.35'],
        ['proc/loadavg', '640'],
        ['proc/loadavg', '4000'],
        ['proc/net/sockstat', '2200'],
        ['proc/meminfo', '4000000'],
      ] as const) {
        put(env['ROOT'], path, numbers[path]!.replace(number, code));
        await look(last);
        put(env['ROOT'], path, numbers[path]!);
      }
    },
    120_000,
  );

  test.concurrent('tasks that wait for memory or I/O have more read of each process', async () => {
    const seen = await minutes('dash', [
      {},
      {},
      {},
      {},
      { 'proc/pressure/io': calm.replace('avg60=0.20', 'avg60=4.90') },
      { 'proc/pressure/io': calm.replace('avg60=0.20', 'avg60=5.00') },
    ]);
    expect(seen.slice(4)).toEqual([thin, 'table twice ports listening more']);
  });

  test.concurrent(
    'a kernel without PSI reads more of each process at any sign, and not otherwise',
    async () => {
      const none = { 'proc/pressure/cpu': '', 'proc/pressure/memory': '', 'proc/pressure/io': '' };
      const seen = await minutes('dash', [
        none,
        {},
        {},
        {},
        {},
        { 'proc/loadavg': '2.41 0.32 0.35 1/640 4000\n' },
      ]);
      expect(seen.slice(4)).toEqual([thin, 'table twice ports listening more']);
    },
  );

  test.concurrent('who looks by hand sees all', async () => {
    const { out } = await agent(['--print', '--rhythm', 'minute'], {
      ROOT: tree(files()),
      PATH: `${stubs({ ss })}:${quick}`,
    });
    expect(out).not.toContain('=!= later');
    expect(sections(out).get('ss -Htan')).toBe('');
  });
});

describe('a machine in trouble', () => {
  test.concurrent('a hanging df costs its limit, not the run', async () => {
    const usual = await agent(['--print', '--rhythm', 'minute'], { ROOT: tree() });
    const PATH = `${stubs({ df: 'sleep 63' })}:${quick}`;
    const { out, ms } = await agent(['--print', '--rhythm', 'minute'], { ROOT: tree(), PATH });
    const found = sections(out);
    expect(found.get('df -PTk')).toBe('=!= exit 124\n');
    expect(found.get('df -Pi')).toBe('=!= exit 124\n');
    expect(found.has('end')).toBe(true);
    expect(found.has('cat /proc/stat #2')).toBe(true);
    // Two limits of 5 s, each seen at a tick of 2 s, and what a busy machine takes for the rest.
    expect(ms - 2 * usual.ms).toBeLessThan(20_000);
    expect(spawnSync('pgrep', ['-fx', 'sleep 63']).stdout.toString().trim()).toBe('');
  });

  test.concurrent(
    'of what hangs in the middle of a line the whole lines are shown: half a number is another number',
    async () => {
      const PATH = `${stubs({
        df: String.raw`case $1 in -PTk) ;; *) exit ;; esac; printf 'Filesystem Type 1024-blocks Used\n/dev/sda1 ext4 98000000 31'; sleep 65`,
        // The first reading hangs in the middle of a file, the second one shows all.
        grep: String.raw`case "$1 $2" in '-asHE ') ;; *) exec /bin/grep "$@" ;; esac
          [ ! -e "$0.once" ] || exec /bin/grep "$@"
          /bin/grep "$@" | while read -r line; do case $line in */proc/loadavg:*) : >"$0.once"
            printf '%.23s' "$line"; exec sleep 65 ;; esac; printf '%s\n' "$line"; done`,
      })}:${quick}`;
      const root = tree({
        'proc/loadavg': '0.41 0.32 0.35 1/640 4000\n',
        'proc/uptime': '5000.12 9000.34\n',
      });
      const { code, out, err } = await agent(['--print', '--rhythm', 'minute'], { ROOT: root, PATH });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const found = sections(out);
      expect(found.get('df -PTk')).toBe('Filesystem Type 1024-blocks Used\n=!= exit 124\n');
      expect(found.get('cat /proc/uptime')).toContain('5000.12 9000.34\n');
      expect(found.get('cat /proc/loadavg') ?? '').not.toContain('0.4');
      expect(out).toMatch(/^=!= exit 124\n=== df /m);
    },
    60_000,
  );

  test.concurrent(
    'a flood is cut, and what comes after it is read',
    async () => {
      const PATH = `${stubs({ df: 'case $1 in -PTk) exec yes ;; esac' })}:${quick}`;
      const { code, out, err } = await agent(['--print', '--rhythm', 'minute'], { ROOT: tree(), PATH });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const found = sections(out);
      expect(found.get('df -PTk')).toMatch(/^(y\n){3999}=!= cut\n=!= exit \d+\n$/);
      expect(found.get('cat /proc/stat #2')).toContain('btime');
      expect(out.length).toBeLessThan(200_000);
    },
    120_000,
  );

  test.runIf(isRoot).concurrent('a hanging smartctl is cut off, and so is what it started', async () => {
    const root = tree({ 'sys/block/sda/size': '1\n', 'sys/block/sda/queue/rotational': '1\n' });
    const usual = await agent(['--print', '--rhythm', 'hourly'], {
      ROOT: root,
      PATH: `${stubs({ smartctl: 'exit 0' })}:${quick}`,
    });
    const PATH = `${stubs({ smartctl: 'sleep 61; sleep 62' })}:${quick}`;
    const { out, ms } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: root, PATH });
    const smart = [...sections(out)].find(([name]) => name.startsWith('smartctl '))!;
    expect(smart).toEqual(['smartctl --json -n standby -a /dev/sda', '=!= exit 124\n']);
    expect(sections(out).has('end')).toBe(true);
    expect(ms - 2 * usual.ms).toBeLessThan(20_000);
    expect(spawnSync('pgrep', ['-fx', 'sleep 6[12]']).stdout.toString().trim()).toBe('');
  });

  test.concurrent('more processes than fit in one command line are read all the same', async () => {
    const files: Record<string, string> = {};
    for (let pid = 5000; pid < 5900; pid++) {
      files[`proc/${pid}/stat`] =
        `${pid} (many) S 1 1 1 0 -1 0 0 0 0 0 5 3 0 0 20 0 1 0 555 1000 300 ${'0 '.repeat(28)}\n`;
      files[`proc/${pid}/status`] = `Uid:\t33\t33\t33\t33\n`;
      files[`proc/${pid}/cgroup`] = '0::/system.slice/many.service\n';
    }
    // The least that Linux allows: 128 KiB, which these paths fill once and not thrice.
    const command = ['sh', '-c', `ulimit -s 512; exec dash ${script} "$@"`, 'sh'];
    const { out } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: tree(files) }, command);
    const rows = sections(out).get('cat /proc/[0-9]*/stat')!;
    expect(rows.match(/\t33\t.*\t\/system.slice\/many.service\t\tmany$/gm)).toHaveLength(900);
  });

  test.concurrent('a missing command is named', async () => {
    const { out } = await agent(['--print', '--rhythm', 'hourly'], { ROOT: tree() });
    for (const [name, body] of sections(out)) {
      if (body.includes('=!= missing')) expect(name.split(' ')[0]).toBe(/=!= missing (\S+)/.exec(body)![1]);
    }
  });

  test.runIf(isRoot).concurrent('an unprivileged user gets a report that says what is left out', async () => {
    chmodSync(base, 0o755);
    const home = folder();
    chmodSync(home, 0o777);
    const user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', 'sh', script];
    const { code, out, err } = await agent(
      ['--print', '--rhythm', 'hourly'],
      { HOME: home, TMPDIR: home },
      user,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('euid=65534');
    expect(out).toContain('=!= needs root\n');
    expect(out.endsWith('=== end\n')).toBe(true);
  });

  test.concurrent('busybox alone is enough', async () => {
    const dir = folder();
    for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
      if (!/^(ip|sh|ash|\[.*)$/.test(applet))
        symlinkSync(execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim(), join(dir, applet));
    }
    const { code, out, err } = await agent(['--print', '--rhythm', 'hourly'], { PATH: `${dir}:${quick}` }, [
      'busybox',
      'ash',
      script,
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const found = sections(out);
    expect(found.get('df -PTk')).toMatch(/ \/$/m);
    expect(found.get('cat /proc/[0-9]*/stat')!.split('\n').length).toBeGreaterThan(5);
    expect(found.has('end')).toBe(true);
  });
});
