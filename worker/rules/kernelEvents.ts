// What the kernel log said, read once for all rules that need it.
import type { Picture } from './rule.ts';

export interface OomKill {
  at: number;
  /** Name of the killed process, '' when the log does not say. */
  victim: string;
  pid?: number;
  /** Path of the control group whose limit was hit; undefined when the whole machine was out of memory. */
  cgroup?: string;
  rss?: number;
  text: string;
}

/** OOM kills in the window before the newest report, oldest first. */
export function oomKills(picture: Picture, windowSeconds: number): OomKill[] {
  const kills: OomKill[] = [];
  for (const event of picture.events) {
    if (event.kind !== 'kernel.oom_kill' || event.at < picture.at - windowSeconds) continue;
    const { data = {}, text } = event;
    const victim =
      textOf(data['process']) ?? (event.subject || /Killed process \d+ \((.+?)\)/.exec(text)?.[1]) ?? '';
    const memcg =
      textOf(data['cgroup']) ??
      /oom_memcg=([^,\s]+)/.exec(text)?.[1] ??
      (/Memory cgroup out of memory/i.test(text) || data['constraint'] === 'CONSTRAINT_MEMCG'
        ? ''
        : undefined);
    const pid = Number(data['pid'] ?? /Killed process (\d+)/.exec(text)?.[1]);
    const same = kills.find(
      (k) => Math.abs(k.at - event.at) <= 5 && k.victim === victim && (!pid || !k.pid || k.pid === pid),
    );
    if (same) {
      same.cgroup ||= memcg;
      continue;
    }
    kills.push({
      at: event.at,
      victim,
      pid: Number.isFinite(pid) ? pid : undefined,
      cgroup: memcg,
      rss: typeof data['rss'] === 'number' ? data['rss'] : undefined,
      text,
    });
  }
  return kills;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
