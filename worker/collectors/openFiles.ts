// Open files of processes against their limit: lines of process id, number, soft limit.
import type { Report } from '#core/report.ts';
import { columns, integer, lines } from './lines.ts';
import { sectionOf } from './lookup.ts';

export const openFilesSection = 'ls /proc/[0-9]*/fd | wc -l';

export interface OpenFiles {
  pid: number;
  open: number;
  limit: number;
}

/** Of the processes that the agent asked: those that may have more than 500 files open. */
export function openFilesOf(report: Report): OpenFiles[] {
  return lines(sectionOf(report, openFilesSection)?.body ?? '').flatMap((line) => {
    const [pid, open, limit] = columns(line).map(integer);
    return pid === undefined || open === undefined || limit === undefined || limit <= 0
      ? []
      : [{ pid, open, limit }];
  });
}
