// What the agent tells of running statements, asked of a real MariaDB and a real PostgreSQL: verb and table, and never a value.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireProgram } from '#worker/probes/testServers.ts';
import { agent, base, folder, isRoot, sections, started, stubs, tree } from './agentRun.ts';

const postgresBin = join(
  '/usr/lib/postgresql',
  existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').at(-1)! : '',
  'bin',
);
requireProgram('mariadbd', 'mariadb-server');
requireProgram('setpriv', 'util-linux');
if (!existsSync(join(postgresBin, 'postgres')))
  throw new Error('This test needs PostgreSQL: apt-get install postgresql');

/** Of each value in the statements below: no report may have it. */
const mark = /S3CRET|90817|\b815\b/;

const until = async (works: () => void) => {
  for (let i = 0; ; i++) {
    try {
      return works();
    } catch (error) {
      if (i === 150) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
};

const dir = folder();
const mySocket = join(dir, 'my.sock');
const pgDir = join(dir, 'pg');
const my = ['--no-defaults', '-uroot', '-S', mySocket];
const clients: ChildProcess[] = [];
const programs = stubs({
  mysql: `exec /usr/bin/mariadb ${my.join(' ')} "$@"`,
  psql: `exec /usr/bin/psql -h ${pgDir} -U postgres "$@"`,
  setpriv: 'while [ "$1" != psql ]; do shift; done; exec "$@"',
});
const env = {
  ROOT: tree({ 'run/mysqld/mysqld.sock': '', 'run/postgresql/.s.PGSQL.5432': '' }),
  PATH: `${programs}:${process.env['PATH']}`,
};

/** Runs a statement that stays, as a client of its own. */
function run(program: 'mysql' | 'psql', statement: string): void {
  const [command, args] =
    program === 'mysql'
      ? ['mariadb', [...my, '--comments', 'shop', '-e', statement]]
      : ['psql', ['-XqAt', '-h', pgDir, '-U', 'postgres', '-c', statement]];
  const child = spawn(command, args, { stdio: 'ignore' });
  clients.push(child);
  started.push(child);
}

/** What a minute run tells of statements: verb and table, as the database gave them. */
async function told(section: 'mysql' | 'psql'): Promise<string[]> {
  const { out } = await agent(['--print', '--rhythm', 'minute'], env);
  expect(out).not.toMatch(mark);
  return sections(out)
    .get(section)!
    .split('\n')
    .filter((line) => /^now[\t|]/.test(line))
    .map((line) => line.split(/[\t|]/).slice(3).join(' ').replaceAll(/\s+/g, ' ').trim());
}

describe.runIf(isRoot)('statements that run', () => {
  beforeAll(async () => {
    chmodSync(base, 0o755);
    chmodSync(dir, 0o755);
    const data = join(dir, 'data');
    mkdirSync(data);
    mkdirSync(pgDir);
    execFileSync('chown', ['mysql', data, dir]);
    execFileSync('chown', ['postgres', pgDir]);
    const setpriv = ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'];
    execFileSync(
      'mariadb-install-db',
      ['--no-defaults', '--user=mysql', `--datadir=${data}`, '--auth-root-authentication-method=normal'],
      { stdio: 'ignore' },
    );
    execFileSync('setpriv', [...setpriv, join(postgresBin, 'initdb'), '-D', pgDir], { stdio: 'ignore' });
    started.push(
      spawn(
        'mariadbd',
        ['--no-defaults', '--user=mysql', `--datadir=${data}`, `--socket=${mySocket}`, '--skip-networking'],
        { stdio: 'ignore' },
      ),
      spawn(
        'setpriv',
        [
          ...[...setpriv, join(postgresBin, 'postgres'), '-D', pgDir],
          ...['-c', 'listen_addresses=', '-c', `unix_socket_directories=${pgDir}`],
        ],
        { stdio: 'ignore' },
      ),
    );
    const table = "create table cart (id int primary key, note text); insert into cart values (1, 'S3CRET')";
    await until(() =>
      execFileSync('mariadb', [...my, '-e', `create database shop; use shop; ${table}`], { stdio: 'ignore' }),
    );
    await until(() =>
      execFileSync('psql', ['-XqAt', '-h', pgDir, '-U', 'postgres', '-c', table], { stdio: 'ignore' }),
    );
  }, 120_000);
  afterAll(() => clients.forEach((client) => client.kill('SIGKILL')));

  test('of MariaDB, hostile ones among them', async () => {
    const wait = 'sleep(90817)';
    const hostile: [string, string][] = [
      [`SELECT ${wait}\n FROM \`shop\` . \`cart\` WHERE note = 'S3CRET'`, 'SELECT FROM `shop`'],
      [`select ${wait} from cart where note != 'it''s from S3CRET'`, 'select from cart'],
      [`select 'a from S3CRET', ${wait} from cart`, 'select'],
      [`select "from S3CRET", ${wait} from cart`, 'select'],
      [`select 'a\\'b from S3CRET ', ${wait} from cart`, 'select'],
      [`select 0x533343524554, ${wait} /* from S3CRET */ from cart`, 'select'],
      [`select ${wait} -- from S3CRET\n from cart`, 'select'],
      [`select ${wait} # from S3CRET\n from cart`, 'select'],
      [`select /*!50000 'S3CRET*/ from S3CRET', */ ${wait} from cart`, 'select'],
      [`update cart set note = concat(${wait}, 'S3CRET')`, 'update update cart'],
      [`do ${wait} + 815`, ''],
    ];
    for (const [statement] of hostile) run('mysql', statement);
    const count = () =>
      Number(
        execFileSync(
          'mariadb',
          [...my, '-BNe', "select count(*) from information_schema.processlist where info like '%90817%'"],
          {
            encoding: 'utf8',
          },
        ),
      );
    await until(() => expect(count()).toBeGreaterThan(hostile.length));
    const found = await told('mysql');
    expect(found.toSorted()).toEqual(hostile.map(([, words]) => words).toSorted());
  }, 60_000);

  test('of PostgreSQL, and who holds a transaction open', async () => {
    const wait = 'pg_sleep(90817)';
    const hostile: [string, string][] = [
      [`SELECT ${wait}\n FROM "cart" WHERE note = 'S3CRET'`, 'SELECT "cart"'],
      [`select 'from S3CRET', ${wait} from cart`, 'select'],
      [`select $$ from S3CRET $$, ${wait} from cart`, 'select'],
      [`select $x$ from S3CRET $x$, ${wait} from cart`, 'select'],
      [`select e'a\\'b from S3CRET ', ${wait} from cart`, 'select'],
      [`select /* a /* nested */ from S3CRET */ ${wait} from cart`, 'select'],
      [`select ${wait} -- from S3CRET\n from cart`, 'select'],
      [`/* S3CRET */ select ${wait} from cart`, ''],
      [`with x as (select ${wait} from cart) select 815 from x`, 'cart'],
      [`update only public.cart set note = 'S3CRET' where (select ${wait}) is null`, 'update public.cart'],
    ];
    for (const [statement] of hostile) run('psql', statement);
    const count = () =>
      Number(
        execFileSync(
          'psql',
          [
            ...['-XqAt', '-h', pgDir, '-U', 'postgres', '-c'],
            "select count(*) from pg_stat_activity where query ~ 'sleep.90817' and state = 'active'",
          ],
          { encoding: 'utf8' },
        ),
      );
    await until(() => expect(count()).toBeGreaterThan(hostile.length));
    const found = await told('psql');
    expect(found.toSorted()).toEqual(hostile.map(([, words]) => words).toSorted());
  }, 60_000);
});

test('the error of a replica quotes a statement: no line of it is told', async () => {
  const mysql = `cat <<'END'
*************************** 1. row ***************************
             Slave_SQL_Running: No
                    Last_Errno: 1062
                    Last_Error: Error 'Duplicate entry' on query. Query: 'insert into log values (
\t\t1,\t'S3CRET'),
S3CRET\t2
Job Running: S3CRET
                 Note_Running: S3CRET')'
         Seconds_Behind_Master: NULL
Variable_name\tValue
Uptime\t500
END`;
  const PATH = `${stubs({ mysql })}:${process.env['PATH']}`;
  const ROOT = tree({ 'run/mysqld/mysqld.sock': '' });
  const { out } = await agent(['--print', '--rhythm', 'minute'], { ROOT, PATH });
  expect(sections(out).get('mysql')!.replaceAll(/^ +/gm, '')).toBe(
    'Slave_SQL_Running: No\nLast_Errno: 1062\nSeconds_Behind_Master: NULL\nVariable_name\tValue\nUptime\t500\n',
  );
});
