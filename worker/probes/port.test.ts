import dgram from 'node:dgram';
import type net from 'node:net';
import tls from 'node:tls';
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeResult } from '#core/probes.ts';
import { runProbe } from './index.ts';
import { type Authority, type Issued, makeAuthority } from './testCertificates.ts';
import { freePort, openContext, requireProgram, tcpServer } from './testServers.ts';

const stops: (() => unknown)[] = [];
let authority: Authority;
let issued: Issued;
beforeAll(() => {
  authority = makeAuthority();
  issued = authority.issue('localhost');
});
afterAll(() => {
  for (const stop of stops) stop();
  authority?.remove();
});

/** What does not wait for its end gets a time that is enough on the busiest machine. */
function look(settings: Record<string, unknown>): Promise<ProbeResult> {
  return runProbe('port', { host: '127.0.0.1', timeoutMs: 10_000, ...settings }, openContext());
}
async function serve(behave: (socket: net.Socket) => void): Promise<number> {
  const server = await tcpServer(behave);
  stops.push(server.stop);
  return server.port;
}

describe('TCP', () => {
  test('open and closed, wanted and not', async () => {
    const open = await serve(() => undefined);
    const closed = await freePort();
    expect(await look({ port: open })).toMatchObject({ ok: true, code: 'ok', target: `127.0.0.1:${open}` });
    expect(await look({ port: open, expect: 'closed' })).toMatchObject({
      ok: false,
      code: 'unexpected-open',
    });
    expect(await look({ port: closed })).toMatchObject({ ok: false, code: 'connect-refused' });
    expect(await look({ port: closed, expect: 'closed' })).toMatchObject({
      ok: true,
      details: { closedBy: 'connect-refused' },
    });
  });

  test('send and receive', async () => {
    const port = await serve((socket) =>
      socket.on('data', (data) => socket.write(data.toString() === 'PING\r\n' ? '+PONG\r\n' : '-ERR\r\n')),
    );
    expect(await look({ port, send: 'PING\\r\\n', receive: 'PONG' })).toMatchObject({
      code: 'ok',
      details: { answer: '+PONG·' },
    });
    expect(await look({ port, send: 'HELLO', receive: 'PONG', timeoutMs: 2000 })).toMatchObject({
      ok: false,
      code: 'answer-mismatch',
    });
    expect(await look({ port, send: 'PING\\r\\n' })).toMatchObject({ code: 'ok' });
    const silent = await serve(() => undefined);
    expect(await look({ port: silent, receive: 'x', timeoutMs: 200 })).toMatchObject({
      code: 'answer-timeout',
    });
    const closing = await serve((socket) => socket.end('bye'));
    expect((await look({ port: closing, receive: 'hello' })).summary).toContain(
      "answered 'bye', expected 'hello'",
    );
  });

  test('what looks like a login is not in the transcript', async () => {
    const port = await serve((socket) => socket.on('data', () => socket.write('+OK')));
    const result = await look({ port, send: 'AUTH sesame\\r\\n', receive: 'OK' });
    expect(result.code).toBe('ok');
    expect(JSON.stringify(result)).not.toContain('sesame');
  });

  test('a probe leaves no TIME-WAIT behind', async () => {
    const port = await serve(() => undefined);
    for (let count = 0; count < 20; count += 1) await look({ port });
    requireProgram('ss', 'iproute2');
    const waiting = execFileSync('ss', ['-Htan', 'state', 'time-wait']).toString();
    expect(waiting.split('\n').filter((line) => line.includes(`:${port} `))).toEqual([]);
  });
});

describe('filtered and unreachable, in a network of its own', () => {
  // A child process in a network namespace: lo is up, no route leads out, and one port is dropped.
  function inNamespace(script: string): string {
    const runner = `
      import { runProbe } from '${new URL('./index.ts', import.meta.url).href}';
      const context = { signal: new AbortController().signal, allow: () => true };
      const look = async (settings, kind = 'port') => console.log(JSON.stringify(await runProbe(kind, settings, context)));
      ${script}`;
    const command = `ip link set lo up && exec "${process.execPath}" --input-type=module -e "$0"`;
    requireProgram('unshare', 'util-linux');
    requireProgram('ip', 'iproute2');
    const run = spawnSync('unshare', ['-n', 'sh', '-c', command, runner], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout;
  }

  test('no route, no answer, refused', () => {
    // Packets into one end of a cable at whose other end nobody listens vanish, as behind a firewall that drops.
    const lines = inNamespace(`
      import { execSync } from 'node:child_process';
      await look({ host: '192.0.2.1', port: 80 });
      await look({ host: '2001:db8::1', port: 80 });
      await look({ host: '192.0.2.1', port: 80, expect: 'closed' });
      await look({ host: '2001:db8::1', port: 53, protocol: 'udp' });
      await look({ name: 'example.org', resolver: '2001:db8::1' }, 'dns');
      execSync('ip link add v0 type veth peer name v1 && ip link set v1 up && ip link set v0 up && ip addr add 192.0.2.2/24 dev v0');
      execSync('ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev v0');
      await look({ host: '192.0.2.1', port: 80, timeoutMs: 300 });
      await look({ host: '127.0.0.1', port: 80 });`);
    const results = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ProbeResult);
    const codes = results.map((result) => result.code);
    expect(codes).toEqual([
      'connect-unreachable',
      'connect-unreachable',
      'ok',
      'connect-unreachable',
      'connect-unreachable',
      'connect-timeout',
      'connect-refused',
    ]);
    expect(results[5]?.summary).toContain('filtered, or the host is down');
  });
});

describe('STARTTLS', () => {
  /** Speaks the lines, then TLS; `refuse` answers no to the request. */
  type Dialogue = (socket: net.Socket, upgrade: () => void, refuse: boolean) => void;
  const dialogues: Record<string, Dialogue> = {
    smtp: (socket, upgrade, refuse) => {
      socket.write('220-web1.example.org ESMTP\r\n220 ready\r\n');
      socket.on('data', (data) => {
        const line = data.toString();
        if (line.startsWith('EHLO'))
          socket.write(
            `250-web1.example.org\r\n250-SIZE 1000\r\n${refuse ? '' : '250-STARTTLS\r\n'}250 HELP\r\n`,
          );
        else if (line === 'STARTTLS\r\n') {
          socket.write('220 go ahead\r\n');
          upgrade();
        }
      });
    },
    imap: (socket, upgrade, refuse) => {
      socket.write('* OK IMAP4rev1 ready\r\n');
      socket.on('data', () => {
        socket.write(refuse ? 'a1 BAD no\r\n' : '* CAPABILITY IMAP4rev1\r\na1 OK begin\r\n');
        if (!refuse) upgrade();
      });
    },
    pop3: (socket, upgrade, refuse) => {
      socket.write('+OK ready\r\n');
      socket.on('data', () => {
        socket.write(refuse ? '-ERR no\r\n' : '+OK begin\r\n');
        if (!refuse) upgrade();
      });
    },
    ftp: (socket, upgrade, refuse) => {
      socket.write('220-Welcome\r\n220 ready\r\n');
      socket.on('data', () => {
        socket.write(refuse ? '530 no\r\n' : '234 begin\r\n');
        if (!refuse) upgrade();
      });
    },
    postgres: (socket, upgrade, refuse) => {
      socket.on('data', (data) => {
        expect(data.toString('hex')).toBe('0000000804d2162f');
        socket.write(refuse ? 'N' : 'S');
        if (!refuse) upgrade();
      });
    },
    mysql: (socket, upgrade, refuse) => {
      const capabilities = Buffer.alloc(2);
      capabilities.writeUInt16LE(refuse ? 0xf7ff : 0xffff);
      const greeting = Buffer.concat([
        Buffer.from([10]),
        Buffer.from('8.0.36\0'),
        Buffer.alloc(13),
        capabilities,
        Buffer.alloc(20),
      ]);
      socket.write(Buffer.concat([Buffer.from([greeting.length, 0, 0, 0]), greeting]));
      socket.on('data', (data) => {
        expect(data.readUIntLE(0, 3)).toBe(32);
        expect(data.readUInt32LE(4) & 0x800).toBe(0x800);
        // The ClientHello may come in the same packet.
        socket.removeAllListeners('data');
        socket.pause();
        if (data.length > 36) socket.unshift(data.subarray(36));
        upgrade();
      });
    },
  };

  function mailServer(dialogue: Dialogue, refuse: boolean): Promise<number> {
    return serve((socket) => {
      const upgrade = (): void => {
        socket.removeAllListeners('data');
        const secure = new tls.TLSSocket(socket, { isServer: true, key: issued.key, cert: issued.chain });
        secure.on('error', () => undefined);
      };
      dialogue(socket, upgrade, refuse);
    });
  }

  test.each(Object.keys(dialogues))('%s: offered, and missing', async (protocol) => {
    const port = await mailServer(dialogues[protocol] as Dialogue, false);
    expect(await look({ port, starttls: protocol })).toMatchObject({ ok: true, code: 'ok' });
    const secure = { host: 'localhost', port, starttls: protocol, ca: authority.root };
    const result = await runProbe('tls', secure, openContext());
    expect(result).toMatchObject({ ok: true, code: 'ok', details: { oldVersions: [], weakCiphers: [] } });
    expect(result.phases.map((phase) => phase.name)).toContain('starttls');
    const without = await mailServer(dialogues[protocol] as Dialogue, true);
    expect(await look({ port: without, starttls: protocol })).toMatchObject({
      ok: false,
      code: 'starttls-missing',
    });
  });

  test('another protocol, silence, and a cut', async () => {
    const ssh = await serve((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    const result = await look({ port: ssh, starttls: 'smtp' });
    expect(result).toMatchObject({ code: 'answer-mismatch' });
    expect(result.summary).toContain('SSH-2.0');
    expect((await look({ port: await serve(() => undefined), starttls: 'imap', timeoutMs: 200 })).code).toBe(
      'answer-timeout',
    );
    expect((await look({ port: await serve((socket) => socket.end()), starttls: 'pop3' })).code).toBe(
      'connect-reset',
    );
  });
});

describe('UDP', () => {
  test('an answer, a refusal, silence', async () => {
    const echo = dgram.createSocket('udp4');
    echo.on('message', (message, peer) => echo.send(`got ${message.length}`, peer.port, peer.address));
    const mute = dgram.createSocket('udp4');
    for (const socket of [echo, mute])
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const udp = { protocol: 'udp', timeoutMs: 2000 };
    const [answering, silent] = [echo.address().port, mute.address().port];
    expect(await look({ ...udp, port: answering, send: 'hello', receive: 'got 5' })).toMatchObject({
      code: 'ok',
    });
    expect(await look({ ...udp, port: answering, send: 'hello', receive: 'nothing' })).toMatchObject({
      code: 'answer-mismatch',
    });
    expect(await look({ ...udp, port: answering, expect: 'closed' })).toMatchObject({
      code: 'unexpected-open',
    });
    expect(await look({ ...udp, port: silent, timeoutMs: 400 })).toMatchObject({ code: 'connect-timeout' });
    echo.close();
    mute.close();
    expect(await look({ ...udp, port: answering })).toMatchObject({ code: 'connect-refused' });
    expect(await look({ ...udp, port: answering, expect: 'closed' })).toMatchObject({ ok: true, code: 'ok' });
  });
});

test('policy holds for names and addresses', async () => {
  const context = openContext({ allow: (address) => address !== '127.0.0.1' && address !== '::1' });
  for (const host of ['127.0.0.1', 'localhost', '::1']) {
    expect((await runProbe('port', { host, port: 80 }, context)).code).toBe('target-refused');
  }
  expect(
    (await runProbe('port', { host: '192.0.2.1', connectTo: '127.0.0.1', port: 80 }, context)).code,
  ).toBe('target-refused');
});
