// What the cases of the machine room say otherwise than a host does by itself: files of the kernel and of tools, as the agent writes them.
import type { Host } from '../host.ts';

/** The lines of one file of a cgroup. The agent leaves out those that are 0 or without a limit. */
export function group(h: Host, path: string, file: string, lines: readonly (string | number)[]): void {
  const said = lines.filter((l) => !/(^| )(0|max)$/.test(String(l)));
  if (said.length > 0) h.groups.set(`${path}/${file}`, said.join(`\n/sys/fs/cgroup${path}/${file}:`));
}

/** The report with other values of /proc/meminfo, in its own unit. */
export function meminfo(text: string, values: Record<string, number>): string {
  return Object.entries(values).reduce(
    (said, [name, value]) =>
      said.replace(
        new RegExp(`^${name}: .*$`, 'm'),
        (line) =>
          `${name}:`.padEnd(16) + String(Math.round(value)).padStart(8) + (line.endsWith('kB') ? ' kB' : ''),
      ),
    text,
  );
}

export function lsblk(h: Host, rows: readonly (readonly string[])[]): void {
  h.more.set(
    'lsblk -P -o NAME,KNAME,PKNAME,TYPE,SIZE,MOUNTPOINT',
    rows
      .map(
        ([name, kname, parent, type, size, mount]) =>
          `NAME="${name}" KNAME="${kname}" PKNAME="${parent}" TYPE="${type}" SIZE="${size}" MOUNTPOINT="${mount ?? ''}"`,
      )
      .join('\n'),
  );
}

/** An attribute of a SATA drive. */
export const attribute = (id: number, name: string, value: number, raw: number, thresh = 0) => ({
  id,
  name,
  value,
  worst: value,
  thresh,
  when_failed: '',
  raw: { value: raw, string: String(raw) },
});
