// What kind of thing a finding is in the graph: a symptom that asks for a cause, a standing weakness, or a cause in its own right.
import type { Severity } from '#core/severity.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';

export interface NodeClass {
  /** Never named as a root, alone it opens nothing. */
  neverRoot?: boolean;
  /** Alone it explains nothing: without a cause or a named entity the answer is "unknown". */
  symptom?: boolean;
  /** A weakness that stands for days: told after what hurts now. */
  standing?: boolean;
  /** A weakness of its age or by choice: told after all else, for it is no news. */
  chronic?: boolean;
}

export const severityWeight: Record<Severity, number> = { critical: 1, warning: 0.5, info: 0.1 };

const neverRoot: RuleId[] = ['cpu.load_high', 'mem.swap_used', 'agent.counter_reset', 'agent.partial'];

const symptoms: RuleId[] = [
  'cpu.saturated',
  'cpu.iowait',
  'cpu.system_high',
  'cpu.ctx_switch_storm',
  'mem.low',
  'mem.critical',
  'mem.pressure',
  'mem.swap_thrash',
  'mem.time_to_exhaust',
  'svc.http_slow',
  'svc.http_5xx',
  'svc.upstream_timeout',
  'net.retrans',
  'net.latency',
];

const standing =
  /^(sec|sys|tls\.(weak|chain|name)|backup|smart\.(selftest|reallocated|ssd|crc)|mem\.(no_swap|thp|hugepages|overcommit)|dns|change|agent\.partial|db\.oom|time\.unsync)/;

/** A distribution or a kernel that is old, updates that wait, how sshd was set: nothing broke. */
const chronic =
  /^(sys\.(eol|kernel_old|updates|reboot_required|services_old_libs)|sec\.(sshd_|firewall_off)|mem\.no_swap)/;

/** The class of a rule. What is critical now (a leak, a crash, an intrusion) is not `standing`, whatever its family. */
export function nodeClass(id: string): NodeClass {
  return {
    neverRoot: (neverRoot as string[]).includes(id),
    symptom: (symptoms as string[]).includes(id),
    standing: standing.test(id) && !['sys.crash', 'sys.rebooted', 'sec.login_after_fail'].includes(id),
    chronic: chronic.test(id),
  };
}
