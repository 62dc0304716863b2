// Edges between two sides of one trouble: what two rules see at the same time must not be two messages.
import { formatPercent } from '#core/format.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { monitorsOf } from '#worker/diagnose/monitorsOf.ts';
import { nameServer } from '#worker/rules/networkReach.ts';
import { held, type Edge, type EdgeTest } from './edge.ts';
import {
  day,
  edge,
  hour,
  implied,
  lately,
  minute,
  sameDisk,
  sameServiceOf,
  sameSubject,
} from './evidence.ts';

const clocks = /^(chronyd?|ntpd?|ntpsec|systemd-timesyncd?|openntpd)(\.service)?$/;
/** Programs that answer a request after they asked a database. */
const applications =
  /^(gunicorn|uwsgi|uvicorn|python[\d.]*|node|java|php-fpm.*|puma.*|unicorn.*|ruby[\d.]*|dotnet|apache2|httpd)$/;

/** The service of the cause resolves the names of this machine, or answers the questions of the monitor that fails. */
const resolvesHere: EdgeTest = ({ picture, cause, effect }) => {
  const program = cause.subject.name.replace(/(@.*)?\.service$/, '');
  const asked = monitorsOf(picture, effect).some(
    ({ about }) => about.unit === cause.subject.name || about.process === program,
  );
  if (effect.subject.kind === 'monitor' && asked) return held(`It asks ${cause.subject.name}.`);
  const local = (picture.facts.resolver?.nameservers ?? []).filter((a) => /^(127\.|::1$)/.test(a));
  if (!nameServer.test(cause.subject.name)) return `${cause.subject.name} resolves no names`;
  return local.length > 0
    ? held(`This server asks ${local[0]}, and that is ${cause.subject.name}.`)
    : 'this server asks other name servers';
};

const setsTheClock: EdgeTest = ({ cause }) =>
  clocks.test(cause.subject.name)
    ? held(`${cause.subject.name} is what keeps the clock.`)
    : `${cause.subject.name} does not keep the clock`;

/** An application that waits for its database accepts nobody meanwhile. */
const waitsForDatabase: EdgeTest = ({ picture, effect }) => {
  if (!applications.test(effect.subject.name)) return `${effect.subject.name} asks no database`;
  const busy = lately(picture, 'cpu.busy', '', effect.since) ?? 0;
  return busy < 90
    ? held(`${effect.subject.name} waits for the database while the CPU is ${formatPercent(busy)} busy.`, 0.7)
    : 'the CPU is full: it may compute';
};

const each = (causes: readonly RuleId[], effect: RuleId, lag: number, test: EdgeTest): Edge[] =>
  causes.map((cause) => edge(cause, effect, 'strong', lag, test));

export const twoSidesEdges: Edge[] = [
  // What is dropped on its way must be sent again.
  edge(
    'net.conntrack',
    'net.retrans',
    'strong',
    2 * minute,
    implied('What the kernel cannot track is dropped and sent again.'),
  ),
  edge(
    'net.gateway_down',
    'net.retrans',
    'strong',
    2 * minute,
    implied('Nothing gets past the gateway, and is sent again.'),
  ),
  edge(
    'net.tcp_mem',
    'net.retrans',
    'strong',
    2 * minute,
    implied('Without memory for its sockets the kernel drops what arrives, and it is sent again.'),
  ),
  // Names, clock and who serves them.
  ...each(
    ['svc.restart_loop', 'svc.unit_failed', 'proc.vanished'],
    'net.dns_fail',
    5 * minute,
    resolvesHere,
  ).map((one): Edge => ({ ...one, mayLeadBack: true })),
  ...each(['svc.unit_failed', 'svc.restart_loop', 'proc.vanished'], 'time.unsync', day, setsTheClock),
  // A database and who waits for it.
  ...each(
    ['db.pg_connections', 'db.mysql_connections', 'db.mysql_locks', 'db.mysql_slow'],
    'net.listen_overflow',
    2 * minute,
    waitsForDatabase,
  ),
  edge('mem.overcommit', 'db.redis_bgsave', 'strong', day, ({ picture }) =>
    picture.facts.memory?.overcommit === 2
      ? held('The kernel may promise no more memory, and Redis needs as much again to save.')
      : 'the kernel promises more memory than there is',
  ),
  // A disk that is too slow for what is written, and who waits for it.
  edge(
    'disk.saturated',
    'disk.fsync_stall',
    'strong',
    10 * minute,
    implied(
      ({ cause }) => `${cause.subject.name} takes no more than this, and what is written waits in memory.`,
    ),
  ),
  edge('smart.timeout', 'disk.latency', 'strong', hour, sameDisk('Commands that time out are repeated.')),
  edge(
    'disk.cgroup_throttled',
    'proc.dstate',
    'strong',
    5 * minute,
    sameServiceOf('Its tasks wait until its limit lets them write again.'),
  ),
  // Heat.
  edge(
    'hw.fan',
    'cpu.thermal_throttle',
    'strong',
    20 * minute,
    implied(({ cause }) => `${cause.subject.name} no longer moves the warm air away.`),
  ),
  edge('smart.temp', 'smart.nvme_critical', 'strong', hour, ({ picture, cause, effect }) => {
    const drive = picture.facts.smart?.find((d) => d.device === effect.subject.name);
    return cause.subject.name === effect.subject.name && drive?.nvme?.criticalWarning === 2
      ? held('Its temperature is what the drive warns of.')
      : 'the drive warns of something else';
  }),
  // The counter of a memory module and the line of the log.
  ...(['mem.ecc_corrected', 'mem.ecc_uncorrected'] as const).map((cause) =>
    edge(cause, 'hw.mce', 'strong', hour, ({ picture, effect }) =>
      picture.events.some((e) => e.kind === 'kernel.edac') || effect.severity !== 'critical'
        ? held('The processor reports the same errors of the memory.', 0.8)
        : 'the processor reports something graver',
    ),
  ),
  edge(
    'sec.uid0',
    'sec.new_admin',
    'deterministic',
    0,
    sameSubject('An account with user id 0 may do everything.'),
  ),
];
