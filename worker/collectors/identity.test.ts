import { expect, it } from 'vitest';
import { complaints, read } from './sections.fixture.ts';

it('reads who the machine is, and takes fields that nobody filled in for empty', () => {
  const snapshot = read({
    'cat /proc/sys/kernel/hostname': 'web1',
    'cat /etc/machine-id': '5f6f4d3c2b1a49788796a5b4c3d2e1f0',
    'grep -r . /sys/class/dmi/id': `/sys/class/dmi/id/sys_vendor:To Be Filled By O.E.M.
/sys/class/dmi/id/board_vendor:Supermicro
/sys/class/dmi/id/product_name:X11SSL-F
/sys/class/dmi/id/product_serial:0123456789
/sys/class/dmi/id/product_uuid:4C4C4544-0042-3010-8054-B4C04F564433`,
    'systemd-detect-virt': 'none',
    'timedatectl show': 'Timezone=Europe/Berlin\nNTPSynchronized=yes\nTimeUSec=Tue 2023-11-14 23:13:20 CET',
  });
  expect(snapshot.facts.host).toEqual({
    hostname: 'web1',
    machineId: '5f6f4d3c2b1a49788796a5b4c3d2e1f0',
    vendor: 'Supermicro',
    product: 'X11SSL-F',
    serial: '0123456789',
    productUuid: '4c4c4544-0042-3010-8054-b4c04f564433',
    virtualization: 'none',
    timezone: 'Europe/Berlin',
  });
});

it('takes the hypervisor from lscpu where systemd is not there, and UTF-8 in a name', () => {
  const snapshot = read({
    'cat /proc/sys/kernel/hostname': 'büro-ä',
    lscpu: 'Architecture:      x86_64\nHypervisor vendor: KVM',
  });
  expect(snapshot.facts.host).toEqual({ hostname: 'büro-ä', virtualization: 'kvm' });
});

it('keeps of a name nothing that steers a terminal or turns text around', () => {
  const name = (text: string) => read({ 'cat /proc/sys/kernel/hostname': text }).facts.host?.hostname;
  expect(name('web\u001b[31m1\u009b\u202e')).toBe('web?[31m1??');
  expect(name('a'.repeat(300))).toHaveLength(253);
});

it('a machine without a name is not understood', () => {
  expect(complaints(read({ 'cat /etc/machine-id': 'abc' }))).toEqual([
    'cat /etc/machine-id: Not understood. The hostname is missing.',
  ]);
});

it('what is told without a hostname counts, and the hostname of the report before stays', () => {
  const sections = { 'cat /proc/sys/kernel/hostname': 'web1', 'systemd-detect-virt': 'docker' };
  const cut = { ...sections, 'cat /proc/sys/kernel/hostname': 'w\n=!= exit 124' };
  expect(read(cut).facts.host).toEqual({ virtualization: 'docker' });
  expect(read(cut, read(sections)).facts.host).toEqual({ hostname: 'web1', virtualization: 'docker' });
  expect(read({ 'cat /proc/sys/kernel/hostname': '' }).facts.host).toBeUndefined();
});
