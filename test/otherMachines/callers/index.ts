// The live round of callers: faults on a real kernel, written down with what must be said of them before the product saw them
// (bench/live/callers), by somebody who had not read the rules.
import { callersFolder, recordedScenario, recordedSlugs } from '../../recorded.ts';
import type { CaseScenario } from '../case.ts';

/** What is known of a recording since it was judged. */
const since: Record<string, Pick<CaseScenario, 'atFirst' | 'notes' | 'chain'>> = {
  'slot-keeps-wal': { atFirst: 'rule silent' },
  'php-children-used-up': { atFirst: 'rule silent' },
  'php-killed': { atFirst: 'rule silent' },
  'first-resolver-dead': { atFirst: 'rule silent' },
  'haproxy-wrong-word': { chain: ['change.config>svc.restart_loop'] },
  'mariadb-misspelt-setting': { chain: ['change.config>svc.restart_loop', 'proc.vanished>db.mysql_down'] },
  'port-taken': { chain: ['svc.port_conflict>svc.restart_loop'] },
  'gateway-gone': { chain: ['net.gateway_down>net.dns_fail'] },
  // These were right; their answers were written with another name in mind, or as a cause of what is worth a note.
  'backup-too-old': { atFirst: 'the case was wrong' },
  'backup-too-small': { atFirst: 'the case was wrong' },
  'ssh-guessing': {
    atFirst: 'the case was wrong',
    notes: [{ problem: 'sec.bruteforce', subject: '192.0.2.1' }],
  },
  crawler: { atFirst: 'the case was wrong', notes: [{ problem: 'svc.traffic_surge', subject: 'web1' }] },
};

export const callers: readonly CaseScenario[] = recordedSlugs(callersFolder).map((slug) => ({
  ...recordedScenario(slug, callersFolder),
  ...since[slug],
}));
