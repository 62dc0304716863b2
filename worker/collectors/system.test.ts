// What the system is: distribution, kernel, processor.
import { describe, expect, it } from 'vitest';
import { complaints, read } from './sections.fixture.ts';

describe('the distribution', () => {
  it('reads os-release, quoted or not', () => {
    const os = (body: string) => read({ 'cat /etc/os-release': body }).facts.os;
    expect(
      os(
        'NAME="CentOS Linux"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\nPRETTY_NAME="CentOS Linux 7 (Core)"',
      ),
    ).toEqual({
      id: 'centos',
      idLike: ['rhel', 'fedora'],
      name: 'CentOS Linux 7 (Core)',
      version: '7',
    });
    expect(os("NAME='Arch Linux'\nID=arch\nBUILD_ID=rolling\nPRETTY_NAME='Arch Linux'")).toEqual({
      id: 'arch',
      name: 'Arch Linux',
      version: 'rolling',
    });
    expect(os('PRETTY_NAME="A \\"quoted\\" name"\nID=x')?.name).toBe('A "quoted" name');
  });

  it('reads the one line of CentOS 6', () => {
    expect(read({ 'cat /etc/redhat-release': 'CentOS release 6.10 (Final)' }).facts.os).toEqual({
      id: 'centos',
      idLike: ['rhel'],
      name: 'CentOS release 6.10 (Final)',
      version: '6.10',
    });
  });

  it('names what is none', () => {
    expect(complaints(read({ 'cat /etc/os-release': '# empty' }))).toEqual([
      'cat /etc/os-release: Not understood. Neither ID nor NAME is there.',
    ]);
  });
});

it('reads the kernel, how it was booted, and which others are installed', () => {
  const snapshot = read({
    'cat /proc/version':
      'Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) #1 SMP Debian 6.1.119-1',
    'cat /proc/cmdline': 'BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 ro quiet',
    lscpu: 'Architecture:                            x86_64',
    'ls /lib/modules': '6.1.0-27-amd64\n6.1.0-28-amd64\n',
  });
  expect(snapshot.facts.kernel).toEqual({
    release: '6.1.0-28-amd64',
    architecture: 'x86_64',
    commandLine: 'BOOT_IMAGE=/boot/vmlinuz-6.1.0-28-amd64 ro quiet',
    installed: ['6.1.0-27-amd64', '6.1.0-28-amd64'],
  });
});

describe('the processor', () => {
  const cpu = (body: string) => read({ 'cat /proc/cpuinfo': body }).facts.cpu;

  it('x86 with two sockets', () => {
    const core = (n: number, socket: number) =>
      `processor\t: ${n}\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU  E5-2630 v4 @ 2.20GHz\ncpu MHz\t\t: 2199.998\nphysical id\t: ${socket}\nflags\t\t: fpu hypervisor sse\n`;
    expect(cpu([core(0, 0), core(1, 0), core(2, 1), core(3, 1)].join('\n'))).toEqual({
      model: 'Intel(R) Xeon(R) CPU E5-2630 v4 @ 2.20GHz',
      count: 4,
      sockets: 2,
      mhz: 2200,
      hypervisor: true,
    });
  });

  it('ARM, POWER, RISC-V and s390x', () => {
    expect(
      cpu(
        'processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\nprocessor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c',
      ),
    ).toEqual({ model: 'ARM Neoverse-N1', count: 2 });
    expect(
      cpu('processor\t: 0\ncpu\t\t: POWER9 (architected), altivec supported\nclock\t\t: 2750.000000MHz'),
    ).toEqual({ model: 'POWER9 (architected), altivec supported', count: 1, mhz: 2750 });
    expect(cpu('processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc\nuarch\t\t: sifive,u74-mc')).toEqual({
      model: 'sifive,u74-mc',
      count: 1,
    });
    expect(
      cpu(
        'vendor_id       : IBM/S390\n# processors    : 2\nprocessor 0: version = FF,  identification = 123\nprocessor 1: version = FF',
      ),
    ).toEqual({ model: 'IBM/S390', count: 2 });
  });
});

it.each([
  [
    'util-linux 2.38, a virtual machine with a CPU switched off',
    `Architecture:            x86_64
  CPU op-mode(s):        32-bit, 64-bit
CPU(s):                  4
  On-line CPU(s) list:   0-1,3
Vendor ID:               GenuineIntel
  Model name:            Intel(R) Xeon(R) Processor @ 2.60GHz
    Socket(s):           1
Virtualization features:
  Hypervisor vendor:     KVM`,
    { model: 'Intel(R) Xeon(R) Processor @ 2.60GHz', count: 3, sockets: 1, hypervisor: true },
  ],
  [
    'util-linux 2.23 of CentOS 7',
    `Architecture:          x86_64
CPU(s):                128
On-line CPU(s) list:   0-127
Socket(s):             2
Model name:            AMD EPYC 7551 32-Core Processor
CPU MHz:               1996.249
CPU max MHz:           2000.0000`,
    { model: 'AMD EPYC 7551 32-Core Processor', count: 128, sockets: 2, mhz: 1996 },
  ],
  [
    'IBM Z, where there is no model name',
    'Architecture:        s390x\nCPU(s):              2\nMachine type:        3906\nVendor ID:           IBM/S390',
    { model: '3906', count: 2 },
  ],
])('lscpu: %s', (_name, lscpu, cpu) => {
  expect(read({ lscpu }).facts.cpu).toEqual(cpu);
});
