// What belongs to the scenario's machine of a kernel that others use at the same time: its processes live in one control group, whose CPU
// time and waiting take the place of the whole kernel's in a report. Disk, memory and paging stay those of the kernel.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

interface Reading {
  uptime: number;
  user: number;
  system: number;
}

export interface OwnShare {
  /** Reads the counters a moment before the agent does. */
  before(): void;
  /** The report as it would be if nobody else used the kernel. */
  of(report: string): string;
}

export function ownShare(group: string): OwnShare {
  const cores = cpus().length;
  const read = (): Reading => {
    const stat = readFileSync(`${group}/cpu.stat`, 'utf8');
    const spent = (key: string) => Number(new RegExp(`${key} (\\d+)`).exec(stat)![1]) / 1e6;
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    return { uptime, user: spent('user_usec'), system: spent('system_usec') };
  };
  let first = read();
  let load = 0.1;
  return {
    before() {
      const now = read();
      const seconds = Math.max(1, now.uptime - first.uptime);
      const busy = (now.user + now.system - first.user - first.system) / seconds;
      load = load * 0.7 + busy * 0.3;
      first = now;
    },
    of(report) {
      const second = read();
      const busy =
        (second.user + second.system - first.user - first.system) / (second.uptime - first.uptime) / cores;
      const forks = Number(/^=== cat \/proc\/loadavg\n\S+ \S+ \S+ \S+ (\d+)/m.exec(report)?.[1] ?? 0);
      return report
        .split(/^(?==== )/m)
        .map((section) => {
          if (section.startsWith('=== cat /proc/stat'))
            return time(section, section.includes(' #2') ? second : first, cores, forks);
          if (section.startsWith('=== cat /proc/loadavg'))
            return section.replace(/^\d\S+ \S+ \S+/m, Array(3).fill(load.toFixed(2)).join(' '));
          if (section.startsWith('=== grep -r . /proc/pressure')) return waiting(section, group, busy);
          return section;
        })
        .join('');
    },
  };
}

/** The machine's own time on the CPUs, evenly on all of them; the rest was idle. */
function time(section: string, { uptime, user, system }: Reading, cores: number, forks: number): string {
  const row = (name: string, share: number) => {
    const ticks = (seconds: number) => Math.round(seconds * 100 * share);
    return `${name} ${ticks(user)} 0 ${ticks(system)} ${ticks(uptime * cores - user - system)} 0 0 0 0 0 0`;
  };
  return section
    .replace(/^cpu .*$/m, row('cpu ', 1))
    .replace(/^(cpu\d+) .*$/gm, (_, name: string) => row(name, 1 / cores))
    .replace(/^ctxt .*$/m, `ctxt ${Math.round(uptime * 900 + (user + system) * 500)}`)
    .replace(/^processes .*$/m, `processes ${forks}`)
    .replace(/^procs_running .*$/m, 'procs_running 1')
    .replace(/^procs_blocked .*$/m, 'procs_blocked 0');
}

/** Of its own processes. That they wait for a CPU which others have is left out while they ask for less than half of all. */
function waiting(section: string, group: string, busy: number): string {
  const lines = ['cpu', 'io', 'memory'].flatMap((of) =>
    readFileSync(`${group}/${of}.pressure`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (of === 'cpu' && busy < 0.5 ? line.replace(/(avg\d+)=[\d.]+/g, '$1=0.00') : line))
      .map((line) => `/proc/pressure/${of}:${line}`),
  );
  return [section.split('\n')[0], ...lines, ''].join('\n');
}

/** What the scenario uses of the kernel: units with a control group, a limit of memory, swap space. */
export interface Own {
  units: ReadonlySet<string>;
  memory: boolean;
  swap: boolean;
}

/** Leaves out what the kernel did for others meanwhile: their control groups, its kills and its paging. `still`: counters that stand. */
export function withoutOthers(report: string, own: Own, still: Map<string, string>): string {
  const counted: string[] = [
    ...(own.swap ? [] : ['pswpin', 'pswpout']),
    ...(own.swap || own.memory ? [] : ['pgmajfault']),
    ...(own.memory ? [] : ['oom_kill']),
  ];
  return report
    .split(/^(?==== )/m)
    .map((section) => {
      if (section.startsWith('=== grep -r . /sys/fs/cgroup'))
        return section.replace(/^.*\/system\.slice\/([^/\n]+)\/.*\n/gm, (line, unit: string) =>
          own.units.has(unit) ? line : '',
        );
      if (section.startsWith('=== dmesg') && !own.memory)
        return section
          .replace(/^.*invoked oom-killer(?:.*\n)*?.*(?:Killed process|oom_reaper).*\n/gm, '')
          .replace(/^.*(?:__vm_enough_memory|ip_local_port_range|oom_reaper|Killed process).*\n/gm, '');
      if (section.startsWith('=== cat /proc/vmstat'))
        return section.replace(/^(\w+) (\d+)$/gm, (line, name: string, value: string) => {
          if (!counted.includes(name)) return line;
          still.set(name, still.get(name) ?? value);
          return `${name} ${still.get(name)}`;
        });
      return section;
    })
    .join('');
}
