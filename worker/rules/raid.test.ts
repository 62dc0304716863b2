import { expect, it } from 'vitest';
import type { MdArray } from '#core/facts.ts';
import { explain } from '#worker/judge/explain.ts';
import { handmade } from '#worker/picture/handmade.ts';

const mirror = (name: string, members: string[], failed: string[] = [], active = 1): MdArray => ({
  name,
  level: 'raid1',
  state: 'active',
  slots: 2,
  active,
  members,
  failed,
});
const roots = (...md: MdArray[]) =>
  explain(handmade({ reports: 3, facts: { md } })).rootCauses.map((r) => `${r.problem} ${r.subject.name}`);

it('names one lost disk once, whatever number of arrays lie on it', () => {
  expect(roots(mirror('md0', ['sda1', 'sdb1'], ['sdb1']), mirror('md1', ['sda2', 'sdb2'], ['sdb2']))).toEqual(
    ['raid.disk_failed sdb'],
  );
  // One array has noticed, the other one was assembled without it.
  expect(roots(mirror('md0', ['sda1', 'sdb1'], ['sdb1']), mirror('md1', ['sda2']))).toEqual([
    'raid.disk_failed sdb1',
  ]);
  expect(roots(mirror('md0', ['sda1']), mirror('md1', ['sda2']), mirror('md2', ['sda3']))).toEqual([
    'raid.degraded md0',
  ]);
});

it('keeps apart what lost different disks', () => {
  expect(roots(mirror('md0', ['sda1']), mirror('md1', ['sdb2']))).toEqual([
    'raid.degraded md0',
    'raid.degraded md1',
  ]);
  expect(roots(mirror('md0', ['sda1', 'sdb1'], ['sdb1']), mirror('md1', ['sdc1', 'sdd1'], ['sdd1']))).toEqual(
    ['raid.disk_failed sdb1', 'raid.disk_failed sdd1'],
  );
});

it('says which arrays lack the disk, and what is left', () => {
  const [root] = explain(
    handmade({ reports: 3, facts: { md: [mirror('md0', ['sda1']), mirror('md1', ['sda2'])] } }),
  ).problems;
  expect(root!.summary).toBe('md0 and md1 lack the same disk: of md0 (raid1) 1 of 2 disks are left.');
  expect(root!.evidence.map((e) => `${e.what}: ${e.value}`)).toContain('disks that are left: sda');
});

it.each([
  ['Charging', 'info'],
  ['Recharging', 'info'],
  ['Learn Cycle Active', 'info'],
  ['Failed', 'warning'],
  ['Dgd', 'warning'],
] as const)('a battery that is "%s" is %s', (battery, severity) => {
  const hardwareRaid = [
    { controller: 'storcli 0', state: 'Optimal', failedDrives: 0, predictive: 0, battery },
  ];
  const told = (hours: number) =>
    explain(handmade({ reports: hours + 1, step: 3600, facts: { hardwareRaid } })).problems.find(
      ({ id }) => id === 'raid.bbu',
    )!.severity;
  expect(told(3)).toBe(severity);
  // What charges for more than a day does not get full.
  expect(told(26)).toBe('warning');
});
