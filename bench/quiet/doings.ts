// What servers do beside their work, none of it trouble: backups, deploys, logs that grow and are rotated, upgrades, containers.
import { epochOfStart, GiB, type Machine } from '../../test/scenarios/machine.ts';
import { MiB } from '../../test/scenarios/scenario.ts';
import type { Clock } from './clock.ts';

/** The load of a disk; what is left out is little. */
export function io(
  m: Machine,
  disk: string,
  {
    read = 60_000,
    write = 120_000,
    await: wait = 1.5,
    busy = 2,
  }: Partial<Record<'read' | 'write' | 'await' | 'busy', number>>,
): void {
  m.disk(disk, {
    reads: 1 + read / 64_000,
    writes: 2 + write / 64_000,
    readBytes: read,
    writeBytes: write,
    readAwait: wait,
    writeAwait: wait,
    busy: Math.min(98, busy),
    queue: busy / 60,
  });
}

/** A backup at an hour, each night, some minutes longer or shorter: it reads the disk as fast as it can and packs on one core. */
export function backup(m: Machine, t: Clock, hour: number, minutes: number, disk = 'sda'): void {
  const long = (minutes * (0.85 + 0.3 * ((t.day * 37) % 10) * 0.1)) / 60;
  const past = (t.hour - hour + 24) % 24;
  if (past < long) {
    m.run('restic', {
      cpu: 85 * t.noise('backup', 0.1),
      rss: Math.min(300 * MiB, 0.06 * m.ram),
      read: 80e6,
      cgroup: '/system.slice/backup.service',
    });
    io(m, disk, { read: 80e6 * t.noise('backup read', 0.2), write: 3e6, await: 12, busy: 88 });
    m.net.tx = 20e6;
    m.iowait = Math.min(14, 40 / m.cores);
    m.psi.io = 24;
    m.psi.ioFull = 12;
  } else if (m.programs.has('restic')) {
    m.stop('restic');
    m.net.tx = 90_000;
    io(m, disk, {});
    m.iowait = 0.5;
    m.psi.io = 1;
    m.psi.ioFull = 0.5;
  }
}

/** A new version at eleven on some days of the week (counted from the first report): the program starts anew, busy for two minutes. */
export function deploy(m: Machine, t: Clock, program: string, days: number[], unit?: string): void {
  const on = days.includes(t.day % 7);
  if (on && t.comes(t.day, 11)) {
    const old = m.programs.get(program)!;
    m.stop(program);
    m.run(program, { ...old, pids: [], started: m.now } as Parameters<Machine['run']>[1]);
    if (unit) m.unit(unit, { changed: m.now });
  }
  if (on && t.between(11, 11.04))
    m.run(program, { cpu: Math.min(90 * m.cores, m.programs.get(program)!.cpu + 150) });
}

/** Logs grow by so many GiB a day and are rotated at midnight; a little of it stays for a week. */
export function logs(
  m: Machine,
  t: Clock,
  mount: string,
  { size, base, perDay }: Record<'size' | 'base' | 'perDay', number>,
): void {
  const kept = 0.05 * perDay * (t.day % 7);
  m.mount(mount, { size: size * GiB, used: Math.round((base + kept + (perDay * t.hour) / 24) * GiB) });
}

/** Packages at 06:10 every other day, for some minutes. */
export function upgrade(m: Machine, t: Clock): void {
  if (t.day % 2 === 1 && t.comes(t.day, 6.17)) {
    const at = new Date((epochOfStart + m.now) * 1000).toISOString().slice(0, 19).replace('T', ' ');
    const version = `3.0.${10 + t.day}`;
    m.sections.set(
      'tail -n 100 /var/log/dpkg.log',
      `${at} upgrade libssl3:amd64 3.0.${8 + t.day} ${version}\n${at} upgrade openssl:amd64 3.0.${8 + t.day} ${version}`,
    );
  }
  if (t.day % 2 === 1 && t.between(6.17, 6.24)) {
    m.run('dpkg', { cpu: 70, rss: 60 * MiB, write: 15e6 });
    m.forks = 90;
  } else if (m.programs.has('dpkg')) {
    m.stop('dpkg');
    m.forks = 3;
  }
}

/** Containers: three that stay, one job an hour, and an image that changes on Tuesdays. */
export function containers(m: Machine, t: Clock, job: boolean): void {
  const id = (name: string) => Buffer.from(name.padEnd(32, '0')).toString('hex').slice(0, 64);
  const version = Math.floor((t.day + 5) / 7);
  const rows = [
    ['web', `example/web:1.${version}`, 'Up 3 days'],
    ['api', `example/api:2.${version}`, 'Up 3 days'],
    ['db', 'postgres:16', 'Up 5 weeks'],
    job
      ? [`job-${Math.floor(t.at / 3600)}`, 'example/job:1', 'Up 2 minutes']
      : [`job-${Math.floor(t.at / 3600)}`, 'example/job:1', 'Exited (0) 20 minutes ago'],
  ] as const;
  m.sections.set(
    'docker ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}|{{.Ports}}',
    rows.map(([name, image, status]) => `${id(`${name}${image}`)}|${name}|${image}|${status}|`).join('\n'),
  );
}

/** What it is when no job runs: for servers whose jobs say only what they add. */
export function rest(m: Machine): void {
  m.iowait = 0.5;
  m.forks = 3;
  Object.assign(m.psi, { io: 1, ioFull: 0.5 });
  Object.assign(m.net, { rx: 40_000, tx: 90_000 });
  for (const disk of m.disks.keys()) io(m, disk, {});
}

export interface Job {
  program: string;
  /** Hour of the day, and minutes that it takes, some nights more and some less. */
  hour: number;
  minutes: number;
  /** Of the week, 0 is Monday; every day when left out. */
  weekday?: number;
  cpu?: number;
  count?: number;
  rss?: number;
  uid?: number;
  /** Bytes a second that the program reads and writes, on a disk that answers in `await` ms and is so busy; sends and receives. */
  read?: number;
  write?: number;
  disk?: string;
  await?: number;
  busy?: number;
  tx?: number;
  rx?: number;
}

/** A job of cron or a timer, beside what the server does anyway. Tells whether it runs. */
export function job(m: Machine, t: Clock, of: Job): boolean {
  const { program, cpu = 30, count = 1, rss = 40 * MiB, uid = 0, read = 0, write = 0, disk = 'sda' } = of;
  const long = (of.minutes * (0.8 + 0.04 * ((t.day * 37 + of.minutes) % 10))) / 60;
  const past = (t.hour - of.hour + 24) % 24;
  const days = of.hour + long > 24 && past > t.hour ? (t.weekday + 6) % 7 : t.weekday;
  const on = past < long && (of.weekday === undefined || of.weekday === days);
  if (!on) {
    m.stop(program);
    return false;
  }
  const pace = t.noise(program, 0.2);
  const cgroup = `/system.slice/${program}.service`;
  m.run(program, { cpu: cpu * pace, count, rss, uid, read: read * pace, write: write * pace, cgroup });
  const device = m.disk(disk);
  if (read + write > 0)
    io(m, disk, {
      read: device.readBytes + read * pace,
      write: device.writeBytes + write * pace,
      await: Math.max(device.readAwait, of.await ?? 4),
      busy: device.busy + (of.busy ?? 40),
    });
  m.iowait = Math.min(30, m.iowait + ((of.busy ?? 40) / 100) * (60 / m.cores));
  m.psi.io = Math.max(m.psi.io, (of.busy ?? 40) / 4);
  m.psi.ioFull = Math.max(m.psi.ioFull, (of.busy ?? 40) / 9);
  m.net.tx += (of.tx ?? 0) * pace;
  m.net.rx += (of.rx ?? 0) * pace;
  return true;
}

/** What a distribution does by itself each night and week. */
export function upkeep(m: Machine, t: Clock, disk = 'sda'): void {
  job(m, t, { program: 'logrotate', hour: 0, minutes: 2, cpu: 20, write: 5e6, disk, busy: 10 });
  job(m, t, {
    program: 'updatedb.plocat',
    hour: 2.2,
    minutes: 5,
    cpu: 35,
    read: 9e6,
    disk,
    await: 6,
    busy: 50,
  });
  job(m, t, { program: 'mandb', hour: 3.4, minutes: 2, cpu: 60, read: 2e6, write: 1e6, disk, busy: 15 });
  job(m, t, {
    program: 'fstrim',
    weekday: 0,
    hour: 0.7,
    minutes: 3,
    cpu: 4,
    write: 2e6,
    disk,
    await: 18,
    busy: 45,
  });
  upgrade(m, t);
}

/** The kernel's word that these disks turn. */
export function spinning(m: Machine, ...disks: string[]): void {
  m.sections.set('grep -r . /sys/block', disks.map((d) => `/sys/block/${d}/queue/rotational:1`).join('\n'));
}

/** People at work: by day, hardly at the weekend. */
export const office = (t: Clock) => 0.05 + (t.weekday < 5 ? t.wave(10.5, 2) + 0.9 * t.wave(15, 2) : 0.08);
/** People at home. */
export const home = (t: Clock) =>
  0.1 + t.wave(20.5, 2.5) + (t.weekday > 4 ? 0.6 * t.wave(15, 4) : 0.2 * t.wave(12.5, 2));

/** Whether something that comes so often a day and lasts so many minutes is on: kept by the machine's programs. */
export function burst(m: Machine, t: Clock, program: string, perDay: number, minutes: number): boolean {
  const on = m.programs.has(program);
  return on ? !t.chance(1440 / minutes) : t.chance(perDay);
}

export function traffic(m: Machine, rx: number, tx: number): void {
  Object.assign(m.net, { rx, tx, rxPackets: 60 + rx / 700, txPackets: 60 + tx / 900 });
}
