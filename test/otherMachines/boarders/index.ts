// The live round of boarders: faults on a real kernel, written down with what must be said of them before the product saw them
// (bench/live/boarders). Each was recorded again where its fault had not come about the first time.
import { boardersFolder, recordedScenario, recordedSlugs } from '../../recorded.ts';
import type { CaseScenario } from '../case.ts';

/** What is known of a recording since it was judged. */
const since: Record<string, Pick<CaseScenario, 'atFirst' | 'notes' | 'chain'>> = {
  'node-event-loop-blocked': { atFirst: 'rule silent', chain: ['proc.runaway>svc.http_5xx'] },
  'module-not-installed': {
    atFirst: 'wrong edge',
    chain: ['svc.restart_loop>proc.vanished', 'proc.vanished>svc.http_5xx'],
  },
  'prepared-and-forgotten': { atFirst: 'rule silent' },
  // Written down after the round, for what it had not: a name server that is not on the same network.
  'name-server-behind-the-router': { atFirst: 'not collected' },
  // Told after a clock that nobody keeps.
  'waits-without-end': { atFirst: 'ranking' },
  'one-of-two-upstreams': { atFirst: 'ranking' },
  'php-children-crash': { atFirst: 'ranking' },
  'socket-of-php-is-closed': { atFirst: 'ranking' },
  // An archive of this very minute may be one that is being written; its name stands behind its kind.
  'dump-is-empty': { atFirst: 'the case was wrong' },
  // The folder was as new as the machine of the lab.
  'restic-long-ago': { atFirst: 'the case was wrong' },
  // Without an address of the internet a database on all addresses is nobody else's business.
  'memcached-for-everybody': { atFirst: 'the case was wrong' },
};

export const boarders: readonly CaseScenario[] = recordedSlugs(boardersFolder).map((slug) => ({
  ...recordedScenario(slug, boardersFolder),
  ...since[slug],
}));
