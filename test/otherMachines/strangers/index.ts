// The blind round: machines and faults written down, with what must be said of them, by somebody who had not read the rules.
import { scenarioOf, type CaseScenario } from '../case.ts';
import { recordedScenario, recordedSlugs, strangersFolder } from '../../recorded.ts';
import { strangerControls } from './controls.ts';
import { hardwareStrangers } from './hardware.ts';
import { kernelStrangers } from './kernel.ts';
import { securityStrangers } from './security.ts';
import { serviceStrangers } from './services.ts';
import { twistedStrangers } from './twisted.ts';

/** What is known of a recording (bench/live/strangers.ts) since it was judged. */
const since: Record<string, Pick<CaseScenario, 'atFirst' | 'notes'>> = {
  'postgres-dead-rows': {
    atFirst: 'the case was wrong',
    notes: [{ problem: 'db.pg_bloat', subject: 'postgresql' }],
  },
  'slow-collector': {
    atFirst: 'the case was wrong',
    notes: [{ problem: 'net.udp_errors', subject: 'web1' }],
  },
  'small-buffer-pool': { atFirst: 'rule silent', notes: [{ problem: 'db.mysql_low_hit', subject: 'mysql' }] },
  'redis-as-cache': { atFirst: 'false alarm' },
  'redis-cannot-save': { atFirst: 'wrong edge' },
  'redis-clients': { atFirst: 'not collected' },
};

/** Reports as the agent of such a machine would write them, and reports of the real agent on a real kernel. */
export const strangers: readonly CaseScenario[] = [
  ...[
    ...hardwareStrangers,
    ...kernelStrangers,
    ...serviceStrangers,
    ...securityStrangers,
    ...twistedStrangers,
    ...strangerControls,
  ].map(scenarioOf),
  ...recordedSlugs(strangersFolder).map((slug) => ({
    ...recordedScenario(slug, strangersFolder),
    ...since[slug],
  })),
];
