// Processor, processes and memory.
import type { Tree } from '../box.ts';
import { fault, is, note, on, shelves, town, weather } from './places.ts';

export const load: Tree[] = [
  fault(
    'a scanner of each opened file keeps the kernel of a Debian 11 file server busy',
    is('cpu.system_high'),
    () => {
      const b = weather(town(on('debian11', 'filer4', { cores: 8, memory: 16_000 }), 140));
      for (let i = 0; i < 14; i++)
        b.serve(i ? `smbd-${i}.scope` : 'smbd.service', { name: 'smbd', uid: 1000 + i, rss: 22, cpu: 0.05 });
      b.listeners.push({ at: '0.0.0.0:445', process: 'smbd' });
      return b;
    },
    {
      runs: 7,
      onset: 2,
      each(b, run) {
        if (run < 2) return;
        b.systemShare = 0.62;
        b.user = 0.06;
        b.load = [6.4, 5.1, 2.9];
        b.running = 6;
      },
    },
  ),
  note(
    'after a change of its thread pool a broker on RHEL 10 switches without end',
    is('cpu.ctx_switch_storm'),
    () => {
      const b = town(on('rhel10', 'broker-2', { cores: 8, memory: 32_000, fs: 'xfs' }), 90);
      b.serve('broker.service', {
        name: 'brokerd',
        exe: '/opt/broker/bin/brokerd',
        rss: 3100,
        threads: 61,
        cpu: 0.7,
      });
      b.contextSwitches = 11_000;
      return b;
    },
    {
      atFirst: 'rule silent',
      runs: 8,
      onset: 3,
      each(b, run) {
        if (run < 3) return;
        b.contextSwitches = 690_000;
        b.systemShare = 0.16;
        b.process('brokerd').threads = 1460;
        b.process('brokerd').cpu = 1.6;
      },
    },
  ),
  fault(
    'a report of the month runs wild on an Ubuntu 14.04 server with upstart',
    is('proc.runaway', 'Rscript'),
    () => {
      const b = weather(town(on('ubuntu1404', 'stats', { cores: 4, memory: 7900, disk: 'sda' }), 110));
      b.run({ name: 'apache2', exe: '/usr/sbin/apache2', uid: 33, rss: 90, cpu: 0.03 });
      b.run({ name: 'mysqld', exe: '/usr/sbin/mysqld', uid: 105, rss: 610, threads: 22, cpu: 0.04 });
      b.run({ name: 'Rscript', exe: '/usr/lib/R/bin/exec/R', uid: 1004, rss: 400, started: 90_000, cpu: 0 });
      return b;
    },
    {
      runs: 8,
      onset: 3,
      chain: ['proc.runaway>cpu.saturated'],
      each(b, run) {
        if (run < 3) return;
        Object.assign(b.process('Rscript'), { cpu: 3.9, threads: 9, state: 'R' });
        b.running = 10;
        b.load = [8.8, 6.4, 3.1];
        b.psi.cpu = 62;
      },
    },
  ),
  fault(
    'a check of cron starts hundreds of shells a second on Amazon Linux 2023',
    is('proc.fork_storm', ['', 'check_all.sh', 'bash', 'sh', 'grep']),
    () => {
      const b = town(
        on('amazon2023', 'ip-10-0-4-17', { cores: 2, memory: 3900, disk: 'nvme0n1', fs: 'xfs' }),
        60,
      );
      b.run({ pid: 9001, name: 'check_all.sh', exe: '/usr/bin/bash', rss: 5, started: 400_000, cpu: 0.02 });
      return b;
    },
    {
      runs: 7,
      onset: 2,
      chain: ['proc.fork_storm>cpu.system_high'],
      each(b, run) {
        if (run < 2) return;
        b.forks = 820;
        b.systemShare = 0.47;
        b.user = 0.21;
        b.load = [5.2, 3.4, 1.6];
        b.running = 5;
        b.psi.cpu = 34;
        b.processes = b.processes.filter((p) => p.ppid !== 9001);
        for (let i = 0; i < 90; i++)
          b.run({
            pid: 11_000 + run * 300 + i,
            ppid: 9001,
            name: i % 3 ? 'grep' : 'sh',
            exe: i % 3 ? '/usr/bin/grep' : '/usr/bin/bash',
            rss: 1,
            started: b.uptime + 58,
            ticks: 1,
          });
      },
    },
  ),
  fault(
    'a typing error in sysctl.conf leaves RHEL 6 with 6815 open files for all',
    is('proc.fd_system', ['', 'java']),
    () => {
      const b = town(on('rhel6', 'oradb1', { cores: 8, memory: 31_900, disk: 'sda' }), 80);
      for (let i = 0; i < 6; i++)
        b.run({
          name: 'java',
          exe: '/usr/java/jdk1.7.0/bin/java',
          uid: 501,
          rss: 900,
          threads: 70,
          fds: 880,
          limit: 65_536,
        });
      b.files['proc/sys/fs/file-nr'] = '6592\t0\t6815\n';
      b.files['etc/sysctl.conf'] = 'kernel.shmmni = 4096\nfs.file-max = 6815\nfs.aio-max-nr = 1048576\n';
      return b;
    },
  ),
  fault(
    'the web server account of Ubuntu 18.04 runs a miner out of /dev/shm',
    is('proc.suspicious', ['kswapd1', '/dev/shm']),
    () => {
      const b = weather(town(on('ubuntu1804', 'shop', { cores: 4, memory: 7900, disk: 'vda' }), 70));
      b.serve('apache2.service', { name: 'apache2', uid: 33, rss: 140, cpu: 0.1 });
      b.serve('cron.service', { name: 'cron', rss: 3 });
      b.run({
        name: 'kswapd1',
        exe: '/dev/shm/.ICE/kswapd1',
        uid: 33,
        rss: 260,
        cpu: 3.7,
        threads: 6,
        started: b.uptime - 7200,
        state: 'R',
      });
      b.running = 6;
      b.load = [4.6, 4.5, 4.2];
      return b;
    },
    { runs: 4, chain: ['proc.suspicious>cpu.saturated'] },
  ),
  fault(
    'a workstation server with Gentoo drops its page cache and reads it again all the time',
    is(['mem.pressure', 'mem.low'], ['', 'samtools']),
    () => {
      const b = town(on('gentoo', 'lab9', { cores: 12, memory: 31_800, disk: 'nvme0n1', fs: 'xfs' }), 160);
      for (let i = 0; i < 9; i++)
        b.run({
          name: 'samtools',
          exe: '/usr/bin/samtools',
          uid: 1003,
          rss: 2700,
          cpu: 0.6,
          started: b.uptime - 4000,
        });
      return b;
    },
    {
      atFirst: 'the case was wrong',
      runs: 7,
      onset: 2,
      each(b, run) {
        b.available = 4900;
        if (run < 2) return;
        b.available = 3900;
        b.cached = 2100;
        b.directScan = 61_000;
        b.majorFaults = 2600;
        b.psi.memory = 31;
        b.psi.memoryFull = 14;
        b.psi.io = 19;
        Object.assign(b.disk('nvme0n1'), { reads: 3100, readKb: 64, busy: 0.5, readMs: 0.4, queue: 1.2 });
      },
    },
  ),
  note(
    'a small machine in a cloud with Debian 12 has neither memory to spare nor swap',
    is('mem.no_swap'),
    () => {
      const b = town(on('debian12', 'vps-113', { cores: 1, memory: 961, disk: 'vda', root: [20, 8] }), 8);
      b.serve('mariadb.service', {
        name: 'mariadbd',
        exe: '/usr/sbin/mariadbd',
        uid: 104,
        rss: 310,
        threads: 12,
      });
      b.serve('apache2.service', { name: 'apache2', uid: 33, rss: 240, cpu: 0.01 });
      b.available = 118;
      b.free = 60;
      return b;
    },
    { runs: 3 },
  ),
  fault(
    'the kernel of Debian 8 ends a Ruby application, one report',
    is('mem.oom_kill', ['ruby', 'ruby2.1', 'unicorn.service', '']),
    () => {
      const b = town(
        on('debian8', 'app01', { cores: 2, memory: 2010, swap: 1020, disk: 'xvda', root: [20, 9] }),
        40,
      );
      b.serve('nginx.service', { name: 'nginx', rss: 9 });
      b.serve('unicorn.service', { name: 'ruby2.1', exe: '/usr/bin/ruby2.1', uid: 1000, rss: 300 });
      b.fail('unicorn.service', 'signal', 9, 2, 420);
      b.swapUsed = 600;
      b.available = 900;
      const ago = 421;
      b.say(4, 'nginx invoked oom-killer: gfp_mask=0x201da, order=0, oom_score_adj=0', ago);
      b.say(4, 'nginx cpuset=/ mems_allowed=0', ago);
      b.say(4, 'CPU: 1 PID: 812 Comm: nginx Not tainted 3.16.0-4-amd64 #1 Debian 3.16.39-1', ago);
      b.say(4, 'Mem-Info:', ago);
      b.say(4, 'Free swap  = 0kB', ago);
      b.say(4, 'Total swap = 1044476kB', ago);
      b.say(3, 'Out of memory: Kill process 4418 (ruby2.1) score 712 or sacrifice child', ago);
      b.say(3, 'Killed process 4418 (ruby2.1) total-vm:2911204kB, anon-rss:1511012kB, file-rss:0kB', ago);
      return b;
    },
    { atFirst: 'wrong edge', chain: ['mem.oom_kill>svc.unit_failed'] },
  ),
  note(
    'the machines of Java on SLES 15 were promised twice the memory there is',
    is('mem.overcommit'),
    () => {
      const b = town(on('sles15', 'wls3', { cores: 8, memory: 31_700, disk: 'sda', fs: 'btrfs' }), 90);
      for (let i = 0; i < 5; i++)
        b.serve(`wls${i}.service`, {
          name: 'java',
          exe: '/usr/lib64/jvm/java-11/bin/java',
          uid: 1200,
          rss: 3900,
          threads: 120,
          cpu: 0.1,
        });
      b.committed = 61_000;
      b.files['proc/sys/vm/overcommit_memory'] = '0\n';
      b.available = 9100;
      return b;
    },
    { atFirst: 'the case was wrong', runs: 3 },
  ),
  note(
    'redis on Amazon Linux 2 for arm64 with huge pages always on',
    is('mem.thp_latency', ['', 'redis', 'redis-server']),
    () => {
      const b = town(
        on('amazon2arm', 'ip-10-2-0-9', { cores: 4, memory: 15_600, disk: 'nvme0n1', fs: 'xfs' }),
        50,
      );
      b.serve('redis.service', {
        name: 'redis-server',
        exe: '/usr/bin/redis-server',
        uid: 991,
        rss: 5200,
        threads: 5,
        cpu: 0.2,
      });
      b.listeners.push({ at: '127.0.0.1:6379', process: 'redis-server', backlog: 511 });
      b.files['sys/kernel/mm/transparent_hugepage/enabled'] = '[always] madvise never\n';
      b.cores = 4;
      return b;
    },
  ),
  fault(
    'a module of memory in a POWER server corrects more errors each day',
    is('mem.ecc_corrected', ['mc0', 'dimm', 'DIMM', 'P1-C17', '']),
    () => {
      const b = town(on('rhel8power', 'p9-db1', { cores: 32, memory: 261_000, disk: 'sda', fs: 'xfs' }), 210);
      b.serve('postgresql.service', {
        name: 'postgres',
        exe: '/usr/bin/postgres',
        uid: 26,
        rss: 21_000,
        cpu: 1.2,
      });
      return b;
    },
    {
      runs: 5,
      every: 3600,
      each(b, run) {
        const n = 14 + run * 9;
        Object.assign(b.files, {
          'sys/devices/system/edac/mc/mc0/ce_count': `${n}\n`,
          'sys/devices/system/edac/mc/mc0/ue_count': '0\n',
          'sys/devices/system/edac/mc/mc0/dimm2/dimm_label': 'P1-C17\n',
          'sys/devices/system/edac/mc/mc0/dimm2/dimm_ce_count': `${n}\n`,
          'sys/devices/system/edac/mc/mc0/dimm2/dimm_ue_count': '0\n',
          'sys/devices/system/edac/mc/mc1/ce_count': '0\n',
          'sys/devices/system/edac/mc/mc1/ue_count': '0\n',
        });
      },
    },
  ),
  fault(
    'the host takes six gigabytes back from a guest with Ubuntu 20.04 on a mainframe',
    is('virt.balloon'),
    () => {
      const b = shelves(
        town(on('ubuntu2004z', 'zlin17', { cores: 4, memory: 16_050, swap: 4000, disk: 'dasda' }), 120),
        5,
      );
      b.disks[0]!.name = 'dasda';
      b.serve('db2.service', {
        name: 'db2sysc',
        exe: '/opt/ibm/db2/V11.5/adm/db2sysc',
        uid: 1002,
        rss: 7600,
        threads: 70,
        cpu: 0.5,
      });
      b.available = 7100;
      return b;
    },
    {
      runs: 8,
      onset: 3,
      chain: ['virt.balloon>mem.low', 'mem.low>mem.swap_thrash'],
      each(b, run) {
        if (run < 3) return;
        b.memory = 9900;
        b.available = 310;
        b.free = 120;
        b.cached = 300;
        b.swapUsed = 900 + run * 200;
        b.swapIn = 1900;
        b.swapOut = 2100;
        b.majorFaults = 800;
        b.directScan = 9000;
        b.psi.memory = 41;
        b.psi.memoryFull = 24;
        b.psi.io = 30;
        b.iowait = 0.2;
        b.blocked = 3;
        b.load = [5.4, 3.4, 1.8];
        Object.assign(b.disk('dasda'), {
          reads: 470,
          writes: 520,
          busy: 0.97,
          queue: 7,
          readMs: 9,
          writeMs: 14,
        });
      },
    },
  ),
  fault(
    'the room of a server with Oracle Linux is too warm, its processors slow down',
    is('hw.temp_high', ['coretemp', 'Package', 'hwmon', 'cpu', 'Core']),
    () => {
      const b = town(on('oracle9', 'edge-21', { cores: 8, memory: 31_000, disk: 'sda', fs: 'xfs' }), 100);
      b.serve('transcode.service', {
        name: 'ffmpeg',
        exe: '/usr/bin/ffmpeg',
        uid: 980,
        rss: 900,
        threads: 20,
        cpu: 6.2,
      });
      return b;
    },
    {
      runs: 8,
      onset: 3,
      chain: ['hw.temp_high>cpu.thermal_throttle'],
      each(b, run) {
        const hot = run >= 3;
        const dir = 'sys/class/hwmon/hwmon2';
        Object.assign(b.files, {
          [`${dir}/name`]: 'coretemp\n',
          [`${dir}/temp1_label`]: 'Package id 0\n',
          [`${dir}/temp1_input`]: `${hot ? 99_000 + run * 100 : 77_000}\n`,
          [`${dir}/temp1_max`]: '82000\n',
          [`${dir}/temp1_crit`]: '100000\n',
          [`${dir}/temp1_crit_alarm`]: '0\n',
          [`${dir}/temp2_label`]: 'Core 0\n',
          [`${dir}/temp2_input`]: `${hot ? 97_000 : 75_000}\n`,
          [`${dir}/temp2_max`]: '82000\n',
          [`${dir}/temp2_crit`]: '100000\n',
        });
        for (let i = 0; i < 8; i++) {
          b.files[`sys/devices/system/cpu/cpu${i}/thermal_throttle/core_throttle_count`] =
            `${hot ? 20 + (run - 2) * 410 : 20}\n`;
          b.files[`sys/devices/system/cpu/cpu${i}/thermal_throttle/package_throttle_count`] =
            `${hot ? 31 + (run - 2) * 900 : 31}\n`;
        }
        if (hot)
          b.say(
            4,
            `CPU${run}: Package temperature is above threshold, cpu clock is throttled (total events = ${run * 900})`,
          );
      },
    },
  ),
];
