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
])('%s is of %s: %s', (change, unit, expected) => {
  expect(belongsTo(change, unit)).toBe(expected);
});
