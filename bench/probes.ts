// npm run bench:probes   Probes per CPU-second against prometheus-blackbox-exporter and fping, a port scan against nmap -sT, side by
// side in one run on this machine, all on loopback. CPU time is that of the prober and its child processes, never of the target.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { runProbe } from '#worker/probes/index.ts';
import { makeAuthority } from '#worker/probes/testCertificates.ts';
import { freePort, requireProgram, startNginx, startProgram, tcpServer } from '#worker/probes/testServers.ts';
import type { ProbeKind } from '#core/probes.ts';
import { askedOf } from './askedOf.ts';
import { temporaryFolder, whenInterrupted } from './interrupted.ts';
import { median } from './processCpu.ts';

askedOf(import.meta);

const rounds = Number(process.env.ROUNDS ?? 5);
const atOnce = 20;
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());
const context = { signal: new AbortController().signal, allow: () => true };

interface Contest {
  name: string;
  unit: string;
  goal: number;
  peer: string;
  ours: () => Promise<number>;
  theirs: () => Promise<number>;
}

/** User and system seconds of a process; with those of its ended children when it is this one. */
function cpuSeconds(pid: number | 'self'): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = Number(fields[11]) + Number(fields[12]);
  const children = pid === 'self' ? Number(fields[13]) + Number(fields[14]) : 0;
  return (own + children) / ticksPerSecond;
}

/** Things done per CPU-second of the process while `work` runs. */
async function rate(count: number, pid: number | 'self', work: () => Promise<void>): Promise<number> {
  const before = cpuSeconds(pid);
  await work();
  return count / (cpuSeconds(pid) - before);
}

async function many(count: number, one: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

async function probe(kind: ProbeKind, settings: unknown): Promise<void> {
  const result = await runProbe(kind, settings, context);
  if (!result.ok) throw new Error(`${kind}: ${result.code}: ${result.summary}`);
}

/** CPU-seconds of a program from start to end. */
async function childSeconds(
  program: string,
  args: string[],
  input: string,
): Promise<{ seconds: number; out: string }> {
  const before = cpuSeconds('self');
  const own = process.cpuUsage();
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stdin?.end(input);
  await new Promise((resolve) => child.once('close', resolve));
  const mine = process.cpuUsage(own);
  return { seconds: cpuSeconds('self') - before - (mine.user + mine.system) / 1e6, out };
}

for (const [program, packageName] of [
  ['nginx', 'nginx-light'],
  ['prometheus-blackbox-exporter', 'prometheus-blackbox-exporter'],
  ['fping', 'fping'],
  ['nmap', 'nmap'],
  ['openssl', 'openssl'],
] as const) {
  try {
    requireProgram(program, packageName);
  } catch (error) {
    process.stderr.write(`${(error as Error).message.replace('This test', 'This bench')}\n`);
    process.exit(2);
  }
}

const authority = makeAuthority();
const issued = authority.issue('localhost');
const [plain, secure, exporterPort] = [await freePort(), await freePort(), await freePort()];
const nginx = await startNginx(
  plain,
  `keepalive_timeout 5; server { listen 127.0.0.1:${plain} backlog=1024; location / { return 200 'A page of some text.'; } }
   server { listen 127.0.0.1:${secure} ssl backlog=1024; ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets off;
     ssl_certificate ${issued.chainFile}; ssl_certificate_key ${issued.keyFile}; location / { return 200 'A page.'; } }`,
);
whenInterrupted(() => nginx.stop());
whenInterrupted(() => authority.remove());
const folder = temporaryFolder();
const modules = join(folder, 'blackbox.yml');
writeFileSync(
  modules,
  `modules:
  http: { prober: http, http: { preferred_ip_protocol: ip4 } }
  tcp: { prober: tcp }
  tls: { prober: tcp, tcp: { tls: true, tls_config: { ca_file: ${authority.rootFile}, server_name: localhost } } }
  icmp: { prober: icmp, icmp: { preferred_ip_protocol: ip4 } }
`,
);
const exporterArgs = [
  `--config.file=${modules}`,
  `--web.listen-address=127.0.0.1:${exporterPort}`,
  '--log.level=error',
];
const exporter = await startProgram(
  'prometheus-blackbox-exporter',
  'prometheus-blackbox-exporter',
  exporterArgs,
  folder,
  exporterPort,
);
whenInterrupted(() => exporter.stop());
const exporterPid = exporter.pid;
const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });

function askExporter(module: string, target: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const path = `/probe?module=${module}&target=${encodeURIComponent(target)}`;
    http
      .get({ host: '127.0.0.1', port: exporterPort, path, agent }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          text.includes('\nprobe_success 1') ? resolve() : reject(new Error(`blackbox: ${text.slice(-300)}`)),
        );
      })
      .on('error', reject);
  });
}
const blackbox = (count: number, module: string, target: (index: number) => string): Promise<number> =>
  rate(count, exporterPid, () => many(count, (index) => askExporter(module, target(index))));

const pinged = Array.from(
  { length: 1000 },
  (_, index) => `127.0.${2 + Math.floor(index / 250)}.${1 + (index % 250)}`,
);
const scanned = '127.0.0.77';
const listeners = await Promise.all(Array.from({ length: 10 }, () => tcpServer(() => undefined, scanned)));
const listening = listeners.map((listener) => listener.port).sort((one, other) => one - other);

/** Open ports on the scanned address besides ours are those that listen on all addresses; both sides must see the same. */
async function scanOurs(): Promise<number> {
  const before = cpuSeconds('self');
  const result = await runProbe('ports', { host: scanned, rate: 20_000, timeoutMs: 2000 }, context);
  const seconds = cpuSeconds('self') - before;
  const open = result.details.open as number[];
  const missed = listening.filter((port) => !open.includes(port));
  if (missed.length > 0) throw new Error(`the scan missed ${missed.join(', ')}`);
  return 65_535 / seconds;
}

async function scanTheirs(): Promise<number> {
  const { seconds, out } = await childSeconds('nmap', ['-sT', '-n', '-Pn', '-p1-65535', scanned], '');
  const missed = listening.filter((port) => !out.includes(`${port}/tcp`));
  if (missed.length > 0) process.stderr.write(`nmap missed ${missed.join(', ')}\n`);
  return 65_535 / seconds;
}

const tlsSettings = { host: 'localhost', connectTo: '127.0.0.1', port: secure, ca: authority.root };
const contests: Contest[] = [
  {
    name: 'HTTP',
    unit: 'probes',
    goal: 3,
    peer: 'blackbox_exporter',
    ours: () =>
      rate(2000, 'self', () => many(2000, () => probe('http', { url: `http://127.0.0.1:${plain}/` }))),
    theirs: () => blackbox(800, 'http', () => `http://127.0.0.1:${plain}/`),
  },
  {
    name: 'port',
    unit: 'probes',
    goal: 5,
    peer: 'blackbox_exporter',
    ours: () => rate(5000, 'self', () => many(5000, () => probe('port', { host: '127.0.0.1', port: plain }))),
    theirs: () => blackbox(1000, 'tcp', () => `127.0.0.1:${plain}`),
  },
  {
    name: 'TLS',
    unit: 'probes',
    goal: 1,
    peer: 'blackbox_exporter',
    ours: () => rate(500, 'self', () => many(500, () => probe('tls', { ...tlsSettings, weak: false }))),
    theirs: () => blackbox(500, 'tls', () => `127.0.0.1:${secure}`),
  },
  {
    name: 'TLS with old versions and weak ciphers tried',
    unit: 'probes',
    goal: 0,
    peer: 'blackbox_exporter (does not try)',
    ours: () => rate(400, 'self', () => many(400, () => probe('tls', tlsSettings))),
    theirs: () => blackbox(500, 'tls', () => `127.0.0.1:${secure}`),
  },
  {
    name: 'ping',
    unit: 'probes',
    goal: 5,
    peer: 'blackbox_exporter',
    ours: () =>
      rate(pinged.length, 'self', async () => {
        await Promise.all(pinged.map((host) => probe('ping', { host, count: 1 })));
      }),
    theirs: () => blackbox(1000, 'icmp', (index) => pinged[index] as string),
  },
  {
    name: 'ping',
    unit: 'probes',
    goal: 0,
    peer: 'fping alone',
    ours: () =>
      rate(pinged.length, 'self', async () => {
        await Promise.all(pinged.map((host) => probe('ping', { host, count: 1 })));
      }),
    theirs: async () => {
      const { seconds } = await childSeconds('fping', ['-q', '-C', '1', '-i', '1'], pinged.join('\n'));
      return pinged.length / seconds;
    },
  },
  {
    name: 'port scan, all ports',
    unit: 'ports',
    goal: 0.25,
    peer: 'nmap -sT',
    ours: scanOurs,
    theirs: scanTheirs,
  },
];

try {
  process.stdout.write(`Per CPU-second on this machine, medians of ${rounds} rounds (lowest to highest)\n\n`);
  for (const { name, unit, goal, peer, ours, theirs } of contests) {
    // A worker runs for weeks; what the first rounds cost until the code is compiled says nothing.
    for (let warm = 0; warm < 2; warm += 1) {
      await ours();
      await theirs();
    }
    const mine: number[] = [];
    const other: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      mine.push(await ours());
      other.push(await theirs());
    }
    const span = (values: number[]): string =>
      `${Math.round(median(values))} (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`;
    const ratio = median(mine) / median(other);
    const verdict = goal === 0 ? '' : `, goal ${goal} ×: ${ratio >= goal ? 'reached' : 'missed'}`;
    process.stdout.write(
      `${name}: ${span(mine)} ${unit}; ${peer}: ${span(other)}; ${ratio.toFixed(2)} ×${verdict}\n`,
    );
  }
} finally {
  agent.destroy();
  for (const listener of listeners) listener.stop();
  await exporter.stop();
  await nginx.stop();
  authority.remove();
  rmSync(folder, { recursive: true, force: true });
}
