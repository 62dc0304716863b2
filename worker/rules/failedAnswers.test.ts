import { expect, it } from 'vitest';
import type { Facts } from '#core/facts.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { explain } from '#worker/judge/explain.ts';
import { handmade, startOfTests } from '#worker/picture/handmade.ts';

const nginx: Facts = {
  processGroups: [
    { name: 'nginx', count: 2, rss: 1, threads: 1, cpuSeconds: 1, users: [], pids: [1], states: {} },
  ],
  virtualHosts: [{ server: 'nginx', names: [], listen: [], proxy: 'http://127.0.0.1:8000' }],
  listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 80, process: 'nginx' }],
};
const said = (kind: string, count: number, at: number): HostEvent => ({
  kind,
  at: startOfTests + at,
  subject: 'nginx',
  text: 'x',
  data: { count },
});
const found = (failed: readonly number[], events: HostEvent[] = []) =>
  explain(
    handmade({
      reports: 6,
      facts: nginx,
      events,
      series: { 'web.failed': failed },
    }),
  ).problems.filter((p) => p.id === 'svc.http_5xx');

it('tells a share of failed answers at three reports in a row, and where nobody listens', () => {
  expect(found([0, 0, 0, 0, 40, 40])).toEqual([]);
  expect(found([0, 0, 0, 60, 60, 60])).toMatchObject([
    {
      subject: { kind: 'process', name: 'nginx' },
      summary:
        'nginx answers 60 % of its newest requests with an error of the server (500 to 599). Nobody listens on 127.0.0.1:8000, where it forwards to.',
    },
  ]);
});

it('tells that a backend refuses while it still does, and not a few times', () => {
  expect(found([0, 0, 0, 0, 0, 0], [said('web.backend_refused', 9, 290)])).toEqual([]);
  expect(found([0, 0, 0, 0, 0, 0], [said('web.backend_refused', 30, 290)])).toMatchObject([
    { summary: expect.stringMatching(/^nginx was refused by its backend 30 times/) as string },
  ]);
  expect(found([0, 0, 0, 0, 0, 0], [said('web.backend_refused', 30, 60)])).toEqual([]);
});
