import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execFileSync } from 'node:child_process';
import type { ProbeResult } from '#core/probes.ts';
import { runProbe } from './index.ts';
import { scanPorts } from './scan.ts';
import { openContext, requireProgram, tcpServer } from './testServers.ts';
import { writePorts } from '#core/portRange.ts';

// An address of loopback of its own, so that nothing else listens there but what binds to all addresses.
const address = '127.0.0.77';
const servers: { port: number; stop: () => void }[] = [];
let open: number[] = [];

beforeAll(async () => {
  for (let count = 0; count < 3; count += 1) servers.push(await tcpServer(() => undefined, address));
  open = servers.map((server) => server.port).sort((one, other) => one - other);
});
afterAll(() => servers.forEach((server) => server.stop()));

function look(settings: Record<string, unknown>): Promise<ProbeResult> {
  return runProbe('ports', { host: address, rate: 20_000, timeoutMs: 500, ...settings }, openContext());
}
const around = (): string => open.map((port) => `${port - 1}-${port + 1}`).join(',');

describe('the difference', () => {
  test('none', async () => {
    const result = await look({ range: around(), expectedOpen: open });
    expect(result).toMatchObject({ ok: true, code: 'ok', details: { open, opened: [], closed: [] } });
    expect(result.phases[0]?.name).toBe('scan');
  });

  test('opened and closed', async () => {
    const [first, ...others] = open as [number, number, number];
    const dead = 9;
    const result = await look({ range: around(), expectedOpen: [first, dead] });
    expect(result).toMatchObject({
      ok: false,
      code: 'ports-changed',
      details: { opened: others, closed: [dead] },
    });
    expect(result.summary).toContain(
      `open and not expected: ${writePorts(others)}; expected and not open: 9`,
    );
  });

  test('a range that cannot be read is a clear sentence', async () => {
    expect(await look({ range: '22,x' })).toMatchObject({
      code: 'prober-error',
      summary: expect.stringContaining("'x' is not a port: write 22, 80 or 8000-8100") as string,
    });
  });
});

describe('the scan', () => {
  test('finds every open port among 20,000, keeps to its rate and leaves no TIME-WAIT', async () => {
    const from = Math.max(1, (open[0] as number) - 100);
    const ports = Array.from({ length: 20_000 }, (_, index) => 1 + ((from + index) % 65_535));
    const wanted = open.filter((port) => ports.includes(port));
    const scan = await scanPorts(address, ports, {
      rate: 20_000,
      timeoutMs: 1000,
      signal: new AbortController().signal,
    });
    expect(scan.open.filter((port) => open.includes(port))).toEqual(wanted);
    expect(scan.open.length + scan.refused).toBe(20_000);
    requireProgram('ss', 'iproute2');
    const waiting = execFileSync('ss', ['-Htan', 'state', 'time-wait']).toString();
    expect(waiting.split('\n').filter((line) => line.includes(`${address}:`))).toEqual([]);
  });

  test('keeps to its rate', async () => {
    const started = performance.now();
    await scanPorts(
      address,
      Array.from({ length: 300 }, (_, index) => 2000 + index),
      {
        rate: 500,
        timeoutMs: 500,
        signal: new AbortController().signal,
      },
    );
    const took = performance.now() - started;
    expect(took).toBeGreaterThan(450);
    expect(took).toBeLessThan(2000);
  });

  test('an end from outside counts the rest as not asked', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const ports = Array.from({ length: 5000 }, (_, index) => 1000 + index);
    const scan = await scanPorts(address, ports, { rate: 1000, timeoutMs: 500, signal: controller.signal });
    expect(scan.skipped).toBeGreaterThan(4000);
    expect(scan.skipped + scan.refused + scan.open.length).toBe(5000);
  });

  test('a scan that runs out of time says so instead of guessing', async () => {
    const result = await look({ range: '1-65535', rate: 100, totalTimeoutMs: 1000, expectedOpen: [...open] });
    expect(['prober-error', 'ports-changed']).toContain(result.code);
    expect(result.details.skipped as number).toBeGreaterThan(60_000);
  });
});
