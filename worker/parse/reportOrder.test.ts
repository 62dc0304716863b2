import { describe, expect, it } from 'vitest';
import { atMoment, inOrder, momentOf } from './reportOrder.ts';

const boot = '5b1c0001-7d2e-4f6a-9b01-00000000abcd';

describe('the order of reports', () => {
  it('is that of time, whatever came first, and a second copy changes nothing', () => {
    const reports = [300, 100, 200, 200].map((at) => ({ at, boot, uptime: at + 5000 }));
    expect(inOrder(reports).map((r) => r.at)).toEqual([100, 200, 200, 300]);
  });

  it('is that of the uptime where the clock was set back, and earlier times follow the new clock', () => {
    const reports = [
      { at: 10_000, boot, uptime: 500 },
      { at: 10_060, boot, uptime: 560 },
      { at: 1_120, boot, uptime: 620 },
      { at: 1_180, boot, uptime: 680 },
    ];
    expect(inOrder(reports).map((r) => [r.at, r.uptime])).toEqual([
      [1_000, 500],
      [1_060, 560],
      [1_120, 620],
      [1_180, 680],
    ]);
  });

  it('gives what was made before the clock was set at all its place after the boot before', () => {
    const now = 1_795_009_848;
    const next = boot.replace('5b', '6c');
    const reports = [
      { at: now, boot, uptime: 5000 },
      { at: 30, boot: next, uptime: 30 },
      { at: 90, boot: next, uptime: 90 },
      { at: now + 300, boot: next, uptime: 150 },
      { at: 30, boot: boot.replace('5b', '7d'), uptime: 30 },
    ];
    expect(inOrder(reports).map((r) => [r.at, r.uptime])).toEqual([
      [30, 30],
      [now, 5000],
      [now + 180, 30],
      [now + 240, 90],
      [now + 300, 150],
    ]);
  });

  it('leaves a clock that was set forward, a restart and reports without uptime as they are', () => {
    const reports = [
      { at: 1_000, boot, uptime: 500 },
      { at: 9_000, boot, uptime: 560 },
      { at: 9_500, boot: boot.replace('5b', '6c'), uptime: 30 },
      { at: 9_100 },
    ];
    expect(inOrder(reports).map((r) => r.at)).toEqual([1_000, 9_000, 9_100, 9_500]);
  });

  it('reads the moment of a report and sets another one', () => {
    const text = `rootnote 1 agent=0.1.0 epoch=1700 zone=+0000\n=== cat /proc/sys/kernel/random/boot_id\n${boot}\n=== cat /proc/uptime\n812.40 99.1\n=== end\n`;
    expect(momentOf(text)).toEqual({ boot, uptime: 812.4 });
    expect(atMoment(text, 42)).toContain('agent=0.1.0 epoch=42 zone');
    expect(momentOf('rootnote 1\n')).toEqual({});
  });
});
