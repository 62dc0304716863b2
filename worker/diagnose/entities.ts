// Which entities belong together: a mount and its disk, a unit and its processes, a database and its program.
import type { Subject } from '#core/diagnosis.ts';
import { own } from '#core/own.ts';
import { unitOf } from '#worker/rules/services.ts';
import { wholeDisk } from '#worker/rules/blockDevices.ts';
import type { Picture } from '#worker/rules/rule.ts';

/** All block devices under an entity, itself included: a mount's partition, disk, array and the array's members. */
export function disksOf(picture: Picture, subject: Subject): Set<string> {
  const found = new Set<string>();
  const add = (name: string) => {
    if (!name || found.has(name)) return;
    found.add(name);
    // smartctl names the controller of an NVMe drive, the kernel its namespace.
    const controller = /^(nvme\d+)n\d+$/.exec(name)?.[1];
    if (controller) found.add(controller);
    const device = picture.facts.blockDevices?.find((d) => d.name === name);
    for (const parent of device?.parents ?? []) add(parent);
    if (!device?.parents.length) {
      const disk = wholeDisk(name);
      if (disk !== name) add(disk);
    }
    const array = picture.facts.md?.find((a) => a.name === name);
    for (const member of [...(array?.members ?? []), ...(array?.failed ?? [])]) add(member);
  };
  if (subject.kind === 'device' || subject.kind === 'array') add(deviceName(subject.name));
  if (subject.kind === 'mount') {
    for (const d of picture.facts.blockDevices ?? []) if (d.mounts.includes(subject.name)) add(d.name);
    const fs = picture.facts.filesystems?.find((f) => f.mount === subject.name);
    if (fs?.source.startsWith('/dev/')) add(deviceName(fs.source));
  }
  return found;
}

/** Whether two entities stand on a common disk. */
export function shareDisk(picture: Picture, a: Subject, b: Subject): boolean {
  const disks = disksOf(picture, a);
  return [...disksOf(picture, b)].some((d) => disks.has(d));
}

/** '/dev/mapper/vg-root' → 'vg-root', '/dev/sda1' → 'sda1'. */
export function deviceName(path: string): string {
  return path.replace(/^\/dev\/(mapper\/)?/, '');
}

/** Names of the process groups behind an entity: of a unit those in its control group, of a database its program. */
export function processesOf(picture: Picture, subject: Subject): Set<string> {
  const now = picture.facts.processGroups ?? [];
  switch (subject.kind) {
    case 'process':
      return new Set([subject.name]);
    case 'unit':
    case 'cgroup':
    case 'container': {
      const id = picture.facts.containers?.find((c) => c.name === subject.name)?.id;
      // Those that are gone belonged to it as well.
      const running = new Set(now.map((g) => g.name));
      const gone = [...(picture.seen?.values() ?? [])].flatMap(({ group }) =>
        group && !running.has(group.name) ? [group] : [],
      );
      const names = [...now, ...gone]
        .filter(
          (g) =>
            (g.cgroup ?? picture.seen?.get(g.name)?.group?.cgroup)?.includes(id || subject.name) ||
            (subject.kind === 'unit' && unitOf(picture, g.name)?.name === subject.name),
        )
        .map((g) => g.name);
      const base = subject.name
        .replace(/^.*\//, '')
        .replace(/(@.*)?\.(service|scope|slice)$/, '')
        .replace(/^php[\d.]+-fpm$/, 'php-fpm');
      const published = subject.kind === 'container' ? [containerMark(subject.name)] : [];
      return new Set([...names, base, ...(own(programs, base) ?? []), ...published]);
    }
    case 'database':
      return new Set(own(programs, subject.name) ?? [subject.name]);
    case 'monitor': {
      const monitor = picture.monitors.find((m) => m.name === subject.name);
      const { process, unit, port } = monitor?.about ?? {};
      const listener = picture.facts.listeners?.find((l) => l.port === port)?.process;
      const container = port === undefined ? undefined : picture.published?.get(port);
      return new Set(
        [
          process,
          listener,
          unit?.replace(/\.service$/, ''),
          container && containerMark(container),
          // What holds the port of a container ends with the daemon.
          process === 'docker-proxy' ? 'dockerd' : undefined,
        ].filter((n) => n !== undefined),
      );
    }
    default:
      return new Set();
  }
}

/** A container that publishes a port, among names of programs. */
const containerMark = (name: string) => `container ${name}`;

const programs: Record<string, string[]> = {
  mysql: ['mysqld', 'mariadbd'],
  mysqld: ['mysqld', 'mariadbd'],
  mariadb: ['mariadbd', 'mysqld'],
  postgresql: ['postgres', 'postmaster'],
  redis: ['redis-server', 'valkey-server'],
  redis6: ['redis-server'],
  valkey: ['valkey-server'],
  apache2: ['apache2', 'httpd'],
  httpd: ['httpd', 'apache2'],
  ssh: ['sshd'],
  postfix: ['master'],
  docker: ['dockerd'],
};

/** Whether two entities are the same service, seen from different sides (process, unit, monitor). */
export function sameService(picture: Picture, a: Subject, b: Subject): boolean {
  if (a.kind === b.kind && a.name === b.name) return true;
  const theirs = processesOf(picture, b);
  return [...processesOf(picture, a)].some((name) => theirs.has(name));
}
