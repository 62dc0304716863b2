// Which processes belong together, as an admin thinks of them: all php-fpm workers are php-fpm.
import { own } from '#core/own.ts';

/** The kernel cuts a process name after 15 letters; these are the whole ones. */
const whole: Record<string, string> = {
  'systemd-journal': 'systemd-journald',
  'systemd-network': 'systemd-networkd',
  'systemd-resolve': 'systemd-resolved',
  'systemd-timesyn': 'systemd-timesyncd',
  'systemd-machine': 'systemd-machined',
  'systemd-hostnam': 'systemd-hostnamed',
  'systemd-timedat': 'systemd-timedated',
  'systemd-userwor': 'systemd-userwork',
  'prometheus-node': 'prometheus-node-exporter',
  'unattended-upgr': 'unattended-upgrades',
  'NetworkManager-': 'NetworkManager-dispatcher',
  'gitlab-workhors': 'gitlab-workhorse',
  'redis-check-rdb': 'redis-server',
  // Node names its first thread so since version 22.
  MainThread: 'node',
  // OpenSSH 9.8 split the session off into programs of their own.
  'sshd-session': 'sshd',
  'sshd-auth': 'sshd',
};

const known = { program: new Map<string, string>(), kernel: new Map<string, string>() };

/** The group of a process name. Names repeat from report to report, so they are remembered, within bounds. */
export function groupName(name: string, isKernelThread: boolean): string {
  const names = isKernelThread ? known.kernel : known.program;
  let group = names.get(name);
  if (group === undefined) {
    group = isKernelThread ? kernelGroup(name) : programGroup(name);
    if (names.size > 10_000) names.clear();
    names.set(name, group);
  }
  return group;
}

function programGroup(name: string): string {
  // A title that the program gave itself: `postgres: checkpointer`, `php-fpm: pool www`, `runc:[2:INIT]`.
  const title = /^([^\s:]{1,64}):(?: |\[)/.exec(name)?.[1] ?? name.split(' ', 1)[0] ?? name;
  const plain = title
    .replace(/^((?:php-fpm|php-cgi|php|ruby|perl|lua|lsphp)-?)\d[\d.]*$/, (_, stem: string) =>
      stem.replace(/-$/, ''),
    )
    .replace(/^(python[23]|pypy3)\.\d+$/, '$1')
    // Amazon and others put the version in: redis6-server.
    .replace(/^(redis|valkey)\d[\d.]*(-server)$/, '$1$2')
    .replace(/^\((.+)\)$/, '$1');
  return own(whole, plain) ?? plain;
}

/** `kworker/0:1H-kblockd` → kworker, `jbd2/sda1-8` → jbd2, `md0_raid1` → md_raid1, `irq/24-eth0` → irq, `scsi_eh_3` → scsi_eh. */
function kernelGroup(name: string): string {
  if (name.startsWith('rcu')) return 'rcu';
  const stem = name.split(/[/:]/, 1)[0]!.replace(/^md\d+_/, 'md_');
  // A number that is part of the name, not the number of a core or device.
  if (/^(jbd2|nfsd4|nfsv4|md_raid\d+)$/.test(stem)) return stem;
  return stem.replace(/[._-]?\d+$/, '').replace(/[._-]+$/, '') || stem || name;
}
