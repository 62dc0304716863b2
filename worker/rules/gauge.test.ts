import { expect, it } from 'vitest';
import { handmadePicture } from '#worker/picture/handmade.ts';
import { gauge, now } from './gauge.ts';

it('a fact, which has no series, is told by one report whatever number of them a person asked for', () => {
  const own = { metric: 'facts.zfs.capacityPercent', raise: 60, clear: 55, samples: 3 };
  const state = { active: new Set<string>(), overrides: { 'disk.zfs_capacity': own } };
  const picture = handmadePicture({});
  const ask = { id: 'disk.zfs_capacity', entity: { kind: 'array', name: 'tank' } } as const;
  expect(gauge(picture, state, { ...ask, points: now(picture, 70) })?.bound).toMatchObject({
    raise: 60,
    samples: 1,
    own: true,
  });
  expect(gauge(picture, state, { ...ask, points: now(picture, 58) })).toBeUndefined();
});
