// The virtual machines that stand in for hardware and for kernels: what runs in them runs there, and they die as they are told.
import { afterAll, expect, test } from 'vitest';
import { endAll, Sandbox } from './sandbox.ts';

afterAll(endAll);
const setup = { setup: true, limit: 100 };

test('kb-vm --systemd dies as it is told first, then serves root and admin on a kernel of its own', async () => {
  const sandbox = await new Sandbox().start();
  const made = await sandbox.run(
    `set -e
    printf '[Service]\\nExecStart=/bin/sleep 900\\nMemoryMax=32M\\n' >/etc/systemd/system/shop.service
    kb-vm --systemd --append security=apparmor --run 'echo before >/root/died; sync; echo c >/proc/sysrq-trigger; sleep 60; echo survived >/root/died' 300M 8M`,
    setup,
  );
  expect(made).toEqual({ output: '', status: 0 });
  const root = await sandbox.run(
    `cat /root/died; systemctl start shop && cat /sys/fs/cgroup/system.slice/shop.service/memory.max
    cat /sys/module/apparmor/parameters/enabled; blockdev --getsize64 /dev/ubda; sysctl -n -w vm.swappiness=7; systemctl is-system-running
    vmstat | wc -l`,
  );
  expect(root.output.split('\n')).toEqual(['before', '33554432', 'Y', '8388608', '7', 'running', '3', '']);
  const admin = await sandbox.run('id -un; pwd; exit 3', { user: 'admin' });
  expect(admin).toEqual({ output: 'admin\n/home/admin\n', status: 3 });
  const outside = await sandbox.run('cat /proc/sys/vm/swappiness', { shell: '/bin/bash' });
  expect(outside.output).not.toBe('7\n');
}, 150_000);

test('kb-console types what it is told when it is asked, and ends with its machine', async () => {
  const sandbox = await new Sandbox().start();
  const { output } = await sandbox.run(
    `printf '#!/bin/sh\\nprintf "name: "\\nread -r n\\necho "hello $n"\\n' >/root/ask; chmod 755 /root/ask
    echo 'name: => you' | kb-console mem=160M rootfstype=hostfs rootflags=/ init=/root/ask`,
    setup,
  );
  expect(output).toMatch(
    /^Linux version [\s\S]*hello you\n[\s\S]*Kernel panic - not syncing: Attempted to kill init!/,
  );
  expect(output).not.toContain('\r');
}, 120_000);
