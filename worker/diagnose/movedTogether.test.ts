import { expect, it } from 'vitest';
import { handmadePicture, startOfTests } from '#worker/picture/handmade.ts';
import { movedTogether } from './movedTogether.ts';

it('names the outermost of control groups that hold nothing but one another', () => {
  const jump = (i: number) => (i < 20 ? 0 : 2 * 1024 ** 3);
  const inner = 'user.slice/user-1000.slice/session-3.scope';
  const picture = handmadePicture({
    reports: 30,
    series: {
      'cgroup.memory{user.slice}': jump,
      'cgroup.memory{user.slice/user-1000.slice}': jump,
      [`cgroup.memory{${inner}}`]: jump,
      'cgroup.memory{system.slice}': jump,
      'cgroup.memory{system.slice/a.service}': (i) => jump(i) / 2,
    },
  });
  const moved = movedTogether(picture, startOfTests + 20 * 60).map(
    ({ what }) => / of (\S+):/.exec(what)?.[1],
  );
  expect(moved.toSorted()).toEqual(['system.slice', 'system.slice/a.service', 'user.slice']);
});
