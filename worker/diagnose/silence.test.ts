import { expect, it } from 'vitest';
import { handmadePicture } from '#worker/picture/handmade.ts';
import { silence } from './silence.ts';

it('does not say that no backup is at work while one is, whatever else is said of it', () => {
  const of = (name: string) => {
    const picture = handmadePicture({});
    const group = {
      name,
      count: 1,
      rss: 0,
      threads: 1,
      cpuSeconds: 0,
      users: ['root'],
      states: {},
      pids: [7],
    };
    return silence['job.backup_running']!({
      ...picture,
      facts: { ...picture.facts, processGroups: [group] },
    });
  };
  expect(of('nginx')).toBe('no program that makes backups is at work');
  expect(of('rsync')).toBeUndefined();
});
