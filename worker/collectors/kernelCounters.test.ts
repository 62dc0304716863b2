import { expect, it } from 'vitest';
import { read, value } from './sections.fixture.ts';

it('reads tables that can run full, and memory errors by DIMM', () => {
  const snapshot = read({
    'grep -r . /proc/sys/net/netfilter':
      '/proc/sys/net/netfilter/nf_conntrack_count:196608\n/proc/sys/net/netfilter/nf_conntrack_max:262144',
    'cat /proc/sys/kernel/random/entropy_avail': '256',
    'grep -r . /sys/devices/system': `/sys/devices/system/edac/mc/mc0/ce_count:12
/sys/devices/system/edac/mc/mc0/ue_count:0
/sys/devices/system/edac/mc/mc0/ce_noinfo_count:0
/sys/devices/system/edac/mc/mc1/dimm3/dimm_ce_count:12
/sys/devices/system/edac/mc/mc1/dimm3/dimm_ue_count:1
/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count:5`,
  });
  expect(value(snapshot, 'net.conntrack_percent')).toBe(75);
  expect(value(snapshot, 'sys.entropy')).toBe(256);
  expect(snapshot.facts.edac).toEqual([
    { controller: 'mc0', corrected: 12, uncorrected: 0 },
    { controller: 'mc1', corrected: 12, uncorrected: 1, label: 'dimm3' },
  ]);
  expect(value(snapshot, 'edac.uncorrected', 'mc1/dimm3')).toBe(1);
  expect(snapshot.partial).toEqual([]);
});

it('reads how often the CPU was slowed by heat, since the report before', () => {
  const report = (uptime: number, count: number) => ({
    'cat /proc/uptime': `${uptime}.00 1`,
    'grep -r . /sys/devices/system': `/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count:${count}\n/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count:0`,
  });
  expect(value(read(report(1060, 35), read(report(1000, 5))), 'cpu.throttles')).toBe(0.5);
});

it('reads the frequency of the cores against the nominal one', () => {
  const snapshot = read({
    'grep -r . /sys/devices/system': `/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq:1000000
/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq:4000000
/sys/devices/system/cpu/cpu0/cpufreq/base_frequency:2000000`,
  });
  expect(value(snapshot, 'cpu.frequency')).toBe(50);
});
