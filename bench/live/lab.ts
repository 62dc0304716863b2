// A bounded machine for one live scenario: its own network, host name and mounts on this very kernel; control groups, loop file systems
// and processes that are all gone afterwards. Needs root. Nothing leaves its namespaces.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  rmdirSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ownShare, withoutOthers } from './ownShare.ts';

const agentFile = resolve(import.meta.dirname, '../../agent/rootnote.sh');
const controllers = ['memory', 'cpu', 'cpuacct', 'pids', 'blkio'] as const;
// Named after this process, so that two recordings can be made at the same time.
const keeper = `/sys/fs/cgroup/freezer/rootnote-live-${process.pid}`;
const account = `/sys/fs/cgroup/unified/rootnote-live-${process.pid}`;
const server = `rnlive-a${process.pid}`;
const client = `rnlive-b${process.pid}`;
export const address = '192.0.2.10';

export interface GroupLimits {
  memory?: number;
  cpuCores?: number;
  pids?: number;
  /** Bytes a second to the root disk. */
  writeBytes?: number;
}

export interface Lab {
  /** A directory for the scenario's own files. */
  readonly directory: string;
  /** Starts a program in the machine, in a control group of its own when limits or a unit's name are given. */
  start(command: readonly string[], options?: { unit?: string; inClient?: boolean }): ChildProcess;
  /** A Perl program under a name of its own: what the process list shows. */
  perl(name: string, code: string, options?: { unit?: string; inClient?: boolean }): ChildProcess;
  /** Runs to its end in the machine; the text that it printed. Throws when it fails, unless `mayFail`. */
  run(command: readonly string[], options?: { inClient?: boolean; mayFail?: boolean }): string;
  /** On the host, for what namespaces cannot hold (mounts, swap). */
  host(command: readonly string[], mayFail?: boolean): string;
  limit(unit: string, limits: GroupLimits): void;
  /** A file system of its own in a file, mounted at `mount` in the machine. The name of its device. */
  fileSystem(mount: string, megabytes: number, options?: readonly string[]): string;
  swapFile(megabytes: number): void;
  /** Lays a file or folder of the scenario over one of the machine. */
  over(path: string, target: string): void;
  stop(process: ChildProcess): void;
  /** Sections and lines of the kernel log that are the scenario's own, though reports of the lab leave their kind out. */
  keep(pattern: RegExp): void;
  /** Undone in reverse order at the end. */
  later(undo: () => void): void;
  report(rhythm: 'minute' | 'hourly' | 'daily'): string;
  close(): void;
}

export function openLab(): Lab {
  const began = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  const directory = mkdtempSync(join(tmpdir(), 'rnlive-'));
  const undos: (() => void)[] = [];
  const children: ChildProcess[] = [];
  const host = (command: readonly string[], mayFail = false): string => {
    try {
      return execFileSync(command[0]!, command.slice(1), {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 64e6,
      });
    } catch (error) {
      if (mayFail) return '';
      throw error;
    }
  };
  mkdirSync(keeper, { recursive: true });
  mkdirSync(account, { recursive: true });
  const share = ownShare(account);
  const own = { units: new Set<string>(), memory: false, swap: false };
  const still = new Map<string, string>();
  const kept: RegExp[] = [];
  const agent = join(directory, 'rootnote.sh');
  copyFileSync(agentFile, agent);
  const pid = openMachine(directory, host, undos);
  const enter = (command: readonly string[], inClient = false) => [
    'nsenter',
    `--target=${pid}`,
    '--mount',
    '--uts',
    '--pid',
    ...(inClient ? [`--net=/run/netns/${client}`] : ['--net']),
    '--',
    ...command,
  ];
  const start: Lab['start'] = (command, { unit, inClient } = {}) => {
    const groups = unit ? groupsOf(unit).filter((g) => existsSync(g)) : [];
    const counted = unit ? `${account}/system.slice/${unit}` : account;
    mkdirSync(counted, { recursive: true });
    const join_ = [keeper, counted, ...groups].map((g) => `echo $$ > ${g}/cgroup.procs`).join('; ');
    const [program, ...args] = enter(['sh', '-c', `${join_}; exec "$@"`, 'sh', ...command], inClient);
    const child = spawn(program!, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    child.on('error', () => undefined);
    children.push(child);
    return child;
  };
  return {
    directory,
    host,
    start,
    perl: (name, code, options) => start(['perl', '-e', `$0 = '${name}'; $| = 1; ${code}`], options),
    run: (command, { inClient, mayFail } = {}) => host(enter(command, inClient), mayFail),
    limit(unit, limits) {
      own.units.add(unit);
      own.memory ||= limits.memory !== undefined;
      limitGroup(unit, limits);
      undos.push(() => {
        killAll(groupsOf(unit));
        for (const group of groupsOf(unit)) removeGroup(group);
      });
    },
    fileSystem(mount, megabytes, options = []) {
      const image = join(directory, `${mount.replaceAll('/', '-')}.img`);
      host(['truncate', '-s', `${megabytes}M`, image]);
      host(['mkfs.ext4', '-q', '-F', '-m', '0', ...options, image]);
      const made = !existsSync(mount);
      mkdirSync(mount, { recursive: true });
      // Within the machine alone: two recordings at the same time do not see each other's.
      host(enter(['mount', '-o', 'loop', image, mount]));
      undos.push(() => void (made && rmdirSync(mount)));
      const source = host(enter(['findmnt', '-no', 'SOURCE', mount])).trim();
      return source.replace('/dev/', '');
    },
    swapFile(megabytes) {
      own.swap = true;
      const file = join(directory, 'swap');
      host(['fallocate', '-l', `${megabytes}M`, file]);
      host(['chmod', '600', file]);
      host(['mkswap', '-q', file]);
      host(['swapon', file]);
      undos.push(() => void host(['swapoff', file], true));
    },
    over: (path, target) => void host(enter(['mount', '--bind', path, target])),
    stop(child) {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    },
    keep: (pattern) => void kept.push(pattern),
    later: (undo) => void undos.push(undo),
    report(rhythm) {
      share.before();
      const text = host(
        enter(['env', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'sh', agent, '--print', '--rhythm', rhythm]),
      );
      return neutral(withoutOthers(share.of(text), own, still), began, kept);
    },
    close() {
      killAll([keeper]);
      for (const undo of undos.reverse()) {
        try {
          undo();
        } catch (error) {
          process.stderr.write(`left behind: ${String(error).slice(0, 200)}\n`);
        }
      }
      removeGroup(keeper);
      for (const group of host(['find', account, '-depth', '-type', 'd']).trim().split('\n'))
        removeGroup(group);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Two network namespaces joined by a cable, and a process that holds the machine's mounts and host name. Its pid. */
function openMachine(directory: string, host: Lab['host'], undos: (() => void)[]): string {
  for (const name of [server, client]) {
    host(['ip', 'netns', 'del', name], true);
    host(['ip', 'netns', 'add', name]);
    undos.push(() => void host(['ip', 'netns', 'del', name], true));
  }
  const steps = `link add eth0 netns ${server} type veth peer name eth0 netns ${client}
-n ${server} addr add ${address}/24 dev eth0
-n ${client} addr add 192.0.2.1/24 dev eth0
-n ${server} link set eth0 up
-n ${client} link set eth0 up
-n ${server} link set lo up
-n ${client} link set lo up
-n ${server} route add default via 192.0.2.1`;
  for (const step of steps.split('\n')) host(['ip', ...step.split(' ')]);
  mkdirSync(join(directory, 'groups'));
  writeFileSync(join(directory, 'machine-id'), `${'5a'.repeat(16)}\n`);
  writeFileSync(join(directory, 'resolv.conf'), 'nameserver 192.0.2.1\n');
  writeFileSync(join(directory, 'empty'), '');
  mkdirSync(join(directory, 'nothing'));
  const inner = [
    `mount --rbind ${directory}/groups /sys/fs/cgroup`,
    `mount --bind ${directory}/machine-id /etc/machine-id`,
    `mount --bind ${directory}/resolv.conf /etc/resolv.conf`,
    ...['/etc/hosts', '/var/log/dpkg.log', '/var/log/wtmp', '/var/log/btmp', '/etc/crontab'].map(
      (f) => `[ ! -e ${f} ] || mount --bind ${directory}/empty ${f}`,
    ),
    ...[
      'request-key.d',
      'nginx',
      'mysql',
      'redis',
      'postgresql',
      'php',
      'postfix',
      'letsencrypt',
      'cron.d',
      'apache2',
      'ssh',
      'dovecot',
    ].map((d) => `[ ! -d /etc/${d} ] || mount --bind ${directory}/nothing /etc/${d}`),
    'hostname web1',
    `read -r pid rest </proc/self/stat; mount -t proc proc /proc; echo $pid > ${directory}/pid`,
    // The first process of a machine collects the dead children of others.
    `exec perl -e '$0 = "init"; $SIG{CHLD} = "IGNORE"; sleep 60 while 1'`,
  ].join('\n');
  writeFileSync(join(directory, 'inner.sh'), inner);
  const outer = `echo $$ > ${keeper}/cgroup.procs; echo $$ > ${account}/cgroup.procs; mount --rbind /sys/fs/cgroup ${directory}/groups; exec ip netns exec ${server} unshare --mount --uts --pid --fork --kill-child --propagation slave sh ${directory}/inner.sh`;
  spawn('unshare', ['--mount', '--propagation', 'slave', 'sh', '-c', outer], {
    stdio: 'ignore',
    detached: true,
  });
  for (let i = 0; i < 50; i++) {
    if (existsSync(join(directory, 'pid'))) return readFileSync(join(directory, 'pid'), 'utf8').trim();
    host(['sleep', '0.1']);
  }
  throw new Error('The machine did not start.');
}

function groupsOf(unit: string): string[] {
  return controllers.map((c) => `/sys/fs/cgroup/${c}/system.slice/${unit}`);
}

function limitGroup(unit: string, { memory, cpuCores, pids, writeBytes }: GroupLimits): void {
  for (const group of groupsOf(unit)) mkdirSync(group, { recursive: true });
  const [memoryGroup, cpuGroup, , pidsGroup, ioGroup] = groupsOf(unit);
  if (memory) writeFileSync(`${memoryGroup}/memory.limit_in_bytes`, String(memory));
  if (cpuCores) writeFileSync(`${cpuGroup}/cpu.cfs_quota_us`, String(Math.round(cpuCores * 100_000)));
  if (pids) writeFileSync(`${pidsGroup}/pids.max`, String(pids));
  if (writeBytes) {
    const device = execFileSync('findmnt', ['-no', 'MAJ:MIN', '/'], { encoding: 'utf8' }).trim();
    writeFileSync(`${ioGroup}/blkio.throttle.write_bps_device`, `${device} ${writeBytes}`);
  }
}

/** Only what the scenario itself started is in these groups. */
function killAll(groups: readonly string[]): void {
  for (let round = 0; round < 20; round++) {
    const pids = groups.flatMap((g) =>
      existsSync(g) ? readFileSync(`${g}/cgroup.procs`, 'utf8').split('\n').filter(Boolean) : [],
    );
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGCONT');
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    execFileSync('sleep', ['0.1']);
  }
}

function removeGroup(group: string): void {
  for (let i = 0; i < 20 && existsSync(group); i++) {
    try {
      rmdirSync(group);
    } catch {
      execFileSync('sleep', ['0.1']);
    }
  }
}

/** Names of the machine that must not be recorded: `LIVE_HIDE=one=other,two=another`. */
const hidden = (process.env['LIVE_HIDE'] ?? '')
  .split(',')
  .filter(Boolean)
  .map((pair) => pair.split('=') as [string, string]);

/** A report that names nothing of the machine on which it was recorded; `since`: uptime before which its kernel log tells of others. */
function neutral(text: string, since: number, kept: readonly RegExp[]): string {
  const isKept = (text: string) => kept.some((pattern) => pattern.test(text));
  const dropped =
    /^=== (cat \/proc\/(cmdline|version)|last |lastb |journalctl -t sshd|grep -r \. \/sys\/class\/dmi|ls \/lib\/modules|lscpu|find \/ -xdev|dpkg --audit|tail -n 100 \/var\/log|ssh-keygen)/;
  return hidden
    .reduce((known, [word, other]) => known.replaceAll(word, other), text)
    .split(/^(?==== )/m)
    .filter((section) => !dropped.test(section) || isKept(section.split('\n', 1)[0]!))
    .map((section) =>
      /^=== (df |cat \/proc\/(1\/)?mounts)/.test(section)
        ? section.replace(/^.*( \/mnt\/|rnlive-\w+\/groups|cgroup).*\n/gm, '')
        : section,
    )
    .map((section) =>
      section.startsWith('=== dmesg')
        ? section.replace(/^<\d+>\[ *(\d+\.\d+)\].*\n/gm, (line, at) =>
            Number(at) < since || (/EXT4-fs|ext4_|\bloop\d/.test(line) && !isKept(line)) ? '' : line,
          )
        : section,
    )
    .map((section) =>
      section.startsWith('=== ls -l /proc/[0-9]*/exe')
        ? section.replace(/ \/(work|root|opt|home|tmp)\/\S*\/([^/\s]+)$/gm, ' /usr/local/bin/$2')
        : section,
    )
    .join('')
    .replace(/(\d+\.\d+\.\d+)-[a-z][\w.-]*/g, '$1')
    .replace(/\/rootnote-live-\d+\b/g, '')
    .replace(/rnlive-[A-Za-z0-9]{6}/g, 'live');
}
