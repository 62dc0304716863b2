// One cause, one message: through maintenance, mail servers that are away, workers that start again, and things that come and go.
import {
  dies,
  fail,
  GiB,
  mariadb,
  mute,
  nginx,
  shop,
  starts,
  status,
  type Story,
  threeSites,
} from './story.ts';
import type { Stage } from './stage.ts';

function down(s: Stage): void {
  s.machine().stop('nginx');
  s.machine().unit('nginx.service', { active: 'inactive', sub: 'dead' });
  fail(s, { port: 443 }, 'connect-refused');
  fail(s, { port: 80 }, 'connect-refused');
}
function up(s: Stage): void {
  starts(s.machine(), 'nginx', nginx);
  s.wellOutside();
}
const gone = { root: 'proc.vanished', subject: 'process:nginx', folds: ['svc.port_down'] } as const;

async function work(s: Stage, minutes: number): Promise<void> {
  s.maintained = true;
  const { db } = s.contexts[0]!;
  const start = new Date((s.at - 60) * 1000).toISOString().slice(0, 16);
  await db.maintenance.create({
    data: {
      organizationId: s.organizationId,
      serverId: s.servers.get('web1')!.id,
      title: 'New nginx',
      createdBy: 'ann@example.org',
      start,
      minutes,
      timeZone: 'UTC',
    },
  });
}

export const messageStories: Story[] = [
  {
    name: 'planned work: nginx is down inside of it and back before its end',
    stage: shop,
    happens: { 0: (s) => work(s, 10), 10: down, 300: up },
    seen: 480,
    ends: 780,
    roots: [],
  },
  {
    name: 'planned work ends, and nginx is still down',
    stage: shop,
    happens: { 0: (s) => work(s, 5), 10: down },
    seen: 420,
    mended: { at: 480, how: up },
    told: 360,
    roots: [gone],
  },
  {
    name: 'the mail server is away for three minutes',
    stage: shop,
    happens: {
      0: (s) => void s.broken.add('email'),
      10: down,
      240: (s) => void s.broken.delete('email'),
    },
    seen: 420,
    mended: { at: 480, how: up },
    roots: [gone],
  },
  {
    name: 'the mail server is away for longer than the trouble lasts',
    stage: shop,
    happens: {
      0: (s) => void s.broken.add('email'),
      10: down,
      600: (s) => void s.broken.delete('email'),
    },
    seen: 300,
    mended: { at: 360, how: up },
    ends: 800,
    roots: [gone],
    hears: { email: ['resolved'] },
  },
  {
    name: 'two workers judge and send at once',
    stage: shop,
    workers: 2,
    happens: { 10: down },
    mended: { at: 420, how: up },
    roots: [gone],
  },
  {
    name: 'the page is mended by hand before the database, its cause, is',
    stage: shop,
    happens: {
      10: (s) => {
        dies(s.machine(), 'mariadbd', 'mariadb.service');
        status(s, {}, 500);
      },
      240: (s) => s.wellOutside(),
    },
    seen: 400,
    mended: { at: 420, how: (s) => starts(s.machine(), 'mariadbd', mariadb, 'mariadb.service') },
    roots: [{ root: 'svc.unit_failed', subject: 'unit:mariadb.service' }],
    over: /mariadb/,
  },
  {
    name: 'the disk is freed long before the shop works again',
    stage: shop,
    happens: {
      [-100]: (s) => void s.machine().mount('/', { used: 37.9 * GiB }),
      10: (s) => {
        s.machine().mount('/', { used: 38 * GiB });
        dies(s.machine(), 'mariadbd', 'mariadb.service');
        status(s, {}, 500);
      },
      240: (s) => {
        s.machine().mount('/', { used: 14 * GiB });
        starts(s.machine(), 'mariadbd', mariadb, 'mariadb.service');
      },
    },
    seen: 420,
    mended: { at: 560, how: (s) => s.wellOutside() },
    told: 70,
    roots: [
      {
        root: ['disk.full', 'svc.unit_failed'],
        subject: ['mount:/', 'unit:mariadb.service'],
        folds: ['svc.http_down'],
      },
    ],
  },
  {
    name: 'it is over and back again after two minutes',
    stage: shop,
    happens: { 10: down, 240: up, 420: down },
    seen: 600,
    mended: { at: 660, how: up },
    ends: 1500,
    updates: 2,
    roots: [gone],
  },
  {
    name: 'a page comes and goes every forty seconds',
    stage: shop,
    happens: Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [
        10 + 40 * i,
        (s: Stage) => (i % 2 ? s.wellOutside() : status(s, {}, 503)),
      ]),
    ),
    seen: 440,
    ends: 1400,
    updates: 1,
    told: 300,
    roots: [{ root: ['svc.http_down', 'svc.http_5xx'], subject: ['monitor:', 'process:nginx'] }],
  },
  {
    name: 'sites of one server fail one after the other, each minute one more',
    stage: threeSites,
    happens: {
      10: (s) => status(s, { host: 'shop.rosen.net' }, 500),
      90: (s) => status(s, { host: 'blog.rosen.net' }, 500),
      170: (s) => status(s, { host: 'billing.tulpen.net' }, 500),
    },
    seen: 360,
    mended: { at: 420, how: (s) => s.wellOutside() },
    roots: [{ root: 'svc.http_5xx', subject: 'process:nginx', folds: [] }],
    updates: 1,
  },
  {
    name: 'the root changes: first the page is slow to connect, then the whole server is gone',
    stage: shop,
    happens: {
      10: (s) => fail(s, { kinds: ['http'] }, 'http-timeout'),
      200: (s) => {
        s.reports('none');
        mute(s, 'web1');
      },
    },
    seen: 560,
    mended: {
      at: 600,
      how(s) {
        s.reports('sent');
        s.wellOutside();
      },
    },
    ends: 900,
    updates: 1,
    roots: [{ root: 'net.unreachable', subject: 'server:web1', folds: ['svc.http_down'] }],
  },
];
