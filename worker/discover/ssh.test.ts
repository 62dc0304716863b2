import { expect, test } from 'vitest';
import { checked, here, listener, outside, publicV4 } from './checkProposals.fixture.ts';
import { ssh } from './ssh.ts';

test.each([
  ['sshd', 22],
  ['sshd', 2222],
  ['dropbear', 22],
  ['systemd', 22],
  [undefined, 22],
])('%s on %i speaks SSH', (process, port) => {
  const [proposal, ...rest] = checked(
    ssh.propose({ listeners: [listener('0.0.0.0', port, process)] }, outside),
  );
  expect(proposal).toMatchObject({
    key: `port tcp ${publicV4}:${port}`,
    settings: { host: publicV4, port, receive: 'SSH-2.0' },
  });
  expect(rest).toEqual([]);
});

test('systemd on another port, nginx on 22 and loopback are not SSH', () => {
  const listeners = [
    listener('0.0.0.0', 9090, 'systemd'),
    listener('0.0.0.0', 22, 'nginx'),
    listener('127.0.0.1', 22, 'sshd'),
  ];
  expect(ssh.propose({ listeners }, here)).toEqual([]);
});
