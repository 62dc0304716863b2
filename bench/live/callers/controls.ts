// Nothing is wrong here; much happens.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MiB, type LiveScenario } from '../liveScenario.ts';
import { mariadb, sql } from '../memory.ts';
import { gunicorn, logs, nginx, own, phpPool, phpSite, proxy, visitors } from '../programs.ts';
import { restartUnit, runUnit, serviceManager } from '../serviceManager.ts';

export const controlCallers: LiveScenario[] = [
  {
    slug: 'cache-in-group',
    name: 'The page cache of a service fills the memory that its unit may have',
    kind: 'control',
    prepare: (lab) => lab.limit('search.service', { memory: 90 * MiB }),
    inject: (lab) =>
      void lab.start(
        [
          'sh',
          '-c',
          `head -c 150000000 /dev/zero > ${lab.directory}/index; while :; do cat ${lab.directory}/index > /dev/null; sleep 1; done`,
        ],
        { unit: 'search.service' },
      ),
    roots: [],
  },
  {
    slug: 'logs-rotated',
    name: 'logrotate moves, packs and reopens the logs of a web server under load',
    kind: 'control',
    prepare(lab) {
      nginx(
        lab,
        'events {} error_log /var/log/nginx/error.log; http { access_log /var/log/nginx/access.log; server { listen 80; location / { return 200 "ok"; } } }',
      );
      lab.run(['sh', '-c', 'yes "a line of the last days" | head -c 20000000 >> /var/log/nginx/access.log']);
      visitors(lab, 3);
      writeFileSync(
        join(lab.directory, 'rotate'),
        `/var/log/nginx/*.log {\n rotate 4\n missingok\n compress\n create 0640 root root\n postrotate\n kill -USR1 $(cat ${lab.directory}/n.pid)\n endscript\n}\n`,
        { mode: 0o644 },
      );
    },
    inject: (lab) =>
      void lab.run(['logrotate', '-f', '-s', join(lab.directory, 'state'), join(lab.directory, 'rotate')]),
    roots: [],
  },
  {
    slug: 'haproxy-reloaded',
    name: 'haproxy is reloaded: a new process takes over from the old one',
    kind: 'control',
    prepare(lab) {
      lab.start(gunicorn(lab, 'time.sleep(0.01)'));
      writeFileSync(
        join(lab.directory, 'h.cfg'),
        'defaults\n mode http\n timeout connect 2s\n timeout client 5s\n timeout server 5s\nfrontend f\n bind :80\n default_backend b\nbackend b\n server s 127.0.0.1:8000\n',
      );
      lab.start(['haproxy', '-W', '-db', '-p', `${lab.directory}/h.pid`, '-f', join(lab.directory, 'h.cfg')]);
      lab.host(['sleep', '1']);
      visitors(lab, 3);
    },
    inject: (lab) => void lab.run(['sh', '-c', 'kill -USR2 $(pgrep -ox haproxy)']),
    roots: [],
  },
  {
    slug: 'nightly-dump',
    name: 'mariadb-dump and gzip write the nightly dump',
    kind: 'control',
    prepare(lab) {
      own(lab, '/run/mysqld');
      mariadb(lab, '64M', 'mariadb.service');
      sql(
        lab,
        'create database shop; use shop; create table t (a int primary key, b varchar(400)) engine=innodb; insert into t select seq, repeat(md5(seq), 10) from seq_1_to_60000',
      );
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        `for i in 1 2 3 4; do mysqldump --no-defaults -S /run/mysqld/mysqld.sock shop | gzip > ${lab.directory}/shop.sql.gz; done`,
      ]),
    roots: [],
  },
  {
    slug: 'php-on-demand',
    name: 'PHP starts its children on demand and ends them again; a burst of visitors is within its means',
    kind: 'control',
    prepare(lab) {
      logs(lab, 'nginx');
      lab.start(
        phpPool(
          lab,
          'pm = ondemand\npm.max_children = 12\npm.process_idle_timeout = 5s',
          'usleep(80000); echo 1;',
          '127.0.0.1:9000',
        ),
      );
      nginx(lab, phpSite(lab, '127.0.0.1:9000'));
    },
    inject(lab) {
      const burst = visitors(lab, 6);
      lab.host(['sleep', '12']);
      lab.stop(burst);
    },
    roots: [],
  },
  {
    slug: 'image-read-only',
    name: 'The image of a snap is mounted read-only and is full, as each is',
    kind: 'control',
    prepare(lab) {
      lab.fileSystem('/snap/core22/1380', 40);
      lab.run(['sh', '-c', 'cat /dev/zero > /snap/core22/1380/all; :'], { mayFail: true });
    },
    inject: (lab) => void lab.run(['mount', '-o', 'remount,ro', '/snap/core22/1380']),
    roots: [],
  },
  {
    slug: 'deployed-twice',
    name: 'A service is restarted by hand twice for a deployment',
    kind: 'control',
    prepare(lab) {
      serviceManager(lab);
      runUnit(lab, { name: 'shop.service', command: gunicorn(lab, 'time.sleep(0.01)'), restartSeconds: 1 });
      nginx(lab, proxy('http://127.0.0.1:8000'));
      visitors(lab, 2);
    },
    inject: () => undefined,
    each(lab, report) {
      if (report === 1 || report === 4) restartUnit(lab, 'shop.service');
    },
    roots: [],
  },
  {
    slug: 'containers-come-and-go',
    name: 'The interfaces of containers appear and are gone again',
    kind: 'control',
    prepare(lab) {
      lab.run(['sh', '-c', 'ip link add docker0 type bridge && ip link set docker0 up']);
    },
    inject: (lab) =>
      void lab.start([
        'sh',
        '-c',
        'n=0; while :; do n=$((n + 1)); ip link add veth$n type veth peer name p$n; ip link set veth$n master docker0 up; ip link set p$n up; sleep 4; ip link del veth$n; sleep 2; done',
      ]),
    roots: [],
  },
];
