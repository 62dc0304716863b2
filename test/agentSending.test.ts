// The agent sends, keeps what it could not send, and is installed and removed, against servers on loopback.
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  script,
  started,
  source,
  isRoot,
  token,
  folder,
  put,
  quick,
  agent,
  sections,
  tree,
  ingest,
  accept,
  installed,
} from './agentRun.ts';

describe.concurrent('sending', () => {
  test('sends what --print shows, with its token in a header, the hourly report first and the daily one after it', async () => {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    expect(await agent([], env)).toMatchObject({ code: 0, out: '', err: '' });
    expect(await agent([], env)).toMatchObject({ code: 0 });
    expect(await agent([], env)).toMatchObject({ code: 0 });
    await server.close();
    const [first, second, third] = server.received;
    expect(first!.path).toBe('/api/report');
    expect(first!.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      'content-type': 'text/plain; charset=utf-8',
      'content-encoding': 'gzip',
      'x-rootnote-agent': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'x-rootnote-time': expect.stringMatching(/^\d{10}$/),
    });
    expect(first!.text).toMatch(/^rootnote 1 .* rhythm=hourly /);
    expect(second!.text).toMatch(/^rootnote 1 .* rhythm=daily /);
    expect(third!.text).toMatch(/^rootnote 1 .* rhythm=minute /);
    expect(first!.text.endsWith('=== end\n')).toBe(true);
    const printed = await agent(['--print', '--rhythm', 'hourly'], env);
    const names = (text: string) => [...sections(text).keys()].toSorted();
    expect(names(printed.out)).toEqual(names(first!.text));
    // `ups` where there is upsc: the power supplies that it listed.
    expect(
      readdirSync(state)
        .filter((name) => name !== 'ups')
        .toSorted(),
    ).toEqual(['last', 'queue', 'seen']);
  });

  test('hourly and daily sections come when their time has come', async () => {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    const now = Math.floor(Date.now() / 1000);
    put(state, 'last', `${now - 3700} ${now - 4000} 1 ${server.url}\n`);
    await agent([], env);
    put(state, 'last', `${now - 10} ${now - 90000} 1 ${server.url}\n`);
    await agent([], env);
    await server.close();
    expect(server.received.map(({ text }) => / rhythm=(\w+) /.exec(text)![1])).toEqual(['hourly', 'daily']);
  });

  test('a changed setting or package log is told at once, and at most every five minutes', async () => {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    const root = env['ROOT']!;
    const conf = join(root, 'etc/nginx/conf.d/shop.conf');
    put(root, 'etc/nginx/conf.d/shop.conf', 'server { listen 80; }\n');
    const old = new Date(Date.now() - 86_400_000);
    const rhythms: string[] = [];
    const look = async (secondsAgo: number) => {
      const now = Math.floor(Date.now() / 1000);
      put(state, 'last', `${now - secondsAgo} ${now - secondsAgo} 0 4 abc\n`);
      await agent([], env);
      rhythms.push(/ rhythm=(\w+) /.exec(server.received.at(-1)!.text)![1]!);
    };
    execFileSync('find', [root, '-exec', 'touch', '-h', '-d', '@1700000000', '{}', '+']);
    await look(900);
    utimesSync(conf, new Date(), new Date());
    await look(900);
    await look(200);
    utimesSync(conf, old, old);
    put(root, 'var/log/dpkg.log', '2026-11-27 10:00:00 upgrade mariadb-server 1 2\n');
    await look(900);
    utimesSync(join(root, 'var/log/dpkg.log'), old, old);
    put(root, 'var/log/dnf5.log', '2026-11-27T10:00:00+0000 [7] INFO DNF5 start\n');
    await look(900);
    put(root, 'var/lib/rpm/rpmdb.sqlite', '');
    await look(900);
    expect(rhythms).toEqual(['minute', 'hourly', 'minute', 'hourly', 'minute', 'hourly']);
    await server.close();
  });

  test('keeps reports while the server is away or unwell, and sends them later in order', async () => {
    const down = await ingest(accept);
    const { env, state, conf } = installed(down.url);
    await down.close();
    const first = await agent([], env);
    expect(first.code).toBe(1);
    expect(first.err).toContain('did not take the report');
    const unwell = await ingest(async () => [500, 'oops\n']);
    writeFileSync(conf, `url=${unwell.url}\ntoken=${token}\n`);
    expect((await agent([], env)).err).toContain('HTTP 500');
    await unwell.close();
    expect(readdirSync(join(state, 'queue'))).toHaveLength(2);
    const well = await ingest(accept);
    writeFileSync(conf, `url=${down.url} ${well.url}\ntoken=${token}\n`);
    await agent([], env);
    await well.close();
    const times = well.received.map(({ headers }) => Number(headers['x-rootnote-time']));
    expect(times).toHaveLength(3);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(readdirSync(join(state, 'queue'))).toEqual([]);
    expect(readFileSync(join(state, 'last'), 'utf8')).toContain(well.url);
  });

  test('of several addresses the nearest that answers, and the next one when that fails', async () => {
    const far = await ingest(accept, 700);
    const near = await ingest(async (_, index) => [index === 1 ? 500 : 202, '']);
    const gone = await ingest(accept);
    await gone.close();
    const { env } = installed(`${gone.url} ${far.url} ${near.url}`);
    expect(await agent([], env)).toMatchObject({ code: 0, err: '' });
    expect([far.received.length, near.received.length]).toEqual([0, 1]);
    expect(await agent([], env)).toMatchObject({ code: 0, err: expect.stringContaining('HTTP 500') });
    expect([far.received.length, near.received.length]).toEqual([1, 2]);
    await Promise.all([far.close(), near.close()]);
  });

  test('a clock that was wrong, or a damaged file, does not stop the longer runs', async () => {
    const server = await ingest(accept);
    const { env, state } = installed(server.url);
    for (const last of ['4000000000 4000000000 1', '', 'abc def', '99999999999999999999 1 1']) {
      put(state, 'last', `${last}\n`);
      for (const _ of ['hourly', 'daily']) expect(await agent([], env)).toMatchObject({ code: 0, err: '' });
    }
    await server.close();
    expect(server.received.map(({ text }) => / rhythm=(\w+) /.exec(text)![1])).toEqual(
      Array.from({ length: 4 }, () => ['hourly', 'daily']).flat(),
    );
  });

  test.runIf(isRoot)(
    'a full disk keeps no empty report, and costs nothing but what it would have kept',
    async () => {
      const server = await ingest(accept);
      const { env, conf } = installed('http://127.0.0.1:9');
      const disk = folder();
      const command = ['unshare', '-m', 'sh', '-c'];
      const inside = `mount -t tmpfs -o size=4k none ${disk}; dash ${script}; find ${disk} -size 0 -path '*queue/*'; df ${disk} | tail -1`;
      const { out } = await agent([], { ...env, ROOTNOTE_STATE: join(disk, 's') }, [...command, inside]);
      expect(out).not.toContain('queue/');
      writeFileSync(conf, `url=${server.url}\ntoken=${token}\n`);
      expect((await agent([], env)).code).toBe(0);
      await server.close();
      expect(server.received).toHaveLength(1);
    },
  );

  test('the buffer is bounded; the oldest go first', async () => {
    const { env, state } = installed('http://127.0.0.1:9');
    for (let at = 1; at <= 310; at++) put(state, `queue/${1_600_000_000 + at}`, 'x');
    await agent([], env);
    const kept = readdirSync(join(state, 'queue')).toSorted();
    expect(kept.length).toBeLessThanOrEqual(300);
    expect(kept[0]).not.toBe('1600000001');
    expect(Number(kept.at(-1)!.slice(0, 10))).toBeGreaterThan(1_700_000_000);
  });

  test('a refused token is said plainly; a redirect is not followed', async () => {
    const other = await ingest(accept);
    const server = await ingest(async (_, index) =>
      index === 0 ? [401, 'This token is not known here.\n'] : [302, '', `${other.url}/api/report`],
    );
    const { env } = installed(server.url);
    const refused = await agent([], env);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain('does not accept the token (HTTP 401)');
    expect(refused.err).not.toContain(token);
    expect((await agent([], env)).err).toContain('HTTP 302');
    await server.close();
    await other.close();
    expect(other.received).toEqual([]);
  });

  test('a report that the server can not use does not block those behind it', async () => {
    const server = await ingest(async (_, index) => (index === 0 ? [400, 'no\n'] : [202, '']));
    const { env, state } = installed(server.url);
    mkdirSync(join(state, 'queue'), { recursive: true });
    writeFileSync(join(state, 'queue/1600000001'), gzipSync('not a report'));
    expect(await agent([], env)).toMatchObject({ code: 0, err: expect.stringContaining('dropped') });
    await server.close();
    expect(server.received).toHaveLength(2);
    expect(readdirSync(join(state, 'queue'))).toEqual([]);
  });

  test('enrols with a key, and takes nothing else from an answer', async () => {
    const own = 'rns_own-token-of-this-machine_0001';
    const bad = [
      `token short`,
      `token ${'x'.repeat(90)}`,
      `token $(touch /tmp/x)$(touch /tmp/y)`,
      `url=http://192.0.2.1`,
    ];
    const server = await ingest(async (_, index) => [202, `${bad[index] ?? `token ${own}`}\n`]);
    const { env, conf } = installed(server.url, 'key=rnk_key-of-the-organisation\n');
    for (const _ of bad) {
      await agent([], env);
      expect(readFileSync(conf, 'utf8')).toBe(`url=${server.url}\nkey=rnk_key-of-the-organisation\n`);
    }
    await agent([], env);
    const lines = readFileSync(conf, 'utf8').trim().split('\n');
    expect(lines).toEqual([`url=${server.url}`, `token=${own}`]);
    expect(statSync(conf).mode & 0o777).toBe(0o600);
    await agent([], env);
    await server.close();
    expect(server.received.map(({ headers }) => headers.authorization).slice(-2)).toEqual([
      'Bearer rnk_key-of-the-organisation',
      `Bearer ${own}`,
    ]);
  });

  test('once, without an install: full report, nothing kept when it fails', async () => {
    const server = await ingest(accept);
    const state = join(folder(), 'state');
    const env = { ROOT: tree(), ROOTNOTE_CONF: '/nonexistent/agent.conf', ROOTNOTE_STATE: state };
    expect(await agent(['--url', server.url, '--token', token], env)).toMatchObject({ code: 0 });
    expect(server.received[0]!.text).toContain(' rhythm=daily ');
    await server.close();
    expect(await agent(['--url', server.url, '--token', token], env)).toMatchObject({ code: 1 });
    expect(existsSync(state)).toBe(false);
    expect((await agent([], { ...env, ROOTNOTE_URL: '' })).err).toContain('no address');
    expect((await agent(['--url', server.url, '--token', 'a"b'], env)).code).toBe(1);
  });

  test('one run at a time; a lock that was left behind does not stop the next', async () => {
    let letGo = () => {};
    const held = new Promise<void>((done) => (letGo = done));
    const server = await ingest(async () => (await held, [202, '']));
    const { env, state } = installed(server.url);
    const first = agent([], env);
    while (server.received.length === 0) await new Promise((again) => setTimeout(again, 100));
    const second = await agent([], env);
    expect(second.code).toBe(1);
    expect(second.err).toContain('another run goes on');
    letGo();
    expect((await first).code).toBe(0);
    expect(existsSync(join(state, 'lock'))).toBe(false);
    // Its number may be that of another program by now, be it one that has to do with Rootnote.
    const other = spawn('sh', ['-c', 'sleep 60; :', '/srv/rootnote/bin/other', '/etc/rootnote/agent.conf']);
    started.push(other);
    for (const stale of ['999999\n', `${other.pid}\n`, '']) {
      put(state, 'lock', stale);
      expect((await agent([], env)).code).toBe(0);
    }
    await server.close();
  });

  const clients: [name: string, hide: string[], commands: string[]][] = [
    ['curl', [], []],
    ['GNU wget', ['curl'], []],
  ];
  test.each(isRoot ? clients : clients.slice(0, 1))(
    '%s: the token stands in no process list',
    async (_, hide) => {
      let letGo = () => {};
      const held = new Promise<void>((done) => (letGo = done));
      const server = await ingest(async () => (await held, [202, '']));
      const secret = `rns_in-no-process-list-${hide.length}-0123456789`;
      const { env } = installed(server.url, `token=${secret}\n`);
      const hidden = hide.map((name) => `mount --bind /dev/null $(command -v ${name});`).join('');
      const command = hidden
        ? ['unshare', '-m', 'sh', '-c', `${hidden} exec dash ${script}`]
        : ['dash', script];
      const run = agent([], env, command);
      while (server.received.length === 0) await new Promise((again) => setTimeout(again, 50));
      const seen: string[] = [];
      for (const pid of readdirSync('/proc').filter(
        (name) => /^\d+$/.test(name) && name !== `${process.pid}`,
      )) {
        for (const file of ['cmdline', 'environ']) {
          try {
            if (readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(secret))
              seen.push(`${file} of ${pid}`);
          } catch {
            // The process is gone, or not ours.
          }
        }
      }
      letGo();
      expect(await run).toMatchObject({ code: 0, err: '' });
      await server.close();
      expect(seen).toEqual([]);
      expect(server.received[0]!.headers.authorization).toBe(`Bearer ${secret}`);
    },
  );
});

describe.runIf(isRoot)('sending with busybox alone', () => {
  test('its wget takes a report to the server', async () => {
    const server = await ingest(accept);
    const { env } = installed(server.url);
    const busybox = execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim();
    const wget = folder();
    symlinkSync(busybox, join(wget, 'wget'));
    const run = `mount --bind /dev/null "$(command -v curl)"; exec busybox ash ${script}`;
    const sent = await agent([], { ...env, PATH: `${wget}:${quick}` }, ['unshare', '-m', 'sh', '-c', run]);
    expect(sent).toMatchObject({ code: 0, err: '' });
    await server.close();
    expect(server.received).toHaveLength(1);
    expect(server.received[0]!.headers.authorization).toBe(`Bearer ${token}`);
    expect(server.received[0]!.text.endsWith('=== end\n')).toBe(true);
  });
});

describe('install', () => {
  const every = (dir: string): string[] =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(dir.length))
      .toSorted();

  test.each([
    ['cron', [], ['/etc/cron.d/rootnote']],
    [
      'systemd',
      ['run/systemd/system'],
      ['/etc/systemd/system/rootnote.service', '/etc/systemd/system/rootnote.timer'],
    ],
  ])('with %s: shows, writes, works again, and goes without a trace', async (_, dirs, timing) => {
    const dir = folder();
    for (const name of dirs) mkdirSync(join(dir, name), { recursive: true });
    const args = ['install', '--url', 'https://status.example.org', '--key', 'rnk_key-of-the-organisation'];
    const refused = await agent(args, { DESTDIR: dir });
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('/etc/rootnote/agent.conf') });
    expect(refused.out + refused.err).not.toContain('rnk_');
    expect(every(dir)).toEqual([]);
    for (const _again of [1, 2]) {
      const done = await agent([...args, '--yes'], { DESTDIR: dir });
      expect(done).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^rootnote: installed$/m) });
      expect(every(dir)).toEqual(
        [...timing, '/etc/rootnote/agent.conf', '/usr/local/sbin/rootnote'].toSorted(),
      );
    }
    expect(readFileSync(join(dir, 'etc/rootnote/agent.conf'), 'utf8')).toBe(
      'url=https://status.example.org\nkey=rnk_key-of-the-organisation\n',
    );
    expect(statSync(join(dir, 'etc/rootnote/agent.conf')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dir, 'usr/local/sbin/rootnote'), 'utf8')).toBe(source);
    expect(statSync(join(dir, 'usr/local/sbin/rootnote')).mode & 0o777).toBe(0o755);
    put(dir, 'usr/local/sbin/rootnote', 'old');
    expect((await agent(['upgrade', '--yes'], { DESTDIR: dir })).code).toBe(0);
    expect(readFileSync(join(dir, 'usr/local/sbin/rootnote'), 'utf8')).toBe(source);
    put(dir, 'var/lib/rootnote/queue/1600000001', 'x');
    expect((await agent(['uninstall', '--yes'], { DESTDIR: dir })).code).toBe(0);
    expect(every(dir)).toEqual([]);
    expect((await agent(['uninstall', '--yes'], { DESTDIR: dir })).code).toBe(0);
  });

  test('on Alpine: a line in the one table that its cron reads, which goes again', async () => {
    const dir = folder({ 'etc/crontabs/root': '0 1 * * * run-parts /etc/periodic/daily\n' });
    const args = [
      'install',
      '--url',
      'https://status.example.org',
      '--key',
      'rnk_key-of-the-organisation',
      '--yes',
    ];
    for (const _again of [1, 2]) {
      const { out } = await agent(args, { DESTDIR: dir });
      expect(out).toContain('a line in ' + join(dir, 'etc/crontabs/root'));
      expect(every(dir)).toEqual([
        '/etc/crontabs/root',
        '/etc/rootnote/agent.conf',
        '/usr/local/sbin/rootnote',
      ]);
      expect(readFileSync(join(dir, 'etc/crontabs/root'), 'utf8')).toMatch(
        /^0 1 .*\n\* \* \* \* \* sleep \d+; \/usr\/local\/sbin\/rootnote run .*\n$/,
      );
    }
    expect((await agent(['uninstall', '--yes'], { DESTDIR: dir })).code).toBe(0);
    expect(every(dir)).toEqual(['/etc/crontabs/root']);
    expect(readFileSync(join(dir, 'etc/crontabs/root'), 'utf8')).toBe(
      '0 1 * * * run-parts /etc/periodic/daily\n',
    );
    expect(existsSync(join(dir, 'etc/cron.d')) || existsSync(join(dir, 'etc/systemd'))).toBe(false);
  });

  test('--print writes nothing', async () => {
    const state = join(folder(), 'state');
    const temporary = folder();
    await agent(['--print'], { ROOT: tree(), ROOTNOTE_STATE: state, TMPDIR: temporary, HOME: temporary });
    expect(existsSync(state)).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
