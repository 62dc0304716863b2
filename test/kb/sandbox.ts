// Drives one throw-away machine (see sandbox.sh): start, run scripts inside, end without a trace.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Outcome {
  output: string;
  /** Exit status; 124 when the time limit was reached. */
  status: number;
}

const script = join(import.meta.dirname, 'sandbox.sh');
const cgroupRoot = '/sys/fs/cgroup';
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  COLUMNS: '100',
  LINES: '50',
  TERM: 'dumb',
  PAGER: 'cat',
  SYSTEMD_PAGER: '',
  SYSTEMD_COLORS: '0',
  DEBIAN_FRONTEND: 'noninteractive',
};
/** Setup fences find the devices (devices/), readers never see them. */
const helpers = { PATH: `/usr/local/lib/kb:${environment.PATH}`, PYTHONPATH: '/usr/local/lib/kb' };
/** What root inside must not be: whoever sets the clock or loads a module does it for the machine outside. */
const forbidden = '-sys_time,-sys_module,-sys_rawio,-mac_admin,-mac_override';
const open = new Set<Sandbox>();

/** How many times longer a command may take because others want the processors too: 1 on an idle machine, at most 5. */
const patience = (): number => Math.min(5, Math.max(1, loadavg()[0]! / availableParallelism()));

/** One machine for one article. Words: `systemd` boots it, `net` gives it a network that ends inside, `dmesg` lets it read kernel messages. */
export class Sandbox {
  readonly id = `kb-${randomBytes(4).toString('hex')}`;
  readonly #base = mkdtempSync(join(tmpdir(), 'rootnote-kb-'));
  readonly #words: readonly string[];
  #outer: ChildProcess | undefined;
  #init = 0;
  #files = 0;

  constructor(words: readonly string[] = []) {
    this.#words = words;
  }

  get #bounds(): string {
    return this.#words.includes('dmesg') ? forbidden : `${forbidden},-syslog`;
  }

  /** Boots it. Throws a clear sentence when this machine cannot make one (no root, no overlay). */
  async start(): Promise<this> {
    open.add(this);
    const outer = spawn('sh', [script, 'enter', this.id, this.#base, this.#bounds, ...this.#words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: environment.PATH },
      detached: true,
    });
    this.#outer = outer;
    let said = '';
    const ready = await new Promise<boolean>((resolve) => {
      const note = (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('ready\n')) resolve(true);
      };
      outer.stdout!.on('data', note);
      outer.stderr!.on('data', note);
      outer.on('exit', () => resolve(false));
      setTimeout(() => resolve(false), 20_000 * patience()).unref();
    });
    if (!ready) {
      this.end();
      throw new Error(`no sandbox, so nothing is run: ${said.trim() || 'root and an overlay are needed'}`);
    }
    this.#init = Number(
      readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8').trim().split(' ')[0],
    );
    outer.stdout!.destroy();
    outer.stderr!.destroy();
    if (this.#words.includes('systemd')) await this.#booted();
    return this;
  }

  async #booted(): Promise<void> {
    for (let i = 0; i < 100 * patience(); i++) {
      const { output } = await this.run('systemctl is-system-running 2>&1; true', { limit: 10 });
      if (/^(running|degraded)/.test(output)) return;
      await new Promise((done) => setTimeout(done, 150));
    }
    this.end();
    throw new Error('systemd did not come up inside the sandbox');
  }

  /**
   * Runs a bash script inside; standard output and error come together. `limit` is in seconds of a machine that has nothing else to do.
   * `/bin/bash` as `shell` stays outside the machine that kb-vm may have booted.
   */
  async run(
    text: string,
    options: { user?: string; limit?: number; setup?: boolean; shell?: string } = {},
  ): Promise<Outcome> {
    const { user = 'root', limit = 20, setup = false, shell = 'bash' } = options;
    const file = join(tmpdir(), `${this.id}-${this.#files++}`);
    writeFileSync(`${file}.sh`, `exec 3<&-\n${text}\n`, { mode: 0o644, flag: 'wx' });
    const fd = openSync(file, 'wx+', 0o600);
    const scriptFd = openSync(`${file}.sh`, 'r');
    const home = user === 'root' ? '/root' : `/home/${user}`;
    const who = user === 'root' ? [] : [`--reuid=${user}`, `--regid=${user}`, '--init-groups'];
    const variables = { ...environment, ...(setup && helpers), HOME: home, USER: user, LOGNAME: user };
    // The helper puts itself under the limits of the sandbox before it goes in. The limit of time is kept from outside,
    // and the script comes through a descriptor, so that `ps` inside shows a plain shell.
    const enlist =
      'for g in "$@"; do [ "$g" != -- ] || break; echo $$ >"$g/cgroup.procs"; shift; done; shift; exec "$@"';
    const command = [
      ['timeout', '-k', '2', String(Math.ceil(limit * patience()))],
      ['nsenter', '-t', String(this.#init), '-m', '-p', '-u', '-i', '-n', '-C', '--'],
      ['env', '-i', '-C', home, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)],
      ['setpriv', '--bounding-set', this.#bounds, ...who],
      [shell, '/dev/fd/3'],
    ].flat();
    const child = spawn('sh', ['-c', enlist, 'enlist', ...this.#groups('in'), '--', ...command], {
      stdio: ['ignore', fd, fd, scriptFd],
      env: { PATH: environment.PATH },
    });
    const status = await new Promise<number>((resolve) =>
      child.on('exit', (code, signal) => resolve(code ?? (signal ? 137 : 1))),
    );
    closeSync(fd);
    closeSync(scriptFd);
    rmSync(`${file}.sh`);
    const output = readFileSync(file).subarray(0, 2_000_000).toString('utf8');
    rmSync(file);
    return { output, status: status === 137 ? 124 : status };
  }

  #groups(inner = ''): string[] {
    const roots = existsSync(join(cgroupRoot, 'cgroup.controllers'))
      ? [cgroupRoot]
      : existsSync(cgroupRoot)
        ? readdirSync(cgroupRoot).map((name) => join(cgroupRoot, name))
        : [];
    return roots.map((root) => join(root, this.id, inner)).filter((path) => existsSync(path));
  }

  /** The loop devices that lie on files of this sandbox. */
  #loops(): string[] {
    return readdirSync('/sys/block')
      .filter((name) => name.startsWith('loop'))
      .filter((name) => {
        const backing = `/sys/block/${name}/loop/backing_file`;
        return existsSync(backing) && readFileSync(backing, 'utf8').includes(this.id);
      })
      .map((name) => `/dev/${name}`);
  }

  /** Ends every process in it and gives back loop devices, swap, control groups and the mount point. Never throws. */
  end(): void {
    if (!open.delete(this)) return;
    const quiet = (command: string, ...args: string[]) => {
      try {
        return execFileSync(command, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
      } catch {
        return '';
      }
    };
    for (const pid of [this.#init, this.#outer?.pid ?? 0]) if (pid > 1) quiet('kill', '-9', String(pid));
    for (let attempt = 0; attempt < 50 && this.#groups().length > 0; attempt++) {
      for (const group of this.#groups()) {
        quiet(
          'find',
          group,
          '-name',
          'cgroup.procs',
          '-exec',
          'sh',
          '-c',
          'while read -r p; do kill -9 "$p"; done <"$1"',
          '-',
          '{}',
          ';',
        );
        quiet('find', group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';');
      }
      if (this.#groups().length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
    // Only now, with every process gone, can swap be given back at once.
    for (let attempt = 0; attempt < 20 && this.#loops().length > 0; attempt++) {
      for (const device of this.#loops()) {
        quiet('swapoff', device);
        quiet('losetup', '-d', device);
      }
      if (this.#loops().length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
    try {
      rmdirSync(this.#base);
    } catch {
      // Still a mount point in a namespace that is going away; an empty folder in the temporary one.
    }
  }
}

/** Ends every sandbox of this process; for signals and the end of the program. */
export function endAll(): void {
  for (const sandbox of open) sandbox.end();
}
