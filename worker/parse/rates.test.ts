import { describe, expect, it } from 'vitest';
import type { Counter } from '#core/snapshot.ts';
import { type CounterReading, rates } from './rates.ts';

const reading = (uptime: number, counters: Counter[], bootId: string | undefined = 'b1'): CounterReading => ({
  uptime,
  counters,
  bootId,
  at: 1_700_000_000 + uptime,
});
const bytes = (value: number, more: Partial<Counter> = {}): Counter => ({
  metric: 'net.rx_bytes',
  subject: 'eth0',
  value,
  ...more,
});
const values = (a: CounterReading, b: CounterReading) => rates(a, b).map(({ value }) => value);

describe('rates', () => {
  it('are by seconds of uptime, or by another counter', () => {
    expect(values(reading(100, [bytes(1000)]), reading(110, [bytes(2000)]))).toEqual([100]);
    const latency = (value: number, per: number): Counter => ({
      metric: 'disk.read_await',
      subject: 'sda',
      value,
      per,
    });
    expect(values(reading(100, [latency(500, 50)]), reading(110, [latency(900, 90)]))).toEqual([10]);
  });

  it('do not look at the clock: it may be set back', () => {
    const after = { ...reading(110, [bytes(2000)]), at: 1_600_000_000 };
    expect(values(reading(100, [bytes(1000)]), after)).toEqual([100]);
  });

  it('are none when a counter fell, when nothing was done, and for what is new', () => {
    expect(values(reading(100, [bytes(1000)]), reading(110, [bytes(10)]))).toEqual([]);
    const latency: Counter = { metric: 'disk.read_await', subject: 'sda', value: 500, per: 50 };
    expect(values(reading(100, [latency]), reading(110, [latency]))).toEqual([]);
    expect(values(reading(100, []), reading(110, [bytes(10)]))).toEqual([]);
  });

  it('are none across a reboot, known by its id or by the uptime', () => {
    expect(values(reading(100, [bytes(1000)]), reading(110, [bytes(2000)], 'b2'))).toEqual([]);
    expect(values(reading(100, [bytes(1000)], undefined), reading(20, [bytes(2000)], undefined))).toEqual([]);
    expect(values(reading(100, [bytes(1000)], undefined), reading(110, [bytes(2000)], undefined))).toEqual([
      100,
    ]);
  });

  it('are none over more than ten minutes, or less than a fifth of a second', () => {
    expect(values(reading(100, [bytes(1000)]), reading(701, [bytes(2000)]))).toEqual([]);
    expect(values(reading(100, [bytes(1000)]), reading(100.1, [bytes(2000)]))).toEqual([]);
    expect(
      values({ ...reading(100, [bytes(1000)]), uptime: undefined }, reading(110, [bytes(2000)])),
    ).toEqual([]);
  });

  it('wrap only where the kernel wraps, and only from the upper half to the lower', () => {
    const wrap = 2 ** 32;
    expect(values(reading(100, [bytes(wrap - 400, { wrap })]), reading(110, [bytes(600, { wrap })]))).toEqual(
      [100],
    );
    expect(values(reading(100, [bytes(wrap - 400)]), reading(110, [bytes(600)]))).toEqual([]);
    expect(values(reading(100, [bytes(1000, { wrap })]), reading(110, [bytes(600, { wrap })]))).toEqual([]);
    expect(values(reading(100, [bytes(wrap + 5, { wrap })]), reading(110, [bytes(600, { wrap })]))).toEqual(
      [],
    );
  });

  it('take a device for new when a counter of it that never wraps fell', () => {
    const wrap = 2 ** 32;
    const before = reading(100, [
      bytes(wrap - 400, { wrap }),
      { metric: 'net.errors', subject: 'eth0', value: 50 },
    ]);
    const after = reading(110, [bytes(600, { wrap }), { metric: 'net.errors', subject: 'eth0', value: 0 }]);
    expect(values(before, after)).toEqual([]);
  });
});
