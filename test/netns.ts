// Hosts of a test: network namespaces, each with a link of its own to a router in the middle. They are made here and removed here; nothing of the
// machine's own network is changed but for one link and one route, to addresses that are reserved for such tests (RFC 2544).
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

export interface Host {
  name: string;
  address: string;
  /** Runs a command on this host to its end; throws with what it said. */
  run(...command: string[]): string;
  /** Starts a program on this host; `output` collects what it says. */
  start(command: string[], environment?: Record<string, string>): Program;
}

export interface Program {
  process: ChildProcess;
  output(): string;
  stop(): Promise<void>;
}

export interface Net {
  /** Where the test itself is reached by the hosts. */
  own: string;
  /** The range of all hosts. */
  range: string;
  router: Host;
  host(name: string): Host;
  /** Ends every program and removes everything. */
  remove(): Promise<void>;
}

/** What keeps this machine from having namespaces, in words; undefined when nothing does. */
export function whyNoNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  for (const [program, name] of [
    ['ip', 'iproute2'],
    ['tc', 'iproute2'],
    ['nft', 'nftables'],
  ] as const) {
    const found = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'].some((folder) =>
      existsSync(`${folder}/${program}`),
    );
    if (!found) return `'${program}' is missing: install ${name}`;
  }
  try {
    const probe = `rnprobe${process.pid}`;
    run('ip', ['netns', 'add', probe]);
    run('ip', ['netns', 'del', probe]);
    return undefined;
  } catch (error) {
    return `this machine allows no network namespaces: ${(error as Error).message}`;
  }
}

function run(program: string, args: string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
}

/** Numbers of hosts and addresses come from the process, so that tests side by side do not meet. */
export function makeNet(): Net {
  mkdirSync('/run/netns', { recursive: true });
  const mark = (process.pid % 4096).toString(36);
  const prefix = `198.${18 + (process.pid % 2)}`;
  const base = 16 * (Math.floor(process.pid / 2) % 16);
  const programs: Program[] = [];
  const spaces: string[] = [];
  let links = 0;

  const open = (name: string, address: string): Host => {
    const space = `rn-${mark}-${name}`;
    run('ip', ['netns', 'add', space]);
    spaces.push(space);
    run('ip', ['-n', space, 'link', 'set', 'lo', 'up']);
    return {
      name,
      address,
      run: (...command) => run('ip', ['netns', 'exec', space, ...command]),
      start(command, environment = {}) {
        const child = spawn('ip', ['netns', 'exec', space, ...command], {
          env: { ...process.env, ...environment, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let output = '';
        child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
        const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        const program = {
          process: child,
          output: () => output,
          async stop() {
            child.kill('SIGTERM');
            const late = setTimeout(() => child.kill('SIGKILL'), 5000);
            await ended;
            clearTimeout(late);
          },
        };
        programs.push(program);
        return program;
      },
    };
  };

  /** A link of two ends, each with an address, from the router to another space (or to the machine itself). */
  const link = (space: string | undefined): { inner: string; outer: string } => {
    const number = base + links;
    const [mine, theirs] = [`rn${mark}r${links}`, `rn${mark}h${links}`];
    links++;
    const inner = `${prefix}.${number}.1`;
    const outer = `${prefix}.${number}.2`;
    run('ip', ['link', 'add', mine, 'type', 'veth', 'peer', 'name', theirs]);
    run('ip', ['link', 'set', mine, 'netns', `rn-${mark}-router`]);
    run('ip', ['-n', `rn-${mark}-router`, 'addr', 'add', `${inner}/24`, 'dev', mine]);
    run('ip', ['-n', `rn-${mark}-router`, 'link', 'set', mine, 'up']);
    const on = space ? ['-n', space] : [];
    if (space) run('ip', ['link', 'set', theirs, 'netns', space, 'name', 'eth0']);
    const device = space ? 'eth0' : theirs;
    run('ip', [...on, 'addr', 'add', `${outer}/24`, 'dev', device]);
    run('ip', [...on, 'link', 'set', device, 'up']);
    run('ip', [...on, 'route', 'add', space ? 'default' : `${prefix}.${base}.0/20`, 'via', inner]);
    return { inner, outer };
  };

  const router = open('router', '');
  router.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  const own = link(undefined).outer;
  return {
    own,
    range: `${prefix}.0.0/16`,
    router,
    host(name) {
      const host = open(name, '');
      host.address = link(`rn-${mark}-${name}`).outer;
      return host;
    },
    async remove() {
      await Promise.all(programs.map((program) => program.stop()));
      for (const space of spaces) run('ip', ['netns', 'del', space]);
    },
  };
}
