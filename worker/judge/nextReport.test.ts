// What only the outside has seen waits for the report that is due, and not a moment longer.
import { expect, test } from 'vitest';
import type { IncidentBody } from '#core/diagnosis.ts';
import { handmadeMonitor, handmadePicture } from '#worker/picture/handmade.ts';
import { httpDown } from '#worker/rules/outside.ts';
import type { MonitorState, Picture } from '#worker/rules/rule.ts';
import { awaitedReport } from './nextReport.ts';

const page = (since: number, more: Partial<MonitorState> = {}) =>
  handmadeMonitor({
    kind: 'http',
    name: 'shop',
    target: 'https://shop.example.org/',
    state: 'down',
    code: 'connect-refused',
    since,
    ...more,
  });

/** Seconds after the newest report; the page went down ten seconds before. */
function after(seconds: number, more: Partial<MonitorState> = {}, reports = 10): Picture {
  const picture = handmadePicture({ reports, facts: {} });
  const ping = handmadeMonitor({ kind: 'ping', name: 'ping' });
  const now = picture.at + seconds;
  return { ...picture, now, monitors: [page(now - 10, more), ping] };
}

const bodyOf = (picture: Picture) =>
  ({ problems: httpDown.find(picture, { active: new Set(), overrides: {} }) }) as unknown as IncidentBody;

test('a page that fails between two reports waits until the next one is due', () => {
  const picture = after(30);
  const awaited = awaitedReport(picture)!;
  expect(awaited.until).toBe(picture.at + 70);
  expect(awaited.waits(bodyOf(picture))).toBe(true);
});

test.each<[string, Picture]>([
  ['the next report is late', after(71)],
  ['it failed before the newest report', after(5)],
  ['no rhythm is known', after(30, {}, 2)],
  ['the inside cannot explain it', after(30, { code: 'http-body' })],
  ['a status is the answer of the page itself', after(30, { code: 'http-status', details: { status: 404 } })],
  ['a port is open that must not be', after(30, { kind: 'port', code: 'unexpected-open' })],
])('nothing waits when %s', (_when, picture) => expect(awaitedReport(picture)).toBeUndefined());

test('a server that answers nobody is told at once', () => {
  const picture = after(30);
  const mute = picture.monitors.map((m) => ({
    ...m,
    state: 'down' as const,
    code: 'connect-timeout' as const,
  }));
  const dead = {
    ...picture,
    monitors: mute.map((m) => (m.kind === 'ping' ? { ...m, code: 'ping-timeout' as const } : m)),
  };
  expect(awaitedReport(dead)).toBeUndefined();
});
