import { expect, it } from 'vitest';
import { cameTrue } from './stages.ts';

it.each([
  ['disk.full mount:/', 'disk.fill_forecast mount:/', true],
  ['disk.full mount:/srv', 'disk.fill_forecast mount:/', false],
  ['disk.fill_forecast mount:/', 'disk.full mount:/', false],
  ['disk.full mount:/', 'disk.full mount:/', false],
  ['mem.cgroup_oom unit:shop.service', 'mem.cgroup_near_limit cgroup:shop.service', true],
])('%s was foreseen as %s: %s', (now, before, expected) => {
  expect(cameTrue(now, before)).toBe(expected);
});
