// npm run bench:agent [-- ROUNDS]: what one minute run of the agent costs, beside a bare sh that reads the same sources and beside a
// scrape of node_exporter, on this machine as it is and crowded with 2,000 processes and 5,000 sockets. Medians, measured in turns.
//
// A crowd is read whole each fifth minute, and each minute while it is not calm. So that it does not depend on what else this machine does,
// the agent is shown the pressure, the load and the memory of a calm one (bind mounts in a namespace of its own); the crowd is measured
// in a calm minute, in a fifth minute and, as it is told when something is wrong, whole, and the mean of an hour is made of these.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { askedOf } from './askedOf.ts';
import { endWithBench, temporaryFolder, whenInterrupted } from './interrupted.ts';
import { cpuSeconds, median } from './processCpu.ts';

const [asked = '11'] = askedOf(import.meta).words;
const rounds = Number(asked);
const goals = { bare: 1.3, exporter: 4, ordinaryBytes: 12_000, crowdedBytes: 60_000, wallMs: 2000 };
const script = resolve(import.meta.dirname, '../agent/rootnote.sh');
const dir = temporaryFolder();
const shell = has('dash') ? 'dash' : 'sh';

if (!(rounds >= 1)) fail(`ROUNDS is a number from 1 on, not ${asked}.`);
if (!has('prometheus-node-exporter') || !has('curl'))
  fail('This needs curl and prometheus-node-exporter: apt-get install curl prometheus-node-exporter');
if (!has('bash')) fail('This needs bash: its "time" tells the CPU time of what it started.');
if (process.getuid?.() !== 0) fail('This needs root, as the agent does: run it with sudo.');

function fail(why: string): never {
  console.error(why);
  process.exit(2);
}

function has(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

interface Cost {
  cpuMs: number;
  wallMs: number;
}

/** Files of /proc as they are on a machine where nothing happens; memory is fixed at what it is now. */
function calmMounts(): string {
  const idle = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n';
  const files: Record<string, string> = {
    loadavg: `${calm.load} 1/${calm.tasks} ${calm.lastPid}\n`,
    meminfo: readFileSync('/proc/meminfo', 'utf8'),
  };
  for (const resource of ['cpu', 'memory', 'io'])
    if (existsSync(`/proc/pressure/${resource}`)) files[`pressure/${resource}`] = idle;
  return Object.entries(files)
    .map(([name, text]) => {
      const path = join(dir, name.replace('/', '.'));
      writeFileSync(path, text);
      return `mount --bind ${path} /proc/${name} && `;
    })
    .join('');
}

const calm = { load: '0.20 0.20 0.20', tasks: 300, lastPid: 4000 };
const mounts = calmMounts();

/** CPU (user and system) and wall time of a command and all that it starts, where the machine looks calm. */
function cost(command: string, env: Record<string, string> = {}): Promise<Cost> {
  const timed = `TIMEFORMAT='%U %S %R'; time { ${command}; } >/dev/null 2>&1`;
  const child = spawn('unshare', ['-m', 'sh', '-c', `${mounts}exec bash -c "$0"`, timed], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part) => (text += part));
  return new Promise((done) => {
    child.on('close', () => {
      const [user = 0, system = 0, wall = 0] = text.trim().split(' ').map(Number);
      done({ cpuMs: (user + system) * 1000, wallMs: wall * 1000 });
    });
  });
}

/** What the agent reads with: `find` looks for control groups and for settings that changed. Its awk and sed only work on what these show. */
const readers = [
  'date',
  'df',
  'dmesg',
  'docker',
  'find',
  'ip',
  'sleep',
  'ss',
  'stat',
  'systemctl',
  'tail',
  'upsc',
];

/**
 * The same files and commands as in a run of just now, read by `cat` and by those commands into a file, and nothing else: the
 * agent itself tells which, through stubs in front of them. It reads more while tasks wait for memory or I/O, and the error
 * logs only when something was written to them, so each round has its own list.
 */
async function bareShell(env: Record<string, string>): Promise<{ path: string; detailed: boolean }> {
  const stubs = join(dir, 'stubs');
  const log = join(dir, 'read.log');
  mkdirSync(stubs, { recursive: true });
  writeFileSync(log, '');
  const stub = (name: string, body: string) => {
    writeFileSync(join(stubs, name), `#!/bin/sh\n${body}\nPATH=\${PATH#*:}; exec ${name} "$@"\n`);
    chmodSync(join(stubs, name), 0o755);
  };
  const files = `shift 2; printf '%s\\n' ---files "$@" ---end >>${log}; set -- -asHE '' "$@"`;
  stub('grep', `case $1 in -asHE) ${files} ;; esac`);
  for (const name of readers.filter(has)) stub(name, `printf "'%s' " ${name} "$@" >>${log}; echo >>${log}`);
  await cost(`${shell} ${script}`, { ...env, PATH: `${stubs}:${process.env['PATH']}` });
  const isProcess = /^\/proc\/\d+\/(stat|status|io|cgroup)$/;
  const lines: string[] = [];
  let list: string[] | undefined;
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    if (line === '---files') list = [];
    else if (line === '---end' && list) {
      const kinds = new Set(
        list.map((file) => isProcess.exec(file)?.[1]).filter((kind) => kind !== undefined),
      );
      const others = list.filter((file) => !isProcess.test(file) && existsSync(file));
      lines.push(`cat ${[...others, ...[...kinds].map((kind) => `/proc/[0-9]*/${kind}`)].join(' ')}`);
      list = undefined;
    } else if (list) list.push(line);
    // The watchdog's clock is no source; the pause between two readings is.
    else if (line !== '' && line !== "'sleep' '2' ") lines.push(line);
  }
  const path = join(dir, 'bare.sh');
  writeFileSync(path, [...lines, ''].join('\n'));
  return { path, detailed: lines.some((line) => line.includes('/proc/[0-9]*/status')) };
}

interface Exporter {
  process: ChildProcess;
  url: string;
}

/** What node_exporter leaves out unless it is told, and the agent reads: processes, and TCP sockets by state. */
const sameSight = ['--collector.processes', '--collector.tcpstat'];

async function startExporter(port: number, collectors: string[] = []): Promise<Exporter> {
  const address = `127.0.0.1:${port}`;
  const args = [`--web.listen-address=${address}`, ...collectors];
  const child = endWithBench(spawn('prometheus-node-exporter', args, { stdio: 'ignore' }));
  await pause(1500);
  return { process: child, url: `http://${address}/metrics` };
}

interface Scrape {
  exporter: number;
  scraper: number;
  bytes: number;
}

/** One gzip'd scrape: CPU (ms) of the exporter and of the curl that fetches it. Ticks are 10 ms, so it is fetched many times. */
async function scrape({ process: { pid }, url }: Exporter): Promise<Scrape> {
  const times = 20;
  const page = join(dir, 'scrape.gz');
  const curl = `curl -qsSfm 25 -H 'Accept-Encoding: gzip' -o ${page} ${url}`;
  const before = cpuSeconds(pid!);
  const { cpuMs } = await cost(`for i in $(seq ${times}); do ${curl}; done`);
  return {
    exporter: (1000 * (cpuSeconds(pid!) - before)) / times,
    scraper: cpuMs / times,
    bytes: statSync(page).size,
  };
}

/** What the agent knows of earlier runs: when the crowd was read whole, and that it was calm since; undefined: nothing, so all is read. */
interface Before {
  secondsSince: number;
}

/** Before a run of the agent: what it wrote down itself in the run before (`signs` in the script). */
function remember(state: string, before: Before | undefined): void {
  const path = join(state, 'seen');
  if (!before) return rmSync(path, { force: true });
  const now = Math.floor(Date.now() / 1000);
  const sockets = / alloc (\d+)/.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1];
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  writeFileSync(
    path,
    `${now - before.secondsSince} 0 ${processes} ${calm.tasks} ${sockets} 1 ${calm.lastPid}\n`,
  );
}

interface Figures {
  name: string;
  processes: number;
  agent: Cost;
  sending: number;
  bare: number;
  packing: number;
  /** A scrape with the collectors that are on by default, and one that looks at processes and sockets, too. */
  scrapes: Record<'plain' | 'same', Scrape>;
  bytes: number;
  /** Rounds in which tasks waited for memory or I/O, so that the agent read more of each process. */
  detailed: number;
}

async function measure(
  name: string,
  url: string,
  sent: { bytes: number },
  exporters: Record<'plain' | 'same', Exporter>,
  before: Before | undefined,
): Promise<Figures> {
  const state = join(dir, 'state');
  const conf = join(dir, 'agent.conf');
  writeFileSync(conf, `url=${url}\ntoken=bench-0123456789-0123456789\n`);
  const env = { ROOTNOTE_CONF: conf, ROOTNOTE_STATE: state, INVOCATION_ID: 'bench' };
  if (!existsSync(join(state, 'last'))) await cost(`${shell} ${script} --rhythm hourly`, env);
  const packed = join(dir, 'packed.gz');
  const curl = `curl -qsSm 25 -H 'Content-Encoding: gzip' --data-binary @${packed} -o /dev/null ${url}/api/report`;
  const all = {
    agent: [] as Cost[],
    bare: [] as number[],
    packing: [] as number[],
    sending: [] as number[],
    plain: [] as Scrape[],
    same: [] as Scrape[],
  };
  let detailed = 0;
  for (let round = 0; round < rounds; round++) {
    remember(state, before);
    all.agent.push(await cost(`${shell} ${script}`, env));
    remember(state, before);
    const bare = await bareShell(env);
    if (bare.detailed) detailed++;
    all.bare.push((await cost(`${shell} ${bare.path} >${join(dir, 'bare.out')}`)).cpuMs);
    all.packing.push((await cost(`gzip -c ${join(dir, 'bare.out')} >${packed}`)).cpuMs);
    all.sending.push((await cost(curl)).cpuMs);
    all.plain.push(await scrape(exporters.plain));
    all.same.push(await scrape(exporters.same));
  }
  const processes = execFileSync('sh', ['-c', 'ls -d /proc/[0-9]* | wc -l'], { encoding: 'utf8' });
  return {
    name,
    processes: Number(processes),
    agent: {
      cpuMs: median(all.agent.map((one) => one.cpuMs)),
      wallMs: median(all.agent.map((one) => one.wallMs)),
    },
    sending: median(all.sending),
    bare: median(all.bare),
    packing: median(all.packing),
    scrapes: { plain: medianScrape(all.plain), same: medianScrape(all.same) },
    bytes: sent.bytes,
    detailed,
  };
}

function medianScrape(scrapes: readonly Scrape[]): Scrape {
  const of = (key: keyof Scrape) => median(scrapes.map((one) => one[key]));
  return { exporter: of('exporter'), scraper: of('scraper'), bytes: of('bytes') };
}

/** 2,000 processes that sleep and 2,500 connections on loopback, which are 5,000 sockets. Returns what removes them. */
async function crowd(): Promise<() => void> {
  const sleepers = spawn(
    'sh',
    ['-c', 'i=0; while [ $i -lt 2000 ]; do sleep 3600 & i=$((i + 1)); done; wait'],
    {
      detached: true,
      stdio: 'ignore',
    },
  );
  const endSleepers = () => process.kill(-sleepers.pid!, 'SIGKILL');
  whenInterrupted(endSleepers);
  const held: Socket[] = [];
  const server = createTcpServer((socket) => held.push(socket.on('error', () => {})));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', 4096, ready));
  const { port } = server.address() as AddressInfo;
  for (let i = 0; i < 2500; i++) {
    await new Promise<void>((done, failed) => {
      const socket = connect(port, '127.0.0.1', done).on('error', failed);
      held.push(socket);
    });
  }
  await pause(3000);
  return () => {
    endSleepers();
    for (const socket of held) socket.resetAndDestroy();
    server.close();
  };
}

function verdict(value: number, goal: number): string {
  return value <= goal ? 'holds' : 'MISSED';
}

function print(figures: Figures, bytesGoal: number): void {
  const { name, processes, agent, sending, bare, packing, scrapes, bytes, detailed } = figures;
  const collecting = agent.cpuMs - sending;
  const ratio = collecting / (bare + packing);
  const rows: [string, string, string][] = [
    ['minute run, CPU in all', `${agent.cpuMs.toFixed(0)} ms`, ''],
    ['  of which curl, sending', `${sending.toFixed(0)} ms`, ''],
    ['bare sh: reads the same, and gzip', `${(bare + packing).toFixed(0)} ms`, ''],
    ['  of which gzip', `${packing.toFixed(0)} ms`, ''],
    ['run without sending / bare', ratio.toFixed(2), `≤ ${goals.bare} ${verdict(ratio, goals.bare)}`],
    ['run without sending / bare, no gzip', (collecting / bare).toFixed(2), ''],
    ['run with sending / bare', (agent.cpuMs / (bare + packing)).toFixed(2), ''],
  ];
  for (const [sight, what] of [
    ['plain', 'node_exporter'],
    ['same', 'the same with processes, tcpstat'],
  ] as const) {
    const { exporter, scraper, bytes: page } = scrapes[sight];
    const times = agent.cpuMs / (exporter + scraper);
    rows.push(
      [`${what}, one gzip'd scrape`, `${(exporter + scraper).toFixed(0)} ms`, ''],
      ['  of which curl, fetching', `${scraper.toFixed(0)} ms`, ''],
      ['  bytes', `${page}`, ''],
      [
        'run with sending / scrape',
        times.toFixed(2),
        `≤ ${goals.exporter} ${verdict(times, goals.exporter)}`,
      ],
      ['  without sending and fetching', (collecting / exporter).toFixed(2), ''],
    );
  }
  rows.push(["report, gzip'd", `${bytes} bytes`, `≤ ${bytesGoal} ${verdict(bytes, bytesGoal)}`]);
  rows.push([
    'wall time',
    `${(agent.wallMs / 1000).toFixed(2)} s`,
    `< 2 s ${verdict(agent.wallMs, goals.wallMs)}`,
  ]);
  console.log(`\n${name}: ${processes} processes, ${rounds} rounds, ${shell}, awk is ${awkName()}`);
  if (detailed) console.log(`  (in ${detailed} rounds more was read of each process)`);
  for (const [what, value, goal] of rows) console.log(`  ${what.padEnd(50)}${value.padStart(14)}   ${goal}`);
}

/** A crowd that stays calm: of the 59 minute runs between two hourly ones 12 are whole. The hourly run is left out, as it is of the goal. */
function printHour(between: Figures, fifth: Figures): void {
  const whole = 12;
  const mean = (of: (figures: Figures) => number) => ((59 - whole) * of(between) + whole * of(fifth)) / 59;
  const agent = mean(({ agent: { cpuMs } }) => cpuMs);
  const bare = mean((one) => one.bare + one.packing);
  const collecting = agent - mean(({ sending }) => sending);
  console.log('\nCrowded and calm, mean of the minute runs of an hour: 47 between, 12 whole');
  const say = (what: string, value: string, goal = '') =>
    console.log(`  ${what.padEnd(50)}${value.padStart(14)}   ${goal}`);
  say('minute run, CPU in all', `${agent.toFixed(0)} ms`);
  const ratio = collecting / bare;
  say('run without sending / bare', ratio.toFixed(2), `≤ ${goals.bare} ${verdict(ratio, goals.bare)}`);
  for (const [sight, what] of [
    ['plain', 'run with sending / scrape of node_exporter'],
    ['same', 'the same with processes, tcpstat'],
  ] as const) {
    const times = agent / mean(({ scrapes }) => scrapes[sight].exporter + scrapes[sight].scraper);
    say(what, times.toFixed(2), `≤ ${goals.exporter} ${verdict(times, goals.exporter)}`);
  }
}

function awkName(): string {
  return execFileSync('sh', ['-c', 'readlink -f "$(command -v awk)"'], { encoding: 'utf8' })
    .trim()
    .split('/')
    .at(-1)!;
}

const sent = { bytes: 0 };
const server = createServer((request, response) => {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => (bytes += chunk.length));
  request.on('end', () => {
    if (request.headers.authorization) sent.bytes = bytes;
    response.writeHead(202).end('stored\n');
  });
});
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const exporters = {
  plain: await startExporter(19_100),
  same: await startExporter(19_101, sameSight),
};
let clear: (() => void) | undefined;
try {
  print(
    await measure('This machine as it is', url, sent, exporters, { secondsSince: 300 }),
    goals.ordinaryBytes,
  );
  clear = await crowd();
  const crowded = async (when: string, before?: Before) => {
    const figures = await measure(
      `Crowded: 2,000 processes and 5,000 sockets more, ${when}`,
      url,
      sent,
      exporters,
      before,
    );
    print(figures, goals.crowdedBytes);
    return figures;
  };
  const between = await crowded('a calm minute between two whole readings', { secondsSince: 60 });
  const fifth = await crowded('each fifth minute of a calm one, read whole', { secondsSince: 300 });
  await crowded('a minute with a sign of trouble, read whole and twice');
  printHour(between, fifth);
  console.log(
    `\nThe script has ${statSync(script).size} bytes. Load while measuring: ${readFileSync('/proc/loadavg', 'utf8').trim()}`,
  );
} finally {
  clear?.();
  for (const one of Object.values(exporters)) one.process.kill();
  server.close();
  rmSync(dir, { recursive: true, force: true });
}
