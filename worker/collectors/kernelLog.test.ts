import { describe, expect, it } from 'vitest';
import { read } from './sections.fixture.ts';

const stat = 'cpu  1 1 1 1\nbtime 1699990000';
const events = (body: string, section = 'dmesg -r') =>
  read({ 'cat /proc/stat': stat, [section]: body }).events;
const kinds = (body: string) => events(body).map(({ kind, subject }) => `${kind} ${subject}`.trim());

describe('out of memory', () => {
  it('of a control group, in the words of kernels since 4.19', () => {
    const [event, ...rest] =
      events(`<4>[  100.000001] mysqld invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
<6>[  100.000100] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=mariadb.service,mems_allowed=0,oom_memcg=/system.slice/mariadb.service,task_memcg=/system.slice/mariadb.service,task=mysqld,pid=1234,uid=113
<3>[  100.000200] Memory cgroup out of memory: Killed process 1234 (mysqld) total-vm:2345678kB, anon-rss:512000kB, file-rss:1024kB, shmem-rss:0kB, UID:113 pgtables:1234kB oom_score_adj:0`);
    expect(rest).toEqual([]);
    expect(event).toMatchObject({
      kind: 'kernel.oom_kill',
      at: 1_699_990_100,
      subject: 'mysqld',
      text: 'The kernel killed mysqld (process 1234) because /system.slice/mariadb.service reached its own memory limit',
      data: {
        process: 'mysqld',
        pid: 1234,
        rss: 513_024 * 1024,
        cgroup: '/system.slice/mariadb.service',
        constraint: 'CONSTRAINT_MEMCG',
      },
    });
  });

  it('whose last line is lost is told from the line before it, each once', () => {
    const line = (at: number, pid: number) =>
      `[  ${at}.000100] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=php-fpm8.2,pid=${pid},uid=33`;
    expect(
      events(`${line(100, 77)}\n${line(140, 78)}`).map(({ kind, subject, data }) => [
        kind,
        subject,
        data?.['pid'],
      ]),
    ).toEqual([
      ['kernel.oom_kill', 'php-fpm', 77],
      ['kernel.oom_kill', 'php-fpm', 78],
    ]);
  });

  it('of the machine, in the words of kernels since 4.19', () => {
    const [event] =
      events(`<6>[  100.000100] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice,task=java,pid=77,uid=1000
<3>[  100.000200] Out of memory: Killed process 77 (java) total-vm:9345678kB, anon-rss:7812000kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:18000kB oom_score_adj:0`);
    expect(event?.data).toMatchObject({ constraint: 'CONSTRAINT_NONE', pid: 77 });
    expect(event?.data?.['cgroup']).toBeUndefined();
    expect(event?.text).toBe('The kernel killed java (process 77) because memory had run out');
  });

  it('in the words of 3.10, of the machine and of a control group', () => {
    const [machine, cgroup, ...rest] =
      events(`<4>[  200.1] httpd invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0
<3>[  200.2] Out of memory: Kill process 1777 (httpd) score 411 or sacrifice child
<3>[  200.3] Killed process 1777 (httpd) total-vm:2412344kB, anon-rss:1612344kB, file-rss:1024kB
<6>[  300.1] Task in /docker/abc killed as a result of limit of /docker/abc
<3>[  300.2] Memory cgroup out of memory: Kill process 91 (redis-server) score 1000 or sacrifice child
<3>[  300.3] Killed process 91 (redis-server) total-vm:512344kB, anon-rss:412344kB, file-rss:0kB, shmem-rss:0kB`);
    expect(rest).toEqual([]);
    expect(machine?.data).toMatchObject({
      process: 'httpd',
      constraint: 'CONSTRAINT_NONE',
      rss: 1_613_368 * 1024,
    });
    expect(cgroup?.data).toMatchObject({ process: 'redis-server', cgroup: '/docker/abc' });
  });

  it('each victim is an event of its own, even in the same second', () => {
    const kill = (pid: number) =>
      `<3>[  100.${pid}] Out of memory: Killed process ${pid} (stress) total-vm:1kB, anon-rss:1kB, file-rss:0kB`;
    expect(events([kill(1), kill(2), kill(3)].join('\n'))).toHaveLength(3);
  });
});

describe('disks and filesystems', () => {
  it('reads I/O errors in the wording of three generations', () => {
    expect(
      kinds(`<3>[1.0] end_request: I/O error, dev sda, sector 812345678
<3>[2.0] blk_update_request: critical medium error, dev sdb, sector 1234 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2
<3>[3.0] I/O error, dev nvme0n1, sector 99 op 0x1:(WRITE) flags 0x0 phys_seg 1 prio class 2
<3>[4.0] Buffer I/O error on dev dm-3, logical block 42, lost async page write
<3>[5.0] operation not supported error, dev loop0, sector 130944 op 0x9:(WRITE_ZEROES) flags 0x20000800 phys_seg 0 prio class 2`),
    ).toEqual([
      'kernel.io_error sda',
      'kernel.io_error sdb',
      'kernel.io_error nvme0n1',
      'kernel.io_error dm-3',
    ]);
  });

  it('reads filesystems that broke', () => {
    expect(
      kinds(`<2>[1.0] EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm ls: reading directory lblock 0
<2>[2.0] EXT4-fs (sda1): Remounting filesystem read-only
<1>[3.0] XFS (dm-0): metadata I/O error in "xfs_buf_ioend" at daddr 0x1 len 1 error 5
<1>[4.0] XFS (dm-0): Filesystem has been shut down due to log error (0x2).
<2>[5.0] BTRFS error (device sdc1): bdev /dev/sdc1 errs: wr 0, rd 1, flush 0, corrupt 0, gen 0
<6>[6.0] BTRFS info (device sdc1: state E): forced readonly
<3>[7.0] Aborting journal on device sdd1-8.`),
    ).toEqual([
      'kernel.fs_error sda1',
      'kernel.readonly sda1',
      'kernel.fs_error dm-0',
      'kernel.readonly dm-0',
      'kernel.fs_error sdc1',
      'kernel.readonly sdc1',
      'kernel.readonly sdd1',
    ]);
  });

  it('reads links, arrays and servers that do not answer', () => {
    expect(
      kinds(`<3>[1.0] ata3.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x0
<4>[2.0] nvme nvme0: I/O 128 QID 5 timeout, aborting
<1>[3.0] md/raid1:md0: Disk failure on sdb1, disabling device.
<6>[4.0] md: recovery of RAID array md0
<4>[5.0] nfs: server nas.example.org not responding, still trying
<5>[6.0] nfs: server nas.example.org OK
<5>[7.0] sd 3:0:0:0: [sdd] Attached SCSI disk`),
    ).toEqual([
      'kernel.disk_reset ata3',
      'kernel.disk_reset nvme0',
      'kernel.raid md0',
      'kernel.raid_sync md0',
      'kernel.nfs_stall nas.example.org',
      'kernel.nfs_ok nas.example.org',
      'kernel.disk_attached sdd',
    ]);
  });
});

describe('the rest of the machine', () => {
  it('reads stalls and crashes', () => {
    expect(
      kinds(`<3>[1.0] INFO: task kworker/u8:2:345 blocked for more than 120 seconds.
<0>[2.0] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [php-fpm8.2:123]
<3>[3.0] rcu: INFO: rcu_sched self-detected stall on CPU
<1>[4.0] BUG: kernel NULL pointer dereference, address: 0000000000000008
<6>[5.0] nginx[1234]: segfault at 0 ip 00007f12 sp 00007ffd error 4 in libcrypto.so.3[7f12a3a00000+2a3000]
<6>[6.0] traps: php-fpm8.2[99] general protection fault ip:5581 sp:7ffe error:0 in php-fpm8.2[5581+1000]
<4>[7.0] nginx: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL)
<0>[8.0] Kernel panic - not syncing: Fatal exception`),
    ).toEqual([
      'kernel.hung_task kworker/u8:2',
      'kernel.lockup CPU 1',
      'kernel.lockup rcu',
      'kernel.oops',
      'kernel.segfault nginx',
      'kernel.segfault php-fpm',
      'kernel.allocation_failure nginx',
      'kernel.panic',
    ]);
  });

  it('reads hardware errors, and tells heat from a machine check', () => {
    expect(
      kinds(`<4>[1.0] mce: CPU3: Core temperature above threshold, cpu clock throttled (total events = 12)
<2>[2.0] mce: [Hardware Error]: Machine check events logged
<4>[3.0] EDAC MC0: 1 CE memory read error on CPU_SrcID#0_MC#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x1)
<2>[4.0] mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 7: cc00000000010091`),
    ).toEqual(['kernel.thermal CPU3', 'kernel.mce', 'kernel.edac MC0']);
    expect(
      kinds(`<3>[1.0] EDAC amd64: MC2: 1 UE on mc#2csrow#0channel#1 (csrow:0 channel:1 page:0x1 offset:0x0 grain:64)
<2>[2.0] MCE 0x1f3a4b2: Killing mysqld:4121 due to hardware memory corruption
<2>[3.0] raspberrypi-firmware soc:firmware: Under-voltage detected! (0x00050005)
<2>[4.0] hwmon hwmon1: Undervoltage detected!`),
    ).toEqual(['kernel.edac MC2', 'kernel.memory_failure', 'kernel.undervoltage']);
  });

  it('reads what cards, controllers and filesystems say in rarer words', () => {
    expect(
      kinds(`<3>[1.0] mmcblk0: error -110 transferring data, sector 1234, nr 8, cmd response 0x900, card status 0xc00
<3>[2.0] JBD2: Detected IO errors while flushing file data on dm-0-8
<4>[3.0] megaraid_sas 0000:03:00.0: Found FW in FAULT state, will reset adapter.
<3>[4.0] mpt2sas_cm0: SAS host is non-operational !!!!
<4>[5.0] nvme nvme3: Device not ready; aborting reset, CSTS=0x1
<1>[6.0] XFS (sdb1): Corruption of in-memory data (0x8) detected at xfs_defer_finish_noroll+0x4d2/0x570
<1>[7.0] Unable to handle kernel paging request at virtual address ffff0000deadbeef
<6>[8.0] megaraid_sas 0000:03:00.0: FW now in Ready state
<6>[9.0] mmcblk0: mmc0:aaaa SC64G 59.5 GiB`),
    ).toEqual([
      'kernel.io_error mmcblk0',
      'kernel.io_error dm-0',
      'kernel.disk_reset megaraid_sas',
      'kernel.disk_reset mpt2sas_cm0',
      'kernel.disk_reset nvme3',
      'kernel.fs_error sdb1',
      'kernel.oops',
    ]);
  });

  it('tells one machine check once', () => {
    // Of two lines about one machine check the one that says what it was.
    const [check] = read({
      'dmesg -r':
        '<2>[2.0] mce: [Hardware Error]: Machine check events logged\n<4>[2.0] mce: [Hardware Error]: CPU 4: Machine Check: 0 Bank 7: cc00000000010091',
    }).events;
    expect(check!.text).toContain('CPU 4: Machine Check: 0 Bank 7');
  });

  it('reads the network', () => {
    expect(
      kinds(`<6>[1.0] e1000e: eth0 NIC Link is Down
<6>[2.0] igb 0000:01:00.0 eth1: igb: eth1 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX
<6>[3.0] r8169 0000:03:00.0 enp3s0: Link is Down
<6>[4.0] bond0: (slave eth1): link status definitely down, disabling slave
<6>[5.0] bonding: bond1: link status definitely down for interface eth2, disabling it
<4>[6.0] nf_conntrack: table full, dropping packet
<6>[7.0] TCP: request_sock_TCP: Possible SYN flooding on port 80. Sending cookies.  Check SNMP counters.
<6>[8.0] ata1: SATA link up 6.0 Gbps (SStatus 133 SControl 300)
<4>[9.0] TCP: out of memory -- consider tuning tcp_mem`),
    ).toEqual([
      'kernel.link_down eth0',
      'kernel.link_up eth1',
      'kernel.link_down enp3s0',
      'kernel.bond bond0',
      'kernel.bond bond1',
      'kernel.conntrack_full',
      'kernel.syn_flood port 80',
      'kernel.tcp_memory',
    ]);
  });
});

it('a storm of the same message is one event with a count', () => {
  const storm = Array.from(
    { length: 50 },
    (_, n) => `<3>[${100 + n}.0] I/O error, dev sda, sector ${n} op 0x0:(READ)`,
  ).join('\n');
  expect(events(storm)).toMatchObject([{ kind: 'kernel.io_error', subject: 'sda', data: { count: 50 } }]);
});

it('reads lines with a thread, without a level, and those of the journal', () => {
  const [event] = events('[  100.5][  T12] nf_conntrack: table full, dropping packet', 'dmesg');
  expect(event).toMatchObject({ kind: 'kernel.conntrack_full', at: 1_699_990_100 });
  const [journal] = events(
    '2023-11-14T21:00:00+0000 web1 kernel: Out of memory: Killed process 5 (x) total-vm:1kB',
    'journalctl -k',
  );
  expect(journal).toMatchObject({ kind: 'kernel.oom_kill', at: 1_699_995_600 });
});
