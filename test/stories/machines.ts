// Whole servers that go silent, and several servers with one thing below them.
import {
  dies,
  fail,
  mariadb,
  MiB,
  mute,
  runShop,
  shop,
  shopProgram,
  site,
  starts,
  status,
  type Story,
} from './story.ts';
import { webServer } from '../scenarios/scenario.ts';
import type { Stage } from './stage.ts';

const web = (s: Stage, name: string, address: string, host: string, proxy?: string) =>
  s.server(name, address, (m) => {
    webServer(m);
    site(m, host, proxy);
  });

/** Off, or cut off: it neither answers nor reports. */
function gone(s: Stage, ...names: string[]): void {
  for (const name of names) {
    s.reports('none', name);
    mute(s, name);
  }
}
function back(s: Stage, ...names: string[]): void {
  for (const name of names) s.reports('sent', name);
  s.wellOutside();
}

async function twoInOneRack(s: Stage): Promise<void> {
  await web(s, 'web1', '1.2.3.10', 'shop.rosen.net');
  await web(s, 'web2', '1.2.3.11', 'blog.tulpen.net');
}

export const machineStories: Story[] = [
  {
    name: 'a server dies wholly: outside first, and then its reports are missed',
    stage: shop,
    happens: { 10: (s) => gone(s, 'web1') },
    seen: 420,
    mended: { at: 480, how: (s) => back(s, 'web1') },
    ends: 780,
    roots: [{ root: 'net.unreachable', subject: 'server:web1', folds: ['agent.silent'] }],
    says: [/does not answer from outside/],
    over: /web1/,
  },
  {
    name: 'only the agent is dead: all pages answer',
    stage: shop,
    happens: { 10: (s) => s.reports('none') },
    seen: 540,
    mended: { at: 600, how: (s) => s.reports('sent') },
    roots: [{ root: 'agent.silent', subject: 'server:web1' }],
    told: 500,
  },
  {
    name: 'cut off by its own link: nothing answers, and the reports come later, all at once',
    stage: shop,
    happens: {
      10: (s) => {
        s.machine().net.state = 'down';
        s.reports('kept');
        mute(s, 'web1');
      },
    },
    seen: 360,
    mended: {
      at: 420,
      how(s) {
        s.machine().net.state = 'up';
        back(s, 'web1');
      },
    },
    ends: 720,
    roots: [{ root: 'net.unreachable', subject: 'server:web1' }],
  },
  {
    name: 'reports are ten minutes late while nginx is gone: the first message can only name the symptom',
    stage: shop,
    happens: {
      [-30]: (s) => s.reports('kept'),
      10: (s) => {
        dies(s.machine(), 'nginx', 'nginx.service', 11, 'signal');
        fail(s, { port: 443 }, 'connect-refused');
        fail(s, { port: 80 }, 'connect-refused');
      },
      600: (s) => s.reports('sent'),
    },
    seen: 780,
    mended: {
      at: 840,
      how(s) {
        starts(s.machine(), 'nginx', { cpu: 3, rss: 30 * MiB, count: 3, ports: [80, 443], uid: 33 });
        s.wellOutside();
      },
    },
    roots: [{ root: 'svc.unit_failed', subject: 'unit:nginx.service', folds: ['svc.port_down'] }],
    updates: 1,
    says: [/nginx\.service/],
    over: /nginx\.service/,
  },
  {
    name: 'a proxy answers 502, since the program on another server behind it is dead',
    async stage(s) {
      await web(s, 'proxy1', '1.2.3.10', 'shop.rosen.net', 'http://10.0.0.21:8080');
      await s.server('app1', '10.0.0.21', runShop);
    },
    happens: {
      10: (s) => {
        dies(s.machine('app1'), 'java', 'shop.service', 1);
        status(s, { server: 'proxy1' }, 502);
      },
    },
    mended: {
      at: 420,
      how(s) {
        starts(s.machine('app1'), 'java', shopProgram, 'shop.service');
        s.wellOutside();
      },
    },
    roots: [{ on: 'app1', root: 'svc.unit_failed', subject: 'unit:shop.service' }],
    heads: 1,
    updates: 1,
    says: [/shop\.service/],
    over: /app1 and proxy1/,
  },
  {
    name: 'a server behind a proxy dies wholly, and the proxy answers 504',
    async stage(s) {
      await web(s, 'proxy1', '1.2.3.10', 'shop.rosen.net', 'http://1.2.3.21:8080');
      await s.server('app1', '1.2.3.21', runShop);
    },
    happens: {
      10: (s) => {
        gone(s, 'app1');
        status(s, { server: 'proxy1' }, 504);
      },
    },
    seen: 420,
    mended: { at: 480, how: (s) => back(s, 'app1') },
    ends: 780,
    roots: [{ on: 'app1', root: 'net.unreachable', subject: 'server:app1' }],
    heads: 1,
    updates: 1,
  },
  {
    name: 'the switch of two servers fails: both are silent at the same time',
    stage: twoInOneRack,
    happens: { 10: (s) => gone(s, 'web1', 'web2') },
    seen: 420,
    mended: { at: 480, how: (s) => back(s, 'web1', 'web2') },
    ends: 780,
    roots: [{ root: 'net.unreachable', subject: 'server:' }],
    heads: 1,
    updates: 1,
    says: [/web1/, /web2/],
  },
  {
    name: 'a provider is out: five servers of one network are silent within a minute',
    async stage(s) {
      for (let i = 1; i <= 5; i++) await web(s, `web${i}`, `1.2.3.${10 + i}`, `shop${i}.rosen.net`);
    },
    happens: {
      10: (s) => gone(s, 'web1', 'web3'),
      30: (s) => gone(s, 'web2', 'web4'),
      50: (s) => gone(s, 'web5'),
    },
    seen: 420,
    mended: { at: 480, how: (s) => back(s, 'web1', 'web2', 'web3', 'web4', 'web5') },
    ends: 780,
    roots: [{ root: 'net.unreachable', subject: 'server:' }],
    heads: 1,
    updates: 1,
    says: [/5 servers|4 other|4 more/],
  },
  {
    name: 'a file server dies, and two web servers wait for it',
    async stage(s) {
      await twoInOneRack(s);
      await s.server('nas1', '1.2.3.40', (m) => {
        m.run('nfsd', { ports: [2049], count: 8 });
        m.unit('nfs-server.service');
      });
      for (const name of ['web1', 'web2'])
        s.machine(name).mount('/srv/shared', {
          source: 'nas1:/export/shared',
          type: 'nfs4',
          options: 'rw,hard,vers=4.2,addr=1.2.3.40',
        });
    },
    happens: {
      10: (s) => {
        gone(s, 'nas1');
        for (const name of ['web1', 'web2']) {
          const m = s.machine(name);
          m.say('nfs: server nas1 not responding, still trying');
          m.run('php-fpm', { state: 'D', cpu: 0 });
          m.blocked = 8;
          fail(s, { server: name, kinds: ['http'] }, 'http-timeout');
        }
      },
      40: (s) => {
        for (const name of ['web1', 'web2'])
          s.machine(name).say('nfs: server nas1 not responding, still trying');
      },
    },
    seen: 420,
    roots: [{ on: 'nas1', root: 'net.unreachable', subject: 'server:nas1' }],
    heads: 1,
    updates: 1,
    says: [/web2/, /(nas|dns)1/],
  },
  {
    name: 'a name server that two servers ask is dead',
    async stage(s) {
      await twoInOneRack(s);
      await s.server('dns1', '1.2.3.53', (m) => {
        m.run('unbound', { ports: [53], rss: 60 * MiB });
        m.unit('unbound.service');
        m.unit('ssh.service');
      });
      for (const name of ['web1', 'web2'])
        s.machine(name).sections.set('cat /etc/resolv.conf', 'nameserver 1.2.3.53\n');
    },
    happens: {
      10: (s) => {
        gone(s, 'dns1');
        for (const name of ['web1', 'web2'])
          s.machine(name).sections.set(
            'ip neigh',
            '1.2.3.1 dev eth0 lladdr 02:fc:00:00:00:05 REACHABLE \n1.2.3.53 dev eth0  FAILED ',
          );
      },
    },
    seen: 420,
    roots: [{ on: 'dns1', root: 'net.unreachable', subject: 'server:dns1' }],
    heads: 1,
    updates: 1,
    says: [/web2/, /(nas|dns)1/],
  },
  {
    name: 'a database server of two applications is down, and both answer 500',
    async stage(s) {
      await twoInOneRack(s);
      await s.server('db1', '1.2.3.30', (m) => {
        m.run('mariadbd', { ...mariadb, bind: '0.0.0.0' });
        m.unit('mariadb.service');
        m.unit('ssh.service');
      });
      s.outside((look) => (look.port === 3306 ? { code: 'connect-timeout' } : undefined));
      for (const name of ['web1', 'web2']) {
        s.machine(name).stop('mariadbd');
        s.machine(name).units.delete('mariadb.service');
        s.machine(name).sections.set('cat /etc/hosts', '127.0.0.1 localhost\n1.2.3.30 db1 db1.internal\n');
      }
    },
    happens: {
      10: (s) => {
        dies(s.machine('db1'), 'mariadbd', 'mariadb.service');
        status(s, {}, 500);
      },
    },
    seen: 300,
    mended: {
      at: 420,
      how(s) {
        starts(s.machine('db1'), 'mariadbd', { ...mariadb, bind: '0.0.0.0' }, 'mariadb.service');
        s.wellOutside();
      },
    },
    roots: [{ on: 'db1', root: 'svc.unit_failed', subject: 'unit:mariadb.service' }],
    heads: 1,
    updates: 1,
    over: /2 other servers/,
  },
  {
    name: 'two servers lose the same gateway and say so inside',
    stage: twoInOneRack,
    happens: {
      10: (s) => {
        for (const name of ['web1', 'web2']) {
          s.machine(name).sections.set('ip neigh', '1.2.3.1 dev eth0  FAILED ');
          s.machine(name).net.rxPackets = 0;
          s.machine(name).net.rx = 0;
          s.reports('kept', name);
          mute(s, name);
        }
      },
    },
    seen: 360,
    mended: {
      at: 420,
      how(s) {
        for (const name of ['web1', 'web2']) {
          s.machine(name).sections.delete('ip neigh');
          s.machine(name).net.rxPackets = 120;
          s.machine(name).net.rx = 40_000;
        }
        back(s, 'web1', 'web2');
      },
    },
    ends: 780,
    roots: [{ root: ['net.unreachable', 'net.gateway_down'], subject: ['server:', 'peer:'] }],
    heads: 1,
    updates: 1,
    says: [/web1/, /web2/],
  },
];
