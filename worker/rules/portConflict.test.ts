import { expect, it } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { explain } from '#worker/judge/explain.ts';
import { handmade, startOfTests } from '#worker/picture/handmade.ts';

const listens = (process: string, port: number) => ({
  protocol: 'tcp' as const,
  address: '0.0.0.0',
  port,
  process,
});
const runs = (name: string, startedAt = startOfTests - 90_000) => ({
  name,
  count: 1,
  rss: 1,
  threads: 1,
  cpuSeconds: 1,
  users: [],
  pids: [1],
  states: {},
  startedAt,
});
const conflicts = (facts: Facts, at = startOfTests + 120) =>
  explain(
    handmade({
      reports: 6,
      facts,
      events: [
        {
          kind: 'web.port_taken',
          at,
          subject: 'nginx',
          text: 'nginx could not listen on 0.0.0.0:8080: the address is in use',
        },
      ],
    }),
  ).problems.filter((p) => p.id === 'svc.port_conflict');

it('tells who has the port that a web server asked for in vain', () => {
  const [found] = conflicts({ listeners: [listens('java', 8080)], processGroups: [runs('java')] });
  expect(found).toMatchObject({
    subject: { kind: 'process', name: 'nginx' },
    summary: 'nginx cannot start: java already listens on its port 8080.',
  });
});

it('tells that a reload was in vain', () => {
  const [found] = conflicts({
    listeners: [listens('java', 8080), listens('nginx', 80)],
    processGroups: [runs('java'), runs('nginx')],
    units: [{ name: 'nginx.service', active: 'active', sub: 'running' }],
  });
  expect(found).toMatchObject({ subject: { kind: 'unit', name: 'nginx.service' } });
  expect(found!.summary).toContain('goes on with its old configuration: java already listens on port 8080');
});

it('does not call a start that waits for its port a server that goes on', () => {
  const [found] = conflicts({
    listeners: [listens('apache2', 8080)],
    processGroups: [runs('apache2'), runs('nginx', startOfTests + 118)],
    units: [{ name: 'nginx.service', active: 'activating', sub: 'auto-restart', restarts: 8 }],
  });
  expect(found!.summary).toBe('nginx.service cannot start: apache2 already listens on its port 8080.');
});

it.each<[string, Facts]>([
  ['nobody has the port any more', { listeners: [], processGroups: [] }],
  [
    'it has the port itself: somebody started it twice',
    { listeners: [listens('nginx', 8080)], processGroups: [runs('nginx')] },
  ],
  [
    'it was started anew since',
    {
      listeners: [listens('java', 8080), listens('nginx', 80)],
      processGroups: [runs('nginx', startOfTests + 240)],
    },
  ],
])('is silent when %s', (_when, facts) => {
  expect(conflicts(facts)).toEqual([]);
});
