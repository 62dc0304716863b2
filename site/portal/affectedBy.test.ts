import { expect, test } from 'vitest';
import { affectedBy } from './affectedBy.ts';

test('a change makes the answers old that show it, and no others', () => {
  const monitor = affectedBy(new Set(['monitor']));
  expect(monitor('servers.get')).toBe(true);
  expect(monitor('monitors.get')).toBe(true);
  expect(monitor('channels.list')).toBe(false);
  expect(affectedBy(new Set(['channel', 'incident']))('incidents.list')).toBe(true);
});

test('after a gap, or a kind that this page does not know, everything is old', () => {
  expect(affectedBy(new Set(['everything']))('team.members')).toBe(true);
  expect(affectedBy(new Set(['something new']))('series.history')).toBe(true);
});
