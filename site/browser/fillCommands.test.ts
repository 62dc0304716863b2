import { expect, test } from 'vitest';
import { fillText } from './fillCommands.ts';

const filled = (text: string, values: object, yours: Record<string, string> = {}) =>
  fillText(text, values, yours)
    .map(({ text: part, sample }) => (sample ? `[${part}]` : part))
    .join('');

test('words of the article give way to the values that they stand for', () => {
  const yours = { unit: 'nginx', device: '/dev/vdb', mount: '/srv' };
  expect(filled('systemctl restart nginx', { unit: 'caddy.service' }, yours)).toBe(
    'systemctl restart [caddy.service]',
  );
  expect(filled('df -h /srv; lsblk /dev/vdb', { mount: '/var', device: '/dev/sda1' }, yours)).toBe(
    'df -h [/var]; lsblk [/dev/sda1]',
  );
  expect(filled('ssh web1 journalctl -u UNIT', { host: 'db7', unit: 'x@1.service' })).toBe(
    'ssh [db7] journalctl -u [x@1.service]',
  );
});

test('parts of words, unknown values and output of other things stay', () => {
  const yours = { unit: 'nginx', mount: '/srv' };
  const values = { unit: 'caddy.service', mount: '/var' };
  for (const text of [
    'nginx -t',
    'cat /etc/nginx/nginx.conf',
    'nginx.service',
    'ls /srv/www',
    'a/srv',
    'my-nginx',
  ])
    expect(filled(text, { ...values, ...(text === 'nginx -t' ? { unit: undefined } : {}) }, yours)).toBe(
      text,
    );
  expect(filled('df -h /srv', { unit: 'x' }, yours)).toBe('df -h /srv');
});

test('a site is found in addresses, and not in other names', () => {
  const of = (text: string) => filled(text, { site: 'shop.test' }, { site: 'www.example.org' });
  expect(of("curl -s 'https://www.example.org/api' --resolve www.example.org:443:192.0.2.10")).toBe(
    "curl -s 'https://[shop.test]/api' --resolve [shop.test]:443:192.0.2.10",
  );
  for (const text of [
    '/etc/tls/www.example.org',
    'x.www.example.org',
    'www.example.org.net',
    'a@www.example.org',
  ])
    expect(of(text)).toBe(text);
});

test('a value that a shell could read as more than a name never gets into a command', () => {
  for (const unit of [
    '$(reboot)',
    'a;reboot',
    'a b',
    '`x`',
    "a'",
    'a"',
    'a|b',
    '-rf',
    'a\nb',
    '',
    'a>b',
    '../x',
    '~',
  ])
    expect(filled('systemctl stop UNIT', { unit })).toBe('systemctl stop UNIT');
});

test('the placeholder of a command that destroys is not filled', () => {
  expect(filled('mkfs.ext4 /dev/DISK', { device: '/dev/sda', array: 'md0' })).toBe('mkfs.ext4 /dev/DISK');
});
