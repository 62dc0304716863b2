import { expect, it } from 'vitest';
import type { Finding } from '#core/diagnosis.ts';
import { handmadePicture, startOfTests } from '#worker/picture/handmade.ts';
import { edges } from './index.ts';

it('a storm of new processes exhausts their numbers only where there became more of them', () => {
  const edge = edges.find((e) => e.cause === 'proc.fork_storm' && e.effect === 'proc.pid_exhaustion')!;
  const about = (id: string, minutes: number) =>
    ({ id, since: startOfTests + 60 * minutes, subject: { kind: 'server', name: 'web1' } }) as Finding;
  const held = (after: number) =>
    edge.test({
      picture: handmadePicture({ reports: 20, series: { 'proc.count': (i) => (i < 10 ? 200 : after) } }),
      cause: about('proc.fork_storm', 9),
      effect: about('proc.pid_exhaustion', 10),
      matchEntities: true,
    });
  expect(held(30_000)).toMatchObject({
    share: 1,
    because: 'The number of processes rose from 200 to 30,000.',
  });
  expect(held(210)).toBe('the number of processes did not rise');
});
