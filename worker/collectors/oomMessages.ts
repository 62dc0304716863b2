// The kernel's words about a process that was killed for lack of memory; they take several lines, and changed over time.
import type { HostEvent } from '#core/snapshot.ts';
import { groupName } from './groupName.ts';

interface Context {
  cgroup?: string;
  isCgroup: boolean;
  pid?: number;
  task?: string;
  at: number;
}

/**
 * Since 4.19: `oom-kill:constraint=CONSTRAINT_MEMCG,…,oom_memcg=/x,task_memcg=/x,task=mysqld,pid=12,uid=99`, then
 * `Memory cgroup out of memory: Killed process 12 (mysqld) total-vm:…kB, anon-rss:…kB, …`. Before:
 * `Task in /x killed as a result of limit of /x`, `Memory cgroup out of memory: Kill process 12 (mysqld) score 900 or sacrifice
 * child`, then `Killed process 12 (mysqld) total-vm:…`. Without a cgroup the same with `Out of memory:` in front.
 */
export class OomReader {
  #context: Context | undefined;
  readonly #untold: HostEvent[] = [];

  /** The event when this line tells of the kill itself, `part` when it belongs to the story of one, undefined otherwise. */
  read(text: string, at: number): HostEvent | 'part' | undefined {
    if (!/[Kk]ill|oom-/.test(text)) return undefined;
    const constraint = /^oom-kill:constraint=(\w+)/.exec(text);
    if (constraint) {
      const cgroup = /oom_memcg=([^,]{1,500})/.exec(text)?.[1];
      const pid = /,pid=(\d+)/.exec(text)?.[1];
      const task = /,task=([^,]{1,64})/.exec(text)?.[1];
      this.#settle();
      this.#context = {
        ...(task && { task }),
        isCgroup: constraint[1] === 'CONSTRAINT_MEMCG',
        cgroup,
        pid: pid ? Number(pid) : undefined,
        at,
      };
      return 'part';
    }
    const limit = /^Task in (\S{1,500}) killed as a result of limit of (\S{1,500})/.exec(text);
    if (limit) {
      this.#context = { isCgroup: true, cgroup: limit[2]!, at };
      return 'part';
    }
    const announced = /^(Memory cgroup out of memory|Out of memory)[^:]{0,40}: Kill process (\d+)/.exec(text);
    if (announced) {
      const isCgroup = announced[1]!.startsWith('Memory');
      const cgroup = this.#recent(at)?.cgroup;
      this.#context = { isCgroup, ...(isCgroup && cgroup ? { cgroup } : {}), pid: Number(announced[2]), at };
      return 'part';
    }
    const killed =
      /^(?:(Memory cgroup out of memory|Out of memory)[^:]{0,40}: )?Killed process (\d+)(?:,? UID (\d+),?)? \((.{1,64}?)\)(?:,| ) ?(.{0,300})/.exec(
        text,
      );
    return killed ? this.#event(killed, at) : undefined;
  }

  /** Kills whose last line is not there: cut off, or lost as the log overflowed. The first one names the victim, too. */
  rest(): readonly HostEvent[] {
    this.#settle();
    return this.#untold;
  }

  #settle(): void {
    const { task, pid, at, isCgroup } = this.#context ?? {};
    if (task === undefined || pid === undefined || at === undefined) return;
    const line = `${isCgroup ? 'Memory cgroup out of memory' : 'Out of memory'}: Killed process ${pid} (${task})`;
    this.#untold.push(this.#event([line, line.split(':')[0], String(pid), '', task], at));
  }

  #recent(at: number): Context | undefined {
    return this.#context && at - this.#context.at <= 5 ? this.#context : undefined;
  }

  #event(
    [line, words, pid, , name = '', sizes = '']: readonly (string | undefined)[],
    at: number,
  ): HostEvent {
    const process = groupName(name, false);
    const context = this.#recent(at);
    const isCgroup = words === undefined ? (context?.isCgroup ?? false) : words.startsWith('Memory');
    const cgroup = isCgroup ? (context?.cgroup ?? '') : undefined;
    const kilobytes = (name: string) => Number(new RegExp(`${name}:(\\d{1,15})kB`).exec(sizes)?.[1] ?? 0);
    const rss = 1024 * (kilobytes('anon-rss') + kilobytes('file-rss') + kilobytes('shmem-rss'));
    this.#context = undefined;
    const where = isCgroup
      ? `because ${cgroup || 'its control group'} reached its own memory limit`
      : 'because memory had run out';
    return {
      kind: 'kernel.oom_kill',
      at: Math.floor(at),
      subject: process,
      text: `The kernel killed ${process} (process ${pid}) ${where}`,
      data: {
        process,
        pid: Number(pid),
        ...(rss > 0 ? { rss } : {}),
        ...(cgroup === undefined ? {} : { cgroup }),
        constraint: isCgroup ? 'CONSTRAINT_MEMCG' : 'CONSTRAINT_NONE',
        line: line!.slice(0, 500),
      },
    };
  }
}
