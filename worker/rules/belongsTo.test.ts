import { expect, it } from 'vitest';
import { belongsTo } from './belongsTo.ts';

it.each([
  ['httpd-tools', 'httpd.service', true],
  ['mod_ssl', 'httpd.service', false],
  ['php8.3-fpm', 'php8.3-fpm.service', true],
  ['mysql-community-server', 'mariadb.service', true],
  ['postgresql-16', 'postgresql@16-main.service', true],
  ['openssh-server', 'sshd.service', true],
  ['tzdata', 'nginx.service', false],
  ['/etc/nginx/nginx.conf', 'nginx.service', true],
  ['/etc/php/8.2/fpm/pool.d/www.conf', 'php8.2-fpm.service', true],
  ['/etc/php/8.1/fpm/pool.d/www.conf', 'php8.2-fpm.service', false],
  ['/etc/php/8.2/cli/php.ini', 'php8.2-fpm.service', false],
  ['/etc/php-fpm.d/www.conf', 'php-fpm.service', true],
  ['php-common', 'php8.2-fpm.service', true],
  ['/etc/redis/redis.conf', 'redis-server.service', true],
  ['/etc/bind/named.conf.options', 'named.service', true],
  ['bind9', 'named.service', true],
  ['/etc/nginx/nginx.conf', 'php8.2-fpm.service', false],
])('%s is of %s: %s', (change, unit, expected) => {
  expect(belongsTo(change, unit)).toBe(expected);
});
