import { describe, expect, it } from 'vitest';
import { dataOf, isNamedFor } from './unitData.ts';

describe('where a service keeps its data', () => {
  it.each([
    ['mariadb.service', '/var/lib/mysql'],
    ['postgresql@17-main.service', '/var/lib/postgresql'],
    ['postgresql-15.service', '/var/lib/pgsql'],
    ['redis-server.service', '/var/lib/redis'],
    ['mongod.service', '/var/lib/mongodb'],
    ['elasticsearch.service', '/var/lib/elasticsearch'],
  ])('%s: %s', (unit, path) => {
    expect(dataOf(unit)).toContain(path);
  });

  it.each([
    ['/srv/git', 'gitea.service', true],
    ['/var/lib/pgsql/data', 'postgresql-15.service', true],
    ['/srv/data', 'gitea.service', false],
    ['/mnt/usb', 'NetworkManager-wait-online.service', false],
    ['/var/lib', 'libvirtd.service', false],
    ['/', 'nginx.service', false],
  ])('%s is named for %s: %s', (mount, unit, named) => {
    expect(isNamedFor(mount, unit)).toBe(named);
  });
});
