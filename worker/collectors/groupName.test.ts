import { expect, it } from 'vitest';
import { groupName } from './groupName.ts';

it.each([
  ['php-fpm8.2', 'php-fpm'],
  ['php-fpm: pool www', 'php-fpm'],
  ['postgres: checkpointer', 'postgres'],
  ['systemd-resolve', 'systemd-resolved'],
  ['sshd-session', 'sshd'],
  ['python3.11', 'python3'],
  ['ruby2.7', 'ruby'],
  ['(sd-pam)', 'sd-pam'],
  ['MainThread', 'node'],
  ['npm exec tsc -p', 'npm'],
  ['nginx', 'nginx'],
  ['apache2', 'apache2'],
  ['a:b', 'a:b'],
  ['', ''],
])('%s is %s', (name, group) => {
  expect(groupName(name, false)).toBe(group);
});

it.each([
  ['kworker/0:1H-kblockd', 'kworker'],
  ['ksoftirqd/12', 'ksoftirqd'],
  ['kswapd0', 'kswapd'],
  ['jbd2/sda1-8', 'jbd2'],
  ['md127_raid1', 'md_raid1'],
  ['irq/24-eth0', 'irq'],
  ['scsi_eh_3', 'scsi_eh'],
  ['rcu_preempt', 'rcu'],
  ['xfsaild/dm-0', 'xfsaild'],
])('the kernel thread %s is %s', (name, group) => {
  expect(groupName(name, true)).toBe(group);
});
