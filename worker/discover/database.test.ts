import { expect, test } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { checked, here, keys, listener, outside, publicV4, publicV6 } from './checkProposals.fixture.ts';
import { database } from './database.ts';

const propose = (facts: Facts, context = outside) => checked(database.propose(facts, context));

test.each([
  ['mariadbd', 3306],
  ['mysqld', 3307],
  ['postgres', 5433],
  ['redis-server', 6380],
  ['valkey-server', 6379],
  ['mongod', 27017],
  ['memcached', 11211],
  ['elasticsearch', 9201],
  ['java', 9200],
  ['docker-proxy', 5432],
  [undefined, 6379],
])('%s on %s must be closed to the internet', (process, port) => {
  const [proposal] = propose({ listeners: [listener('0.0.0.0', port, process)] });
  expect(proposal).toMatchObject({
    key: `port tcp ${publicV4}:${port}`,
    kind: 'port',
    settings: { host: publicV4, port, expect: 'closed' },
  });
});

test('one bound to loopback is watched, too: a published container port or a changed setting opens it', () => {
  const facts: Facts = { listeners: [listener('127.0.0.1', 5432, 'postgres')] };
  const [proposal] = propose(facts, { loopback: false, addresses: [publicV4, publicV6] });
  expect(proposal?.reason).toBe(
    'postgres listens on 127.0.0.1:5432; a database must not be reached from the internet',
  );
  expect(keys(propose(facts, { loopback: false, addresses: [publicV4, publicV6] }))).toEqual([
    `port tcp ${publicV4}:5432`,
    `port tcp [${publicV6}]:5432`,
  ]);
});

test('over loopback and between private addresses nothing is expected to be closed', () => {
  const facts: Facts = { listeners: [listener('127.0.0.1', 5432, 'postgres')] };
  expect(propose(facts, here)).toEqual([]);
  expect(propose(facts, { loopback: false, addresses: ['10.0.0.5', 'fd00::5'] })).toEqual([]);
});

test('a web server on the port of a database is none', () => {
  expect(
    propose({ listeners: [listener('0.0.0.0', 9200, 'nginx'), listener('0.0.0.0', 22, 'sshd')] }),
  ).toEqual([]);
});
