// The live round of lodgers: faults on a real kernel, written down with what must be said of them before the product saw them
// (bench/live/lodgers). Each was recorded again where its fault had not come about the first time, or where the agent says more since.
import { lodgersFolder, recordedScenario, recordedSlugs } from '../../recorded.ts';
import type { CaseScenario } from '../case.ts';

/** What is known of a recording since it was judged. */
const since: Record<string, Pick<CaseScenario, 'atFirst' | 'notes' | 'chain'>> = {
  'deployed-on-another-port': { atFirst: 'not collected' },
  'php-fatal': { atFirst: 'not collected' },
  'no-port-left': { atFirst: 'not collected' },
  'regex-without-end': { atFirst: 'rule silent', chain: ['proc.runaway>svc.http_5xx'] },
  'forwarder-dead': { atFirst: 'not collected' },
  'no-default-route': { atFirst: 'rule silent' },
  'redis-keys': { atFirst: 'rule silent' },
  'shop-without-database': {
    atFirst: 'wrong edge',
    chain: ['proc.vanished>db.mysql_down', 'db.mysql_down>svc.restart_loop'],
  },
  // Redis without a limit of its own was named as the root of the kill: as true.
  'saving-child-killed': { atFirst: 'the case was wrong', chain: ['db.redis_no_maxmemory>mem.cgroup_oom'] },
  'apache-module-missing': { chain: ['change.config>svc.unit_failed'] },
  'php-after-upgrade': { chain: ['svc.restart_loop>proc.vanished'] },
  'sshfs-hangs': { chain: ['net.link_down>net.gateway_down', 'net.gateway_down>disk.nfs_stall'] },
};

export const lodgers: readonly CaseScenario[] = recordedSlugs(lodgersFolder).map((slug) => ({
  ...recordedScenario(slug, lodgersFolder),
  ...since[slug],
}));
