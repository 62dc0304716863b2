import { describe, expect, it } from 'vitest';
import { cgroupName } from './cgroupName.ts';
import { complaints, read, type Sections, value } from './sections.fixture.ts';

const id = '4f2d9c0e8b7a6f5e4d3c2b1a09f8e7d6c5b4a3928170f6e5d4c3b2a190807060';
const at = (uptime: number, lines: string): Sections => ({
  'cat /proc/uptime': `${uptime}.00 1`,
  'grep -r . /sys/fs/cgroup': lines,
});

describe('control groups', () => {
  it('version 2: memory against its limit, throttling, tasks, disk, pressure', () => {
    const lines = (n: number) => `/sys/fs/cgroup/system.slice/app.service/memory.current:536870912
/sys/fs/cgroup/system.slice/app.service/memory.max:1073741824
/sys/fs/cgroup/system.slice/app.service/memory.stat:anon 805306368
/sys/fs/cgroup/system.slice/app.service/memory.stat:file 1048576
/sys/fs/cgroup/system.slice/app.service/memory.events:oom_kill 2
/sys/fs/cgroup/system.slice/app.service/cpu.max:50000 100000
/sys/fs/cgroup/system.slice/app.service/cpu.stat:usage_usec ${n * 500_000}
/sys/fs/cgroup/system.slice/app.service/cpu.stat:nr_periods ${n * 10}
/sys/fs/cgroup/system.slice/app.service/cpu.stat:nr_throttled ${n * 4}
/sys/fs/cgroup/system.slice/app.service/pids.current:90
/sys/fs/cgroup/system.slice/app.service/pids.max:100
/sys/fs/cgroup/system.slice/app.service/io.stat:259:0 rbytes=${n * 1000} wbytes=${n * 500} rios=1 wios=1 dbytes=0 dios=0
/sys/fs/cgroup/system.slice/app.service/io.max:259:0 rbps=max wbps=1048576 riops=max wiops=max
/sys/fs/cgroup/system.slice/app.service/io.pressure:some avg10=0.00 avg60=7.50 avg300=1.00 total=1`;
    const snapshot = read(at(1060, lines(160)), read(at(1000, lines(100))));
    expect(snapshot.facts.cgroups).toEqual([
      {
        path: 'system.slice/app.service',
        unit: 'app.service',
        memory: 536_870_912,
        memoryLimit: 1_073_741_824,
        anon: 805_306_368,
        oomKills: 2,
        cpuQuotaCores: 0.5,
        periods: 1600,
        throttledPeriods: 640,
        pids: 90,
        pidsLimit: 100,
        ioLimit: '259:0 rbps=max wbps=1048576 riops=max wiops=max',
      },
    ]);
    expect(value(snapshot, 'cgroup.memory_percent', 'app.service')).toBe(75);
    expect(value(snapshot, 'cgroup.cpu', 'app.service')).toBe(50);
    expect(value(snapshot, 'cgroup.throttled_percent', 'app.service')).toBe(40);
    expect(value(snapshot, 'cgroup.pids_percent', 'app.service')).toBe(90);
    expect(value(snapshot, 'cgroup.io_bytes', 'app.service')).toBe(1500);
    expect(value(snapshot, 'cgroup.io_pressure', 'app.service')).toBe(7.5);
    expect(value(snapshot, 'cgroup.oom_kills', 'app.service')).toBe(2);
    expect(complaints(snapshot)).toEqual([]);
  });

  it('version 1: each controller in a folder of its own', () => {
    const lines = (n: number) => `/sys/fs/cgroup/memory/system.slice/db.service/memory.usage_in_bytes:8388608
/sys/fs/cgroup/memory/system.slice/db.service/memory.limit_in_bytes:9223372036854771712
/sys/fs/cgroup/memory/system.slice/db.service/memory.stat:total_rss 4194304
/sys/fs/cgroup/memory/system.slice/db.service/memory.oom_control:oom_kill 1
/sys/fs/cgroup/cpuacct/system.slice/db.service/cpuacct.usage:${n}000000000
/sys/fs/cgroup/blkio/system.slice/db.service/blkio.throttle.io_service_bytes:8:0 Read ${n}
/sys/fs/cgroup/blkio/system.slice/db.service/blkio.throttle.io_service_bytes:8:0 Write ${n}
/sys/fs/cgroup/blkio/system.slice/db.service/blkio.throttle.io_service_bytes:Total ${2 * n}
/sys/fs/cgroup/blkio/system.slice/db.service/blkio.throttle.write_bps_device:8:0 1048576`;
    const snapshot = read(at(1010, lines(106)), read(at(1000, lines(100))));
    expect(snapshot.facts.cgroups).toEqual([
      {
        path: 'system.slice/db.service',
        unit: 'db.service',
        memory: 8_388_608,
        anon: 4_194_304,
        oomKills: 1,
        ioLimit: 'write_bps_device 8:0 1048576',
      },
    ]);
    expect(value(snapshot, 'cgroup.cpu', 'db.service')).toBe(60);
    expect(value(snapshot, 'cgroup.io_bytes', 'db.service')).toBe(1.2);
    expect(value(snapshot, 'cgroup.memory_percent', 'db.service')).toBeUndefined();
  });

  it('containers and paths with colons', () => {
    const snapshot = read(
      at(
        1,
        `/sys/fs/cgroup/system.slice/docker-${id}.scope/memory.current:8388608
/sys/fs/cgroup/kubepods.slice/pod1.slice:cri-containerd:${id}/memory.current:9388608`,
      ),
    );
    expect(snapshot.facts.cgroups).toMatchObject([
      { container: '4f2d9c0e8b7a', memory: 9_388_608 },
      { container: '4f2d9c0e8b7a' },
    ]);
    expect(value(snapshot, 'cgroup.memory', 'container 4f2d9c0e8b7a')).toBe(8_388_608);
  });

  it('a small group without a limit is a fact and no series', () => {
    const snapshot = read(at(1, '/sys/fs/cgroup/system.slice/tiny.service/memory.current:1048576'));
    expect(snapshot.facts.cgroups).toHaveLength(1);
    expect(snapshot.samples.filter(({ metric }) => metric.startsWith('cgroup.'))).toEqual([]);
  });
});

it.each([
  ['system.slice/nginx.service', 'nginx.service'],
  ['system.slice/system-getty.slice/getty@tty1.service', 'getty@tty1.service'],
  ['user.slice', 'user.slice'],
  ['user.slice/user-1000.slice/session-3.scope', 'user.slice/user-1000.slice/session-3.scope'],
  [`docker/${id}`, 'container 4f2d9c0e8b7a'],
  ['openrc.nginx', 'openrc.nginx'],
])('%s is called %s', (path, subject) => {
  expect(cgroupName(path).subject).toBe(subject);
});
