// Machine room: memory, swap, cgroups, CPU, heat, limits.
import { from, grown, server, withSection, type Case } from '../case.ts';
import { GB } from '../host.ts';
import { debian12, jammy, noble, raspberry, rhel9, centos7 } from '../systems.ts';
import { alma8, amazon2023, fedoraCore, focal, trixie } from '../strangers/systems.ts';
import { docker, identifier, oomKill } from '../tools.ts';
import { group, meminfo } from './composed.ts';

const pod =
  '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod6c1f0e7a_33d2_4b0b_9a44_0f1e5b7790aa.slice';

export const memoryRoom: readonly Case[] = [
  {
    name: 'a virus scanner loads its new signatures beside the old ones on a small VPS',
    kind: 'fault',
    installed: true,
    reports: 6,
    onset: 3,
    host: () => {
      const h = server(trixie, 'mx-fra-3', { ram: 2, cores: 1, disk: 'vda' });
      h.swap = 0;
      h.available = 0.3 * GB;
      h.cached = 0.3 * GB;
      h.serve('clamav-daemon', { name: 'clamd', rss: 1.25 * GB, uid: 110 });
      h.serve('postfix@-', { name: 'master', rss: 6_000 });
      return h;
    },
    minute: (h, i) => {
      if (i === 2) {
        h.available = 0.05 * GB;
        h.psi.memory = 22;
        h.psi.memoryFull = 17;
        h.majors = 900;
        h.named('clamd')[0]!.rss = 1.55 * GB;
      }
      if (i === 3) {
        oomKill(h, 'clamd', h.named('clamd')[0]!.pid, 1.6 * GB);
        h.stop('clamd');
        h.service('clamav-daemon', {
          ActiveState: 'failed',
          SubState: 'failed',
          Result: 'oom-kill',
          ExecMainStatus: '9',
          ExecMainCode: '2',
        });
        h.available = 1.6 * GB;
        h.psi.memory = 3;
        h.psi.memoryFull = 2;
        h.majors = 2;
      }
    },
    roots: [
      {
        problem: ['mem.oom_kill', 'mem.critical', 'mem.low'],
        subject: ['clamd', 'clamav-daemon', 'mx-fra-3'],
      },
    ],
  },
  {
    name: 'a pod of Kubernetes is killed at its own limit again and again',
    kind: 'fault',
    installed: true,
    reports: 7,
    onset: 2,
    host: () => {
      const h = server(jammy, 'k8s-wk-07', { ram: 32, cores: 8, disk: 'nvme0n1' });
      h.run({ name: 'kubelet', cpu: 6, rss: 110_000, threads: 24 });
      h.run({ name: 'containerd', cpu: 3, rss: 70_000, threads: 30 });
      h.run({
        name: 'java',
        cpu: 45,
        rss: 0.98 * GB,
        threads: 88,
        uid: 10001,
        cgroup: `${pod}/cri-containerd-${identifier('ledger')}.scope`,
      });
      h.service('kubelet');
      h.service('containerd');
      group(h, pod, 'memory.max', [1073741824]);
      group(h, pod, 'memory.current', [1040187392]);
      group(h, pod, 'pids.current', [91]);
      return h;
    },
    minute: (h, i) => {
      const kills = Math.max(0, i - 1);
      group(h, pod, 'memory.current', [i % 2 ? 1069000000 : 711000000]);
      group(h, pod, 'memory.stat', [
        `anon ${i % 2 ? 1058000000 : 700000000}`,
        'file 2310000',
        'kernel 6100000',
        'shmem 0',
      ]);
      group(h, pod, 'memory.events', [
        'low 0',
        'high 0',
        `max ${kills * 311}`,
        `oom ${kills}`,
        `oom_kill ${kills}`,
      ]);
      if (i >= 2) {
        const java = h.named('java')[0]!;
        h.kernel(4, `java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=968`, 33);
        h.kernel(
          6,
          `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-${identifier('ledger')}.scope,mems_allowed=0,oom_memcg=${pod},task_memcg=${pod}/cri-containerd-${identifier('ledger')}.scope,task=java,pid=${java.pid},uid=10001`,
          33,
        );
        h.kernel(
          3,
          `Memory cgroup out of memory: Killed process ${java.pid} (java) total-vm:6120132kB, anon-rss:1028812kB, file-rss:19456kB, shmem-rss:0kB, UID:10001 pgtables:2640kB oom_score_adj:968`,
          33,
        );
        h.oomKills++;
        h.stop('java');
        h.run({
          name: 'java',
          cpu: 160,
          rss: 0.6 * GB,
          threads: 71,
          uid: 10001,
          age: 20,
          cgroup: `${pod}/cri-containerd-${identifier('ledger')}.scope`,
        });
      }
    },
    roots: [
      {
        problem: 'mem.cgroup_oom',
        subject: [
          'kubepods',
          'java',
          'cri-containerd',
          'pod',
          '/kubepods',
          identifier('ledger').slice(0, 12),
        ],
      },
    ],
  },
  {
    name: 'home automation leaks until a small board lives from its compressed swap',
    kind: 'fault',
    installed: true,
    reports: 9,
    onset: 4,
    host: () => {
      const h = server(raspberry, 'attic-pi', {
        ram: 1,
        cores: 4,
        disk: 'mmcblk0',
        drive: { size: 62_333_952 },
      });
      h.swap = 0.5 * GB;
      h.swapDevice = 'zram0';
      h.disk('zram0', { reads: 0, writes: 0, size: 1_048_576 });
      h.available = 0.35 * GB;
      h.serve('home-assistant@homeassistant', {
        name: 'hass',
        cpu: 12,
        rss: 0.38 * GB,
        uid: 999,
        threads: 40,
      });
      return h;
    },
    minute: (h, i) => {
      const hass = h.named('hass')[0]!;
      hass.rss = 0.38 * GB + grown(i, 1, 0.04 * GB);
      h.available = Math.max(0.025 * GB, 0.35 * GB - grown(i, 1, 0.05 * GB));
      h.swapUsed = Math.min(0.49 * GB, grown(i, 2, 0.09 * GB));
      if (i >= 4) {
        h.swapIn = 1900;
        h.swapOut = 2300;
        h.majors = 1400;
        hass.faults = 1100;
        hass.swap = 0.3 * GB;
        hass.rss = 0.52 * GB;
        h.disk('zram0', {
          reads: 1900,
          writes: 2300,
          readBytes: 1900 * 4096,
          writeBytes: 2300 * 4096,
          await: 0.05,
          busy: 22,
        });
        h.disk('mmcblk0', { reads: 260, writes: 3, readBytes: 9_000_000, await: 14, busy: 96 });
        h.load = [9.1, 6.2, 3.1];
        h.blocked = 4;
        h.iowait = 31;
        h.run({ name: 'kswapd0', cpu: 30, kernel: 1, rss: 0, ppid: 2, cgroup: '/' });
      }
    },
    roots: [
      {
        problem: ['mem.swap_thrash', 'mem.low', 'mem.critical', 'mem.leak'],
        subject: ['attic-pi', 'hass', 'home-assistant'],
      },
    ],
  },
  {
    name: 'huge pages stay reserved for a database that was moved away',
    kind: 'fault',
    installed: true,
    reports: 8,
    host: () => {
      const h = server(rhel9, 'ora-legacy01', { ram: 64, cores: 16 });
      h.available = 4.4 * GB;
      h.cached = 3.1 * GB;
      h.serve('wildfly', {
        name: 'java',
        cpu: 40,
        rss: 11 * GB,
        threads: 210,
        uid: 1001,
      });
      return h;
    },
    edit: (text) => meminfo(text, { HugePages_Total: 22528, HugePages_Free: 22528, MemFree: 1.6 * GB }),
    roots: [{ problem: 'mem.hugepages_waste', subject: 'ora-legacy01' }],
  },
  {
    name: 'unreclaimable slab of a kernel that leaks with each cgroup',
    kind: 'fault',
    installed: true,
    reports: 8,
    host: () => {
      const h = server(alma8, 'runner-el8', { ram: 32, cores: 8, disk: 'vda' });
      h.run({ name: 'gitlab-runner', cpu: 5, rss: 60_000 });
      h.service('gitlab-runner');
      h.slab = 17 * GB;
      h.slabUnreclaimed = 15.4 * GB;
      h.available = 2.1 * GB;
      h.cached = 1.3 * GB;
      return h;
    },
    minute: (h) => {
      h.slabUnreclaimed += 9_000;
      h.slab += 9_000;
      h.available -= 9_000;
    },
    roots: [{ problem: 'mem.slab_leak', subject: 'runner-el8' }],
  },
  {
    name: 'a transcoder fills /tmp, which is memory',
    kind: 'fault',
    installed: true,
    reports: 7,
    onset: 4,
    host: () => {
      const h = server(fedoraCore, 'media-edge', { ram: 16, cores: 8, rootType: 'xfs' });
      h.mounts.set('/tmp', {
        device: 'tmpfs',
        type: 'tmpfs',
        options: 'rw,nosuid,nodev,nr_inodes=1048576',
        size: 8 * GB,
        used: 0.2 * GB,
      });
      h.run({
        name: 'ffmpeg',
        cpu: 310,
        rss: 0.8 * GB,
        threads: 26,
        uid: 1000,
        age: 4000,
        cgroup: '/user.slice/user-1000.slice/session-9.scope',
      });
      return h;
    },
    minute: (h, i) => {
      const used = Math.min(7.99 * GB, 0.2 * GB + grown(i, 1, 2 * GB));
      h.mounts.get('/tmp')!.used = used;
      h.shmem = used + 60_000;
      h.cached = used + 2 * GB;
      h.available = Math.max(1.1 * GB, 10 * GB - used);
    },
    roots: [{ problem: 'mem.tmpfs_full', subject: ['/tmp', 'tmpfs'] }],
  },
  {
    name: 'the hypervisor takes memory back through the balloon',
    kind: 'fault',
    installed: true,
    reports: 8,
    onset: 3,
    host: () => {
      const h = server(debian12, 'tenant-4471', { ram: 16, cores: 4, disk: 'vda' });
      h.serve('rabbitmq-server', {
        name: 'beam.smp',
        cpu: 30,
        rss: 5 * GB,
        threads: 40,
        uid: 107,
      });
      h.available = 9.4 * GB;
      return h;
    },
    minute: (h, i) => {
      if (i < 3) return;
      h.ram = Math.max(7 * GB, 16 * GB - grown(i, 3, 3 * GB));
      h.available = Math.max(0.45 * GB, 9.4 * GB - grown(i, 3, 3.2 * GB));
      h.cached = h.available * 0.8;
      if (i >= 5) {
        h.psi.memory = 14;
        h.psi.memoryFull = 8;
        h.swapUsed = 0.9 * GB;
        h.swapOut = 300;
        h.swapIn = 60;
      }
    },
    roots: [{ problem: 'virt.balloon', subject: 'tenant-4471' }],
  },
  {
    name: 'one DIMM corrects errors by the hundred',
    kind: 'fault',
    installed: true,
    reports: 6,
    onset: 2,
    host: () => {
      const h = server({ ...rhel9, virt: 'none' }, 'hv-rack12-u07', { ram: 256, cores: 40, disk: 'sda' });
      for (const mc of [0, 1])
        for (const d of [0, 3]) {
          h.sys.set(`/sys/devices/system/edac/mc/mc${mc}/dimm${d}/dimm_ce_count`, 0);
          h.sys.set(`/sys/devices/system/edac/mc/mc${mc}/dimm${d}/dimm_ue_count`, 0);
        }
      for (const mc of [0, 1]) {
        h.sys.set(`/sys/devices/system/edac/mc/mc${mc}/ce_count`, 0);
        h.sys.set(`/sys/devices/system/edac/mc/mc${mc}/ue_count`, 0);
      }
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      const n = (i - 1) * 240;
      h.sys.set('/sys/devices/system/edac/mc/mc1/ce_count', n);
      h.sys.set('/sys/devices/system/edac/mc/mc1/dimm3/dimm_ce_count', n);
      h.kernel(
        4,
        'EDAC MC1: 240 CE memory read error on CPU_SrcID#1_MC#0_Chan#1_DIMM#1 (channel:1 slot:1 page:0x2c9f3a offset:0x4c0 grain:32 syndrome:0x0 -  err_code:0x0101:0x0091  SystemAddress:0x2c9f3a4c0 ProcessorSocketId:0x1 MemoryControllerId:0x0)',
        12,
      );
      h.kernel(6, 'mce: [Hardware Error]: Machine check events logged', 12);
    },
    roots: [
      { problem: 'mem.ecc_corrected', subject: ['mc1', 'dimm3', 'CPU_SrcID', 'DIMM', 'hv-rack12-u07'] },
    ],
  },
  {
    name: 'a page is poisoned and the process that held it is killed',
    kind: 'fault',
    installed: true,
    reports: 4,
    onset: 2,
    host: () => {
      const h = server({ ...debian12, virt: 'none' }, 'sql-metal-2', {
        ram: 128,
        cores: 32,
        disk: 'nvme0n1',
      });
      h.serve('mysql', {
        name: 'mysqld',
        cpu: 120,
        rss: 80 * GB,
        threads: 90,
        uid: 115,
      });
      return h;
    },
    minute: (h, i) => {
      if (i !== 2) return;
      h.kernel(2, 'mce: Uncorrected hardware memory error in user-access at 1f3a4b2140', 22);
      h.kernel(0, '{1}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 4', 22);
      h.kernel(0, '{1}[Hardware Error]: event severity: recoverable', 22);
      h.kernel(0, '{1}[Hardware Error]:  Error 0, type: recoverable', 22);
      h.kernel(0, '{1}[Hardware Error]:   section_type: memory error', 22);
      h.kernel(0, '{1}[Hardware Error]:   error_type: 3, multi-bit ECC', 22);
      h.kernel(
        3,
        `Memory failure: 0x1f3a4b2: Sending SIGBUS to mysqld:${h.named('mysqld')[0]!.pid} due to hardware memory corruption`,
        21,
      );
      h.kernel(3, 'Memory failure: 0x1f3a4b2: recovery action for dirty LRU page: Recovered', 21);
      h.stop('mysqld');
      h.service('mysql', {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'signal',
        ExecMainStatus: '7',
        ExecMainCode: '2',
        since: '-5',
      });
      h.available += 78 * GB;
    },
    edit: (text, i) => (i >= 2 ? meminfo(text, { HardwareCorrupted: 4 }) : text),
    atFirst: 'wrong edge',
    roots: [{ problem: ['mem.hw_corrupt', 'mem.ecc_uncorrected', 'hw.mce'], subject: ['sql-metal-2', 'mc'] }],
  },
  {
    name: 'a burstable instance has spent its credits',
    kind: 'fault',
    installed: true,
    reports: 15,
    onset: 2,
    step: 120,
    host: () => {
      const h = server(amazon2023, 'ip-172-31-40-9', {
        ram: 4,
        cores: 2,
        disk: 'nvme0n1',
        rootType: 'xfs',
        nic: 'ens5',
      });
      h.serve('discourse', {
        name: 'puma',
        cpu: 24,
        rss: 0.7 * GB,
        threads: 22,
        uid: 1000,
      });
      return h;
    },
    minute: (h, i) => {
      if (!from(i, 2)) return;
      h.steal = 61;
      h.psi.cpu = 52;
      h.load = [5.2, 4.8, 3.9];
      h.named('puma')[0]!.cpu = 55;
    },
    roots: [{ problem: 'cpu.steal', subject: 'ip-172-31-40-9' }],
  },
  {
    name: 'the fan of the processor stands still and the processor slows itself',
    kind: 'fault',
    installed: true,
    reports: 9,
    onset: 2,
    host: () => {
      const h = server({ ...noble, virt: 'none' }, 'optiplex-lab', {
        ram: 16,
        cores: 8,
        disk: 'nvme0n1',
        nic: 'eno1',
      });
      const hw = '/sys/class/hwmon/hwmon3';
      h.sys.set(`${hw}/name`, 'dell_smm');
      h.sys.set(`${hw}/fan1_label`, 'Processor Fan');
      h.sys.set(`${hw}/fan1_input`, 1890);
      h.sys.set(`${hw}/fan1_min`, 0);
      h.sys.set('/sys/class/hwmon/hwmon4/name', 'coretemp');
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_label', 'Package id 0');
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_input', 58000);
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_max', 80000);
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_crit', 100000);
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_crit_alarm', 0);
      h.sys.set('/sys/class/thermal/thermal_zone1/temp', 58000);
      for (let c = 0; c < 8; c++)
        h.sys.set(`/sys/devices/system/cpu/cpu${c}/thermal_throttle/package_throttle_count`, 0);
      for (let c = 0; c < 8; c++)
        h.sys.set(`/sys/devices/system/cpu/cpu${c}/thermal_throttle/core_throttle_count`, 0);
      h.serve('jenkins', { name: 'jenkins', cpu: 240, rss: 2 * GB, threads: 60 });
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      h.sys.set('/sys/class/hwmon/hwmon3/fan1_input', 0);
      h.sys.set('/sys/class/hwmon/hwmon4/temp1_input', 99000);
      h.sys.set('/sys/class/thermal/thermal_zone1/temp', 99000);
      for (let c = 0; c < 8; c++)
        h.sys.set(`/sys/devices/system/cpu/cpu${c}/thermal_throttle/package_throttle_count`, (i - 1) * 4100);
      h.sys.set('/sys/devices/system/cpu/cpu2/thermal_throttle/core_throttle_count', (i - 1) * 900);
      h.kernel(
        2,
        `CPU2: Package temperature above threshold, cpu clock throttled (total events = ${(i - 1) * 4100})`,
        9,
      );
    },
    roots: [{ problem: 'hw.fan', subject: ['Processor Fan', 'fan1', 'dell_smm'] }],
  },
  {
    name: 'a board whose power supply is too weak',
    kind: 'fault',
    installed: true,
    reports: 5,
    onset: 1,
    host: () => {
      const h = server(raspberry, 'greenhouse', { ram: 4, cores: 4, disk: 'mmcblk0', nic: 'end0' });
      h.sys.set('/sys/class/hwmon/hwmon1/name', 'rpi_volt');
      h.sys.set('/sys/class/hwmon/hwmon1/in0_lcrit_alarm', 0);
      h.sys.set('/sys/class/hwmon/hwmon0/name', 'cpu_thermal');
      h.sys.set('/sys/class/hwmon/hwmon0/temp1_input', 51121);
      return h;
    },
    minute: (h, i) => {
      if (i < 1) return;
      h.sys.set('/sys/class/hwmon/hwmon1/in0_lcrit_alarm', 1);
      h.kernel(2, 'hwmon hwmon1: Undervoltage detected!', 14);
      if (i % 2) h.kernel(6, 'hwmon hwmon1: Voltage normalised', 6);
    },
    atFirst: 'rule silent',
    roots: [{ problem: 'hw.psu', subject: ['greenhouse', 'rpi_volt', 'in0', 'hwmon1'] }],
  },
  {
    name: 'a renderer in a container stands at its CPU quota',
    kind: 'fault',
    installed: true,
    reports: 14,
    onset: 2,
    host: () => {
      const h = server(debian12, 'obs-stack', { ram: 16, cores: 8, disk: 'sda' });
      const scope = `/system.slice/docker-${identifier('grafana-image-renderer')}.scope`;
      h.serve('docker', { name: 'dockerd', cpu: 2, rss: 90_000, threads: 20 });
      h.run({ name: 'chrome', cpu: 8, rss: 0.5 * GB, threads: 31, uid: 472, cgroup: scope });
      docker(h, [{ name: 'grafana-image-renderer' }, { name: 'loki' }]);
      group(h, scope, 'cpu.max', ['50000 100000']);
      group(h, scope, 'memory.current', [540_000_000]);
      group(h, scope, 'cpu.stat', [
        'usage_usec 8812000000',
        'nr_periods 40110',
        'nr_throttled 310',
        'throttled_usec 9120000',
      ]);
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      const n = i - 1;
      const scope = `/system.slice/docker-${identifier('grafana-image-renderer')}.scope`;
      h.named('chrome')[0]!.cpu = 50;
      h.psi.cpu = 31;
      group(h, scope, 'cpu.stat', [
        `usage_usec ${8812000000 + n * 30_000_000}`,
        `nr_periods ${40110 + n * 600}`,
        `nr_throttled ${310 + n * 571}`,
        `throttled_usec ${9120000 + n * 162_000_000}`,
      ]);
    },
    atFirst: 'wrong entity',
    roots: [
      {
        problem: 'cpu.throttled_cgroup',
        subject: ['grafana-image-renderer', 'docker-', identifier('grafana-image-renderer').slice(0, 12)],
      },
    ],
  },
  {
    name: 'a service runs into its own memory limit and waits for its pages',
    kind: 'fault',
    installed: true,
    reports: 9,
    onset: 4,
    host: () => {
      const h = server(focal, 'blog-farm', { ram: 8, cores: 4, disk: 'vda' });
      const unit = '/system.slice/ghost_blog-example-org.service';
      h.run({ name: 'node', cpu: 20, rss: 1.2 * GB, threads: 11, uid: 1001, cgroup: unit });
      h.service('ghost_blog-example-org', { MemoryMax: '2147483648' });
      group(h, unit, 'memory.max', [2147483648]);
      return h;
    },
    minute: (h, i) => {
      const unit = '/system.slice/ghost_blog-example-org.service';
      const anon = Math.min(2_120_000_000, 1_300_000_000 + grown(i, 1, 210_000_000));
      h.named('node')[0]!.rss = anon / 1024;
      group(h, unit, 'memory.current', [Math.min(2147483648, anon + 30_000_000)]);
      group(h, unit, 'memory.stat', [`anon ${anon}`, 'file 18000000', 'kernel_stack 200000', 'shmem 0']);
      group(h, unit, 'memory.events', [
        'low 0',
        'high 0',
        `max ${Math.max(0, i - 3) * 900}`,
        'oom 0',
        'oom_kill 0',
      ]);
      if (i >= 4) {
        h.named('node')[0]!.faults = 260;
        h.majors = 270;
        h.psi.memory = 11.5;
        h.psi.memoryFull = 3;
        group(h, unit, 'memory.pressure', [
          'some avg10=41.20 avg60=38.11 avg300=19.00 total=918221120',
          'full avg10=38.01 avg60=35.60 avg300=17.20 total=881221120',
        ]);
      }
    },
    roots: [{ problem: ['mem.cgroup_near_limit'], subject: ['ghost_blog-example-org', 'node'] }],
  },
  {
    name: 'a thread leak comes near the number of processes of an old system',
    kind: 'fault',
    installed: true,
    reports: 8,
    host: () => {
      const h = server(centos7, 'esb-prod-a', { ram: 64, cores: 16 });
      h.serve('mule', {
        name: 'java',
        cpu: 30,
        rss: 14 * GB,
        threads: 29_900,
        uid: 500,
        open: [9_000, 65_536],
      });
      return h;
    },
    minute: (h, i) => {
      h.named('java')[0]!.threads = 29_900 + i * 260;
    },
    roots: [{ problem: 'proc.pid_exhaustion', subject: ['esb-prod-a', 'java', 'mule'] }],
  },
  {
    name: 'forks of a build server are refused by its unit',
    kind: 'fault',
    installed: true,
    reports: 7,
    onset: 2,
    host: () => {
      const h = server(noble, 'ci-main', { ram: 64, cores: 32, disk: 'nvme0n1' });
      h.run({
        name: 'java',
        cpu: 90,
        rss: 6 * GB,
        threads: 3_600,
        uid: 113,
        cgroup: '/system.slice/teamcity-agent.service',
      });
      h.service('teamcity-agent', { TasksMax: '4096' });
      group(h, '/system.slice/teamcity-agent.service', 'pids.max', [4096]);
      group(h, '/system.slice/teamcity-agent.service', 'pids.current', [3640]);
      return h;
    },
    minute: (h, i) => {
      if (i < 2) return;
      h.named('java')[0]!.threads = 4_060;
      group(h, '/system.slice/teamcity-agent.service', 'pids.current', [4096]);
      if (i === 2)
        h.kernel(6, 'cgroup: fork rejected by pids controller in /system.slice/teamcity-agent.service', 31);
    },
    roots: [{ problem: 'proc.unit_tasks_limit', subject: ['teamcity-agent'] }],
  },
  {
    name: 'the file table of the whole system is used up',
    kind: 'fault',
    installed: true,
    reports: 6,
    onset: 1,
    host: () => {
      const h = server(alma8, 'proxy-old', { ram: 2, cores: 2 });
      h.serve('squid', {
        name: 'squid',
        cpu: 18,
        rss: 0.5 * GB,
        uid: 23,
        fds: 131_072,
        open: [91_300, 131_072],
      });
      return h;
    },
    minute: (h, i) => {
      if (i >= 1) h.kernel(6, 'VFS: file-max limit 98304 reached', 8);
    },
    edit: (text, i) =>
      withSection(text, 'cat /proc/sys/fs/file-nr', i < 1 ? '91040\t0\t98304' : '98304\t0\t98304'),
    roots: [{ problem: 'proc.fd_system', subject: ['proxy-old', 'squid'] }],
  },
];
