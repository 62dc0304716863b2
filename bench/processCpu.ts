// CPU time of processes, read from /proc: what the benchmarks divide by.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/** User and system seconds of one process; 0 when it is gone. `collected` adds those of its children that ended. */
export function cpuSeconds(pid: number, { collected = false } = {}): number {
  try {
    const fields = statOf(pid);
    const own = Number(fields[11]) + Number(fields[12]);
    return (own + (collected ? Number(fields[13]) + Number(fields[14]) : 0)) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** CPU seconds of a PostgreSQL server: the postmaster, its living children and those that ended. */
export function postgresCpuSeconds(postmaster: number): number {
  let sum = cpuSeconds(postmaster, { collected: true });
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (Number(statOf(Number(name))[1]) === postmaster) sum += cpuSeconds(Number(name));
    } catch {
      // It ended between the listing and the look.
    }
  }
  return sum;
}

/** The fields of /proc/PID/stat behind the name: 0 is the state, 1 the parent. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
