// Machine room: machines that look ill to a rule of thumb and are well.
import { server, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { debian12, jammy, lxc, noble, proxmox, rhel9 } from '../systems.ts';
import { fedoraCore, trixie } from '../strangers/systems.ts';
import { nvme, smartctl } from '../tools.ts';
import { attribute } from './composed.ts';

export const machineRoomControls: readonly Case[] = [
  {
    name: 'old pages rest in compressed swap',
    kind: 'control',
    installed: true,
    reports: 12,
    host: () => {
      const h = server(fedoraCore, 'core-home', { ram: 8, cores: 4, rootType: 'xfs' });
      h.swap = 8 * GB;
      h.swapDevice = 'zram0';
      h.swapUsed = 5.6 * GB;
      h.swapIn = 2;
      h.disk('zram0', { reads: 2, writes: 0, size: 16_777_216 });
      h.available = 2.9 * GB;
      return h;
    },
    roots: [],
  },
  {
    name: 'a computer lends its idle time to science at the lowest priority',
    kind: 'control',
    installed: true,
    reports: 15,
    host: () => {
      const h = server({ ...debian12, virt: 'none' }, 'threadripper', {
        ram: 64,
        cores: 16,
        disk: 'nvme0n1',
      });
      for (let n = 0; n < 16; n++)
        h.serve('boinc-client', {
          name: 'einstein_O3AS_1',
          cpu: 98,
          kernel: 0.01,
          niced: true,
          rss: 0.3 * GB,
          uid: 126,
        });
      h.load = [16.2, 16.1, 16.1];
      h.psi.cpu = 6;
      return h;
    },
    roots: [],
  },
  {
    name: 'snaps, an installation medium and a small boot partition are full as they should be',
    kind: 'control',
    reports: 3,
    step: 3600,
    host: () => {
      const h = server(noble, 'desk-vm', { ram: 8, cores: 2, disk: 'vda' });
      h.mounts.set('/snap/core22/1663', {
        device: '/dev/loop0',
        type: 'squashfs',
        options: 'ro,nodev,relatime',
        size: 75_648,
        used: 75_648,
        inodes: 12_000,
        inodesUsed: 12_000,
      });
      h.mounts.set('/media/admin/Ubuntu-Server 24.04'.replace(' ', '\\040'), {
        device: '/dev/sr0',
        type: 'iso9660',
        options: 'ro,nosuid,nodev,relatime',
        size: 2_720_000,
        used: 2_720_000,
        inodes: 0,
      });
      h.mounts.set('/boot', { device: '/dev/vda3', type: 'ext4', size: 1_790_136, used: 1_180_000 });
      h.mounts.set('/boot/efi', { device: '/dev/vda1', type: 'vfat', size: 1_098_632, used: 6_288 });
      h.mounts.set('/sys/firmware/efi/efivars', {
        device: 'efivarfs',
        type: 'efivarfs',
        size: 256,
        used: 236,
        inodes: 0,
      });
      return h;
    },
    roots: [],
  },
  {
    name: 'Seagate drives whose raw values are packed, and an old cable fault',
    kind: 'control',
    reports: 6,
    step: 3600,
    host: () => {
      const h = server({ ...debian12, virt: 'none' }, 'cctv-store', { ram: 16, cores: 4, disk: 'sda' });
      h.disk('sda', { rotates: true });
      return h;
    },
    minute: (h, i) => {
      smartctl(h, 'sda', {
        smartctl: { version: [6, 6], exit_status: 0 },
        device: { name: '/dev/sda', type: 'sat', protocol: 'ATA' },
        model_family: 'Seagate SkyHawk',
        model_name: 'ST8000VX004-2M1101',
        serial_number: 'WSD0AB12',
        rotation_rate: 7200,
        smart_status: { passed: true },
        ata_smart_attributes: {
          table: [
            attribute(1, 'Raw_Read_Error_Rate', 82, 151_220_912 + i * 930_112, 44),
            attribute(5, 'Reallocated_Sector_Ct', 100, 0, 10),
            attribute(7, 'Seek_Error_Rate', 91, 1_244_781_221 + i * 81_220, 45),
            attribute(9, 'Power_On_Hours', 66, 29_881 + i),
            attribute(187, 'Reported_Uncorrect', 100, 0),
            attribute(188, 'Command_Timeout', 100, 0),
            attribute(190, 'Airflow_Temperature_Cel', 55, 757_661_741, 40),
            attribute(194, 'Temperature_Celsius', 45, 55_834_574_893),
            attribute(195, 'Hardware_ECC_Recovered', 82, 151_220_912 + i * 930_112),
            attribute(197, 'Current_Pending_Sector', 100, 0),
            attribute(198, 'Offline_Uncorrectable', 100, 0),
            attribute(199, 'UDMA_CRC_Error_Count', 200, 41),
            attribute(240, 'Head_Flying_Hours', 100, 92_711_112_931_001),
          ],
        },
        ata_smart_self_test_log: {
          standard: {
            table: [
              {
                type: { value: 2, string: 'Extended offline' },
                status: { value: 0, string: 'Completed without error', passed: true },
                lifetime_hours: 29_720,
              },
            ],
          },
        },
        power_on_time: { hours: 29_881 + i },
        temperature: { current: 45 },
      });
    },
    atFirst: 'the case was wrong',
    roots: [],
  },
  {
    name: 'a planned restart into a new kernel with the usual noise of a boot',
    kind: 'control',
    installed: true,
    reports: 8,
    host: () => {
      const h = server({ ...jammy, virt: 'none' }, 'rack-jump', { ram: 32, cores: 8, disk: 'sda' });
      return h;
    },
    minute: (h, i) => {
      if (i !== 3) return;
      h.now += 240;
      h.reboot();
      h.kernel(
        3,
        'ACPI BIOS Error (bug): Could not resolve symbol [\\_SB.PCI0.SAT0.SPT0._GTF.DSSP], AE_NOT_FOUND (20210730/psargs-330)',
        110,
      );
      h.kernel(4, "ENERGY_PERF_BIAS: Set to 'normal', was 'performance'", 110);
      h.kernel(
        4,
        'MDS CPU bug present and SMT on, data leak possible. See https://www.kernel.org/doc/html/latest/admin-guide/hw-vuln/mds.html for more details.',
        109,
      );
      h.kernel(3, 'ata6: SATA link down (SStatus 0 SControl 300)', 108);
      h.kernel(6, 'EDAC MC: Ver: 3.0.0', 108);
      h.kernel(
        4,
        'systemd-journald[411]: File /var/log/journal/7f1c/system.journal corrupted or uncleanly shut down, renaming and replacing.',
        100,
      );
      h.kernel(6, 'EXT4-fs (sda2): recovery complete', 104);
      h.kernel(3, 'usb 1-8: device descriptor read/64, error -71', 102);
      h.kernel(4, 'sd 2:0:0:0: [sdb] No Caching mode page found', 101);
      h.kernel(4, 'nvme nvme0: missing or invalid SUBNQN field.', 101);
    },
    roots: [],
  },
  {
    name: 'a mirror is checked at night without anybody noticing',
    kind: 'control',
    installed: true,
    reports: 10,
    host: () => {
      const h = server({ ...trixie, virt: 'none' }, 'office-dc', {
        ram: 16,
        cores: 4,
        disk: 'sda',
        root: '/dev/md0',
      });
      for (const d of ['sda', 'sdb'])
        h.disk(d, { reads: 180, writes: 9, readBytes: 42_000_000, await: 3, busy: 38, rotates: true });
      h.sys.set('/sys/block/md0/md/degraded', 0);
      h.sys.set('/sys/block/md0/md/sync_action', 'check');
      h.sys.set('/sys/block/md0/md/mismatch_cnt', 256);
      h.sys.set('/sys/block/md1/md/degraded', 0);
      h.sys.set('/sys/block/md1/md/sync_action', 'idle');
      h.sys.set('/sys/block/md1/md/mismatch_cnt', 896);
      h.more.set(
        'cat /proc/mdstat',
        'Personalities : [raid1] [linear] [raid0] \nmd1 : active (auto-read-only) raid1 sdb3[1] sda3[0]\n      8380416 blocks super 1.2 [2/2] [UU]\n      \tresync=PENDING\n\nmd0 : active raid1 sdb2[1] sda2[0]\n      1943912448 blocks super 1.2 [2/2] [UU]\n      [=====>...............]  check = 28.4% (552071104/1943912448) finish=541.1min speed=42870K/sec\n      bitmap: 3/15 pages [12KB], 65536KB chunk\n\nunused devices: <none>',
      );
      return h;
    },
    roots: [],
  },
  {
    name: 'an NVMe drive logs commands that it does not know',
    kind: 'control',
    reports: 6,
    step: 3600,
    host: () => server({ ...debian12, virt: 'none' }, 'mini-itx', { ram: 32, cores: 8, disk: 'nvme0n1' }),
    minute: (h, i) =>
      nvme(h, 'nvme0n1', 'Samsung SSD 980 PRO 1TB', {
        num_err_log_entries: 4811 + i * 2,
        unsafe_shutdowns: 288,
        percentage_used: 34,
        temperature: 56,
        warning_temp_time: 3,
        critical_comp_time: 0,
      }),
    roots: [],
  },
  {
    name: 'a container that sees the load of its host',
    kind: 'control',
    installed: true,
    reports: 12,
    host: () => {
      const h = server(lxc, 'ct-118-unifi', {
        ram: 4,
        cores: 2,
        disk: 'sda',
        root: '/dev/mapper/pve-vm--118--disk--0',
      });
      h.load = [4.9, 5.1, 5.2];
      h.iowait = 0;
      h.serve('unifi', {
        name: 'java',
        cpu: 6,
        rss: 0.9 * GB,
        threads: 60,
        uid: 999,
      });
      return h;
    },
    roots: [],
  },
  {
    name: 'words of the kernel that sound like errors',
    kind: 'control',
    installed: true,
    reports: 6,
    host: () => server(rhel9, 'quiet-vm', { ram: 16, cores: 4, disk: 'sda' }),
    minute: (h, i) => {
      if (i === 0) {
        h.kernel(
          3,
          'blk_update_request: I/O error, dev fd0, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0',
          90_000,
        );
        h.kernel(3, 'Buffer I/O error on dev fd0, logical block 0, async page read', 90_000);
        h.kernel(
          3,
          'blk_update_request: I/O error, dev sr0, sector 0 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 0',
          80_000,
        );
      }
      if (i === 2) {
        h.kernel(
          6,
          'BTRFS info (device sdb1): bdev /dev/sdb1 errs: wr 0, rd 0, flush 0, corrupt 0, gen 0',
          30,
        );
        h.kernel(
          6,
          'perf: interrupt took too long (3141 > 3130), lowering kernel.perf_event_max_sample_rate to 63000',
          29,
        );
        h.kernel(
          6,
          'EDAC MC0: Giving out device to module igen6_edac controller Intel_client_SoC MC#0: DEV 0000:00:00.0 (INTERRUPT)',
          28,
        );
        h.kernel(6, 'EXT4-fs (sdb1): mounted filesystem 5f0c ro without journal. Quota mode: none.', 28);
        h.kernel(4, 'hrtimer: interrupt took 2991021 ns', 27);
        h.kernel(5, 'systemd-shutdown: nothing', 27);
        h.kernel(6, 'oom_reaper: reaper started', 27);
        h.kernel(4, "process 'app/bin/err0r' started with executable stack", 26);
      }
    },
    roots: [],
  },
  {
    name: 'a host of virtual machines has given out most of its memory',
    kind: 'control',
    installed: true,
    reports: 12,
    host: () => {
      const h = server(proxmox, 'pve-edge1', {
        ram: 96,
        cores: 24,
        disk: 'nvme0n1',
        root: '/dev/mapper/pve-root',
      });
      for (const [n, gb] of [32, 24, 12, 8].entries())
        h.run({
          name: 'kvm',
          cpu: 40 + n * 22,
          rss: gb * GB,
          threads: 12,
          cgroup: `/qemu.slice/${101 + n}.scope`,
        });
      h.available = 15.5 * GB;
      h.cached = 4 * GB;
      h.committed = 130 * GB;
      return h;
    },
    roots: [],
  },
];
