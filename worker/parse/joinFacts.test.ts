import { describe, expect, it } from 'vitest';
import type { Facts, Unit } from '#core/facts.ts';
import { completeFacts, joinFacts } from './joinFacts.ts';

describe('joinFacts', () => {
  it('joins lists item by item, and fields that one side leaves empty', () => {
    const under: Facts = {
      listeners: [{ protocol: 'tcp', address: '::', port: 80, queue: 1 }],
      host: { hostname: 'web1', machineId: 'm' },
    };
    const over: Facts = {
      listeners: [
        { protocol: 'tcp', address: '::', port: 80, process: 'nginx' },
        { protocol: 'tcp', address: '::', port: 443 },
      ],
      host: { hostname: 'web2', vendor: undefined },
    };
    expect(joinFacts(under, over)).toEqual({
      listeners: [
        { protocol: 'tcp', address: '::', port: 80, queue: 1, process: 'nginx' },
        { protocol: 'tcp', address: '::', port: 443 },
      ],
      host: { hostname: 'web2', machineId: 'm' },
    });
  });
});

describe('completeFacts', () => {
  const unit = (fields: Partial<Unit>): Unit => ({
    name: 'app.service',
    active: 'active',
    sub: 'running',
    ...fields,
  });

  it('does not take failed units, shown alone, for all that there are to say', () => {
    const before: Facts = { units: [unit({ enabled: 'enabled', memoryMax: 1 })] };
    const now: Facts = { units: [unit({})] };
    const asked = (section: string) => completeFacts(now, before, [section]).units;
    expect(asked('systemctl show --no-pager -p Id --state=failed *.service')).toEqual(before.units);
    expect(asked('systemctl show --no-pager -p Id *.service')).toEqual(now.units);
  });

  it('takes over what only a longer run says, and lets go of things that are gone', () => {
    const before: Facts = {
      listeners: [
        { protocol: 'tcp', address: '::', port: 80, process: 'nginx', pid: 12 },
        { protocol: 'tcp', address: '::', port: 8080, process: 'java' },
      ],
      filesystems: [
        {
          source: 'nas:/x',
          mount: '/mnt',
          type: 'nfs4',
          options: [],
          readOnly: false,
          size: 100,
          used: 40,
          available: 60,
        },
      ],
    };
    const now: Facts = {
      listeners: [{ protocol: 'tcp', address: '::', port: 80, queue: 4 }],
      filesystems: [
        {
          source: 'nas:/x',
          mount: '/mnt',
          type: 'nfs4',
          options: [],
          readOnly: true,
          size: 0,
          used: 0,
          available: 0,
        },
      ],
    };
    expect(completeFacts(now, before, ['ss -Htn state listening'])).toEqual({
      listeners: [{ protocol: 'tcp', address: '::', port: 80, queue: 4, process: 'nginx', pid: 12 }],
      filesystems: [
        {
          source: 'nas:/x',
          mount: '/mnt',
          type: 'nfs4',
          options: [],
          readOnly: true,
          size: 100,
          used: 40,
          available: 60,
        },
      ],
    });
  });

  it('takes a filesystem that has no byte left for full, not for one that was not asked', () => {
    const fs = { source: '/dev/vdb', mount: '/data', type: 'ext4', options: [], readOnly: false, size: 100 };
    const before: Facts = { filesystems: [{ ...fs, used: 40, available: 55 }] };
    const now: Facts = { filesystems: [{ ...fs, used: 95, available: 0 }] };
    expect(completeFacts(now, before, ['df -PTk'])).toEqual(now);
  });

  it('takes over nothing when the longer run is in this report', () => {
    const before: Facts = { listeners: [{ protocol: 'tcp', address: '::', port: 80, process: 'nginx' }] };
    const now: Facts = { listeners: [{ protocol: 'tcp', address: '::', port: 80 }] };
    expect(completeFacts(now, before, ['ss -Htlnup'])).toEqual(now);
  });

  it('does not carry the result of the last run of a unit over to the next', () => {
    const before: Facts = {
      units: [unit({ result: 'success', mainPid: 12, enabled: 'enabled', restarts: 3 })],
    };
    expect(completeFacts({ units: [unit({})] }, before, []).units).toEqual([
      unit({ result: 'success', mainPid: 12, enabled: 'enabled', restarts: 3 }),
    ]);
    expect(completeFacts({ units: [unit({ active: 'failed', sub: 'failed' })] }, before, []).units).toEqual([
      unit({ active: 'failed', sub: 'failed', enabled: 'enabled', restarts: 3 }),
    ]);
  });

  it('adds no fact that this report does not have', () => {
    expect(completeFacts({}, { units: [unit({})] }, [])).toEqual({});
  });
});
