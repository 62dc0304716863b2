import { expect, it } from 'vitest';
import type { HostEvent } from '#core/snapshot.ts';
import { handmadePicture, startOfTests } from '#worker/picture/handmade.ts';
import { changesBefore } from './changesBefore.ts';

const since = startOfTests + 9 * 60;
const event = (kind: string, subject: string, text: string, before: number): HostEvent => ({
  kind,
  subject,
  text,
  at: since - before,
});
const picture = handmadePicture({
  reports: 12,
  events: [
    event('package.upgraded', 'mariadb-server', 'mariadb-server was upgraded to 10.11.6', 500),
    event('config.changed', '/etc/motd', '/etc/motd was changed', 200),
    event('kernel.oom_kill', 'mariadbd', 'The kernel killed mariadbd', 100),
    event('package.upgraded', 'nginx', 'nginx was upgraded', -300),
  ],
});
const finding = (name: string) => ({
  id: 'db.mysql_slow',
  severity: 'warning' as const,
  since,
  subject: { kind: 'process' as const, name },
  summary: '',
  evidence: [],
  article: '',
  confidence: 1,
});

it('names what was changed before, that of the same service first, and nothing that merely happened or came later', () => {
  expect(changesBefore(picture, finding('mariadbd'))).toEqual([
    'mariadb-server was upgraded to 10.11.6, 8 min earlier.',
    '/etc/motd was changed, 3 min earlier.',
  ]);
});

it('says nothing of what was so since the first report', () => {
  expect(changesBefore(picture, { ...finding('mariadbd'), since: startOfTests })).toEqual([]);
});

it('is neither the cause itself nor what restarts again and again', () => {
  const loops = handmadePicture({
    reports: 12,
    events: [
      event('package.upgraded', 'mariadb-server', 'mariadb-server was upgraded to 10.11.6', 30),
      event('container.restarted', 'paperless', 'The container paperless restarted', 90),
      event('container.restarted', 'paperless', 'The container paperless restarted', 30),
      event('container.restarted', 'proxy', 'The container proxy restarted', 120),
    ],
  });
  const change = {
    ...finding('x'),
    id: 'change.package',
    subject: { kind: 'package' as const, name: 'mariadb-server' },
  };
  expect(changesBefore(loops, change)).toEqual(['The container proxy restarted, 2 min earlier.']);
});

it('knows what came before that which began before the first report, told once for all its steps', () => {
  const early = startOfTests - 300;
  const upgraded = (before: number): HostEvent => ({
    ...event('package.upgraded', 'mariadb-server', 'mariadb-server was upgraded to 10.11.6', 0),
    at: early - before,
  });
  const first = handmadePicture({
    reports: 1,
    step: 3600,
    events: [upgraded(65), upgraded(70), upgraded(90)],
  });
  expect(changesBefore(first, { ...finding('mariadbd'), since: early })).toEqual([
    'mariadb-server was upgraded to 10.11.6, 65 s earlier.',
  ]);
});
