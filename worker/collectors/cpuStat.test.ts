import { describe, expect, it } from 'vitest';
import { complaints, read, twice, value } from './sections.fixture.ts';

const head = 'intr 100 1 2 3\nctxt 5000\nbtime 1699990000\nprocesses 700\nprocs_running 3\nprocs_blocked 1';
const again = head
  .replace('intr 100', 'intr 400')
  .replace('ctxt 5000', 'ctxt 9000')
  .replace('processes 700', 'processes 712');

describe('/proc/stat', () => {
  it('turns ticks into shares of the time that passed', () => {
    const snapshot = read(
      twice(
        'cat /proc/stat',
        `cpu  1000 0 500 8000 100 0 50 0 0 0\ncpu0 1000 0 500 8000 100 0 50 0 0 0\n${head}`,
        `cpu  1050 0 510 8030 105 0 55 0 0 0\ncpu0 1050 0 510 8030 105 0 55 0 0 0\n${again}`,
      ),
    );
    expect(value(snapshot, 'cpu.user')).toBe(50);
    expect(value(snapshot, 'cpu.system')).toBe(10);
    expect(value(snapshot, 'cpu.iowait')).toBe(5);
    expect(value(snapshot, 'cpu.softirq')).toBe(5);
    expect(value(snapshot, 'cpu.busy')).toBe(65);
    expect(value(snapshot, 'cpu.core.busy', '0')).toBe(65);
    expect(value(snapshot, 'cpu.context_switches')).toBe(4000);
    expect(value(snapshot, 'cpu.interrupts')).toBe(300);
    expect(value(snapshot, 'cpu.forks')).toBe(12);
    expect(value(snapshot, 'cpu.runnable')).toBe(3);
    expect(snapshot.facts.boot?.at).toBe(1_699_990_000);
  });

  it('does not count guest time twice: it is part of user', () => {
    const snapshot = read(
      twice(
        'cat /proc/stat',
        `cpu  100 0 0 100 0 0 0 0 90 0\n${head}`,
        `cpu  150 0 0 150 0 0 0 0 140 0\n${head}`,
      ),
    );
    expect(value(snapshot, 'cpu.busy')).toBe(50);
  });

  it('reads kernels with seven columns, and 128 cores', () => {
    const cores = (busy: number) =>
      Array.from(
        { length: 128 },
        (_, n) => `cpu${n} ${n === 7 ? busy : 0} 0 0 ${n === 7 ? 0 : busy} 0 0 0`,
      ).join('\n');
    const snapshot = read(
      twice(
        'cat /proc/stat',
        `cpu  0 0 0 0 0 0 0\n${cores(0)}\n${head}`,
        `cpu  100 0 0 12700 0 0 0\n${cores(100)}\n${head}`,
      ),
    );
    expect(value(snapshot, 'cpu.busy')).toBeCloseTo(100 / 128);
    expect(value(snapshot, 'cpu.core.busy', '7')).toBe(100);
    expect(value(snapshot, 'cpu.core.busy', '127')).toBe(0);
  });

  it('gives no iowait where the kernel lets it run backwards, and goes on with the rest', () => {
    const snapshot = read(
      twice('cat /proc/stat', `cpu  100 0 0 800 50 0 0 0\n${head}`, `cpu  150 0 0 860 40 0 0 0\n${head}`),
    );
    expect(value(snapshot, 'cpu.iowait')).toBeUndefined();
    expect(value(snapshot, 'cpu.user')).toBe(50);
  });

  it('says so when it is something else', () => {
    expect(complaints(read({ 'cat /proc/stat': 'Permission denied' }))).toEqual([
      'cat /proc/stat: Not understood. There is no line that starts with "cpu".',
    ]);
  });
});
