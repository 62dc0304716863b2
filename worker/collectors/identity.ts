// Who this is: hostname, machine id, product and virtualisation.
import { hostnameOf } from '#core/hostname.ts';
import { type Collector, ParseError } from './collector.ts';
import { fileOf, sectionOf } from './lookup.ts';

/** What firmware says when nobody filled in the field. */
const empty =
  /^(|none|n\/a|not specified|default string|to be filled by o\.e\.m\.?|system (product|serial|manufacturer).*|0+|unknown|chassis.*|x{2,})$/i;

export const identity: Collector = {
  section: 'cat /proc/sys/kernel/hostname',
  with: [
    'cat /etc/machine-id',
    'cat /proc/sys/kernel/random/boot_id',
    /^cat \/sys\/class\/dmi\/id\//,
    'systemd-detect-virt',
    'lscpu',
    /^date /,
  ],
  // systemd-detect-virt ends with 1 when there is no virtualisation.
  anyExit: true,
  parse(_section, report) {
    const hostname = fileOf(report, '/proc/sys/kernel/hostname');
    const id = (...names: string[]) =>
      names
        .map((name) => fileOf(report, `/sys/class/dmi/id/${name}`) ?? '')
        .find((value) => !empty.test(value));
    const machineId = sectionOf(report, 'cat /etc/machine-id')?.body.trim();
    const lscpu = sectionOf(report, 'lscpu')?.body ?? '';
    const hypervisor = /^Hypervisor vendor: +(\S.{0,60})$/m.exec(lscpu)?.[1]?.toLowerCase();
    const host = {
      hostname: hostname && hostnameOf(hostname),
      machineId: /^[0-9a-f]{32}$/.test(machineId ?? '') ? machineId : undefined,
      productUuid: id('product_uuid')?.toLowerCase(),
      vendor: id('sys_vendor', 'board_vendor', 'chassis_vendor', 'bios_vendor'),
      product: id('product_name', 'board_name'),
      serial: id('product_serial', 'board_serial', 'chassis_serial'),
      virtualization: sectionOf(report, 'systemd-detect-virt')?.body.trim().split('\n').at(-1) || hypervisor,
    };
    const told = Object.fromEntries(Object.entries(host).filter(([, value]) => value));
    if (Object.keys(told).length === 0) throw new ParseError('The hostname is missing.');
    return { facts: { host: told } };
  },
};
