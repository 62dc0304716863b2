// What several travellers are made of, as the agent writes it.
import { withSection } from '../case.ts';
import type { Host } from '../host.ts';

/** A file of a control group that counts: a line for each name. */
export const counts = (h: Host, file: string, values: Record<string, number>) =>
  h.groups.set(
    file,
    Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(`\n/sys/fs/cgroup${file}:`),
  );

/** Only full reports know the fingerprint of a file of /etc; it changes where `changed`. */
export const fingerprint = (text: string, path: string, changed: boolean) =>
  text.includes('=== sha256sum')
    ? withSection(
        text,
        'sha256sum /etc/*',
        `2c18e8d099346c24f0486b617ae5250c6166405f7f3ad4efc9af2e5272ab0d33  /etc/fstab\n${(changed ? '7b' : '3a').repeat(32)}  ${path}`,
      )
    : text;
