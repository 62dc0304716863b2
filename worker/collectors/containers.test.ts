import { expect, it } from 'vitest';
import { complaints, read } from './sections.fixture.ts';

const id = (digit: string) => digit.repeat(64);
const ps = 'docker ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}|{{.Ports}}';

it('docker ps in every state', () => {
  const snapshot = read({
    [ps]: `${id('a')}|db|postgres:16|Up 25 hours (healthy)|0.0.0.0:5432->5432/tcp, :::5432->5432/tcp
${id('b')}|worker|example/worker:1.4|Restarting (1) 5 seconds ago|
${id('c')}|job|example/job:latest|Exited (137) 2 days ago|
${id('d')}|web|nginx|Up 2 minutes (health: starting)|80/tcp
${id('e')}|paused|busybox|Up 3 hours (Paused)|
${id('f')}|new|busybox|Created|`,
  });
  expect(snapshot.facts.containers).toMatchObject([
    {
      id: 'aaaaaaaaaaaa',
      name: 'db',
      image: 'postgres:16',
      state: 'running',
      health: 'healthy',
      ports: ['0.0.0.0:5432->5432/tcp', ':::5432->5432/tcp'],
    },
    { name: 'worker', state: 'restarting', exitCode: 1 },
    { name: 'job', state: 'exited', exitCode: 137 },
    { name: 'web', state: 'running', health: 'starting' },
    { name: 'paused', state: 'paused' },
    { name: 'new', state: 'created' },
  ]);
});

it('tells a container that ended long ago from one that ended lately', () => {
  const ago = (text: string) =>
    read({ [ps]: `${id('a')}|x|busybox|${text}|` }).facts.containers![0]!.longGone;
  expect(
    ['Exited (1) 7 months ago', 'Exited (137) 5 weeks ago', 'Exited (2) About a year ago'].map(ago),
  ).toEqual([true, true, true]);
  expect(['Exited (1) 3 weeks ago', 'Exited (1) 21 hours ago'].map(ago)).toEqual([false, false]);
  expect(ago('Up 7 months')).toBeUndefined();
});

it('docker inspect, as JSON and as chosen fields', () => {
  const json = JSON.stringify([
    {
      Id: id('a'),
      Name: '/db',
      RestartCount: 4,
      Config: { Image: 'postgres:16', Env: ['POSTGRES_PASSWORD=x'] },
      State: {
        Status: 'running',
        OOMKilled: true,
        ExitCode: 0,
        StartedAt: '2023-11-14T21:13:20.123456789Z',
        Health: { Status: 'unhealthy' },
      },
    },
  ]);
  expect(read({ 'docker inspect': json }).facts.containers).toEqual([
    {
      id: 'aaaaaaaaaaaa',
      name: 'db',
      image: 'postgres:16',
      state: 'running',
      restarts: 4,
      exitCode: 0,
      oomKilled: true,
      health: 'unhealthy',
      startedAt: 1_699_996_400,
    },
  ]);
  const rows = read({
    [ps]: `${id('a')}|db|postgres:16|Up 25 hours (healthy)|`,
    'docker inspect --format {{.Id}}|{{.Name}}': `${id('a')}|/db|4|true|0|2023-11-14T21:13:20.123456789Z`,
  });
  expect(rows.facts.containers).toEqual([
    {
      id: 'aaaaaaaaaaaa',
      name: 'db',
      image: 'postgres:16',
      state: 'running',
      restarts: 4,
      exitCode: 0,
      oomKilled: true,
      health: 'healthy',
      startedAt: 1_699_996_400,
    },
  ]);
});

it('keeps the restarts that the report before told', () => {
  const before = read({ 'docker inspect --format x': `${id('a')}|/db|4|false|0|2023-11-14T21:13:20Z` });
  expect(
    read({ [ps]: `${id('a')}|db|postgres:16|Up 25 hours|` }, before).facts.containers?.[0]?.restarts,
  ).toBe(4);
});

it('JSON that is cut off', () => {
  expect(complaints(read({ 'docker inspect': '[{"Id": "' }))).toEqual([
    'docker inspect: Not understood. The JSON is cut off or damaged.',
  ]);
});

it('podman answers as docker does', () => {
  const id = 'c0ffee'.padEnd(64, '0');
  const { containers } = read({
    'podman ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}': `${id}|web|docker.io/library/nginx:1|Exited (137) 2 days ago`,
    'podman inspect': `${id}|web|4|true|137|2023-11-12 10:00:00.5 +0000 UTC`,
  }).facts;
  expect(containers).toMatchObject([
    { id: id.slice(0, 12), name: 'web', state: 'exited', exitCode: 137, restarts: 4, oomKilled: true },
  ]);
  expect(containers![0]!.startedAt).toBe(1_699_783_200);
});
