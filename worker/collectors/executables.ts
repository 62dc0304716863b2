// Which program each process runs, and whether its file was deleted or replaced since.
import type { Report } from '#core/report.ts';
import { lines } from './lines.ts';
import { sectionOf } from './lookup.ts';

export const executablesSection = 'ls -l /proc/[0-9]*/exe';

export interface Program {
  path: string;
  deleted: boolean;
}

/** By process id. Lines are `/proc/12 /usr/sbin/nginx`; kernel threads have no program. */
export function executablesOf(report: Report): Map<number, Program> {
  const found = new Map<number, Program>();
  for (const line of lines(sectionOf(report, executablesSection)?.body ?? '')) {
    const [, pid, path] = /^\/proc\/(\d{1,10}) (\/.+)$/.exec(line) ?? [];
    if (!pid || !path) continue;
    const deleted = path.endsWith(' (deleted)');
    found.set(Number(pid), { path: deleted ? path.slice(0, -10) : path, deleted });
  }
  return found;
}
