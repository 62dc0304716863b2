import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Answers } from './client.ts';
import { MaintenanceView } from './MaintenanceView.tsx';

type Window = Answers['maintenance']['list'][number];
const window: Window = {
  id: 'w1',
  title: 'Kernel update',
  by: 'ann@example.org',
  server: { id: 's1', hostname: 'web1' },
  monitor: null,
  createdAt: 1_760_000_000,
  endedAt: null,
  state: 'active',
  next: { from: 1_760_000_000, to: 1_760_003_600 },
  start: '2025-10-09T10:53',
  minutes: 60,
  timeZone: 'Europe/Berlin',
  rule: 'FREQ=WEEKLY;BYDAY=TH',
};
const nothing = { servers: [], monitors: [], serverId: null, monitorId: null };
const draw = (role: string, windows: Window[], scope: Answers['maintenance']['scope'] = nothing) =>
  renderToStaticMarkup(createElement(MaintenanceView, { now: 1_760_000_060, role, windows, scope }));

test('an empty page says what a window does and how to plan one', () => {
  expect(draw('member', [])).toMatch(/Nothing is planned\. Plan a window below .* told then\./);
  expect(draw('member', [])).toContain('<form');
  expect(draw('viewer', [])).toContain('A member can plan a window here');
  expect(draw('viewer', [])).not.toContain('<form');
});

test('a window says in words when it is, for what, until when, and who planned it', () => {
  const html = draw('member', [window]);
  expect(html).toContain('every week on Thursday at 10:53 for 60 min (Europe/Berlin)');
  expect(html).toContain('href="/portal/servers/s1/"');
  expect(html).toContain('In progress');
  expect(html).toMatch(/ends <time[^>]*>in 59 min/);
  expect(html).toContain('End now');
  expect(draw('viewer', [window])).not.toContain('<button');
  expect(draw('member', [{ ...window, state: 'over', next: null }])).not.toContain('End now');
});

test('the form says for what the window will be, as the page that led here chose it', () => {
  const [web1, port] = [
    { id: 's1', hostname: 'web1' },
    { id: 'm1', name: 'Port 80' },
  ];
  const ofServer = draw('member', [], { servers: [web1], monitors: [port], serverId: 's1', monitorId: 'm1' });
  expect(ofServer).toContain('<option value="s1" selected="">web1</option>');
  expect(ofServer).toContain('<option value="m1" selected="">Port 80</option>');
  const alone = draw('member', [], { servers: [web1], monitors: [port], serverId: null, monitorId: 'm1' });
  expect(alone).toContain('<option value="alone" selected="">Port 80</option>');
});
