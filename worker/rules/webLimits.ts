// Web servers and PHP at their own limits, by their connections and processes and by what their error logs say.
import { gaugeOf, limitsOf } from '#core/conditions/index.ts';
import type { Finding, Subject } from '#core/diagnosis.ts';
import type { RuleId } from '#core/ruleCatalogue.ts';
import { formatCount, formatDuration } from '#core/format.ts';
import { normalOf } from './boundOf.ts';
import { cores, evidence, makeFinding } from './finding.ts';
import { gauge } from './gauge.ts';
import type { Picture, Point, Rule, RuleState } from './rule.ts';
import { stoppedBackend } from './sites.ts';

/** Connections to all ports that a program listens on, at each report that counted them. */
function connectionsOf(picture: Picture, program: RegExp): Point[] {
  const ports = new Set(
    (picture.facts.listeners ?? []).filter((l) => program.test(l.process ?? '')).map((l) => String(l.port)),
  );
  const sums = new Map<number, number>();
  for (const port of ports) {
    for (const [at, value] of picture.series('net.port.connections', port))
      sums.set(at, (sums.get(at) ?? 0) + value);
  }
  return [...sums].toSorted((a, b) => a[0] - b[0]);
}

interface Limit {
  id: RuleId;
  subject: Subject;
  program: RegExp;
  limit: number;
  what: string;
  source: string;
}

/** The connections of a program against its limit. */
function nearLimit(picture: Picture, state: RuleState, one: Limit): Finding[] {
  const points = connectionsOf(picture, one.program);
  if ((points.at(-1)?.[0] ?? 0) < picture.readAt('net.port.connections')) return [];
  const run = gauge(picture, state, { id: one.id, entity: one.subject, points, times: one.limit / 100 });
  if (!run) return [];
  return [
    makeFinding(picture, one.id, {
      subject: one.subject,
      since: run.since,
      bound: run.bound,
      summary: `${one.subject.name} serves ${formatCount(run.value)} connections; it can serve ${formatCount(one.limit)}.`,
      evidence: [
        evidence(
          'established connections to its ports',
          run.value,
          'count',
          'net.port.connections',
          normalOf(run.bound),
        ),
        evidence(one.what, one.limit, 'count', one.source),
      ],
    }),
  ];
}

/** nginx: most of worker_processes × worker_connections. What it asks of backends counts on top and is not seen. */
export const nginxConnections: Rule = {
  id: 'web.nginx_conns',
  find(picture, state): Finding[] {
    const config = picture.facts.webConfig?.find((c) => c.server === 'nginx');
    const group = picture.facts.processGroups?.find((g) => g.name === 'nginx');
    if (!config?.workerConnections || !group) return [];
    // `auto` is one a core; the processes that are there include the master.
    const workers = config.workerProcesses ?? Math.max(1, Math.min(cores(picture), group.count - 1));
    const subject = { kind: 'process', name: 'nginx' } as const;
    return nearLimit(picture, state, {
      id: 'web.nginx_conns',
      subject,
      program: /^nginx/,
      limit: workers * config.workerConnections,
      what: 'worker_processes × worker_connections',
      source: 'facts.webConfig.workerConnections',
    });
  },
};

/**
 * Apache with a process for each connection (prefork): most of MaxRequestWorkers. With threads an idle connection takes no worker, and
 * only the error log tells.
 */
export const apacheWorkers: Rule = {
  id: 'web.apache_workers',
  find(picture, state): Finding[] {
    const group = picture.facts.processGroups?.find((g) => /^(apache2|httpd)$/.test(g.name));
    if (!group || group.threads > group.count) return [];
    const config = picture.facts.webConfig?.find((c) => c.server === 'apache');
    const subject = { kind: 'process', name: group.name } as const;
    return nearLimit(picture, state, {
      id: 'web.apache_workers',
      subject,
      program: /^(apache2|httpd)/,
      limit: config?.maxRequestWorkers ?? limitsOf('web.apache_workers').usual,
      what: 'MaxRequestWorkers',
      source: 'facts.webConfig.maxRequestWorkers',
    });
  },
};

/**
 * Requests wait in the accept queue of a pool's port at two reports in a row, as many as a part of its children: every child that
 * becomes free has one to take, so none is. The log says it of pools that start children when they need them, and of no static one.
 */
function waitingForPool(picture: Picture, pools: NonNullable<Picture['facts']['phpFpm']>): Finding[] {
  const queueOf = (facts: Picture['facts'] | undefined, port: number) =>
    facts?.listeners?.find((l) => l.protocol === 'tcp' && l.port === port)?.queue ?? 0;
  for (const { pool, maxChildren, listen } of pools) {
    const port = Number(/(?:^|:)(\d+)$/.exec(listen ?? '')?.[1]);
    const now = queueOf(picture.facts, port);
    const bound = Math.max(1, (maxChildren * limitsOf('web.phpfpm_children').queue) / 100);
    if (!port || now < bound || queueOf(picture.previousFacts, port) < bound) continue;
    return [
      makeFinding(picture, 'web.phpfpm_children', {
        subject: { kind: 'process', name: 'php-fpm' },
        since: picture.times?.at(-2),
        confidence: 0.85,
        summary: `All ${formatCount(maxChildren)} children of the PHP-FPM pool ${pool} are busy, and ${formatCount(now)} requests wait for one.`,
        evidence: [
          evidence(`requests that wait on port ${port}`, now, 'count', 'facts.listeners.queue', '0'),
          evidence('pm.max_children', `${pool}: ${maxChildren}`, '', 'facts.phpFpm.maxChildren'),
        ],
      }),
    ];
  }
  return [];
}

/** All children of all pools are there: a pool that starts them on demand has none to spare. */
export const phpChildren: Rule = {
  id: 'web.phpfpm_children',
  find(picture, state): Finding[] {
    const pools = picture.facts.phpFpm ?? [];
    const group = picture.facts.processGroups?.find((g) => /^php-fpm/.test(g.name));
    if (!group || pools.length === 0) return [];
    const waiting = waitingForPool(picture, pools);
    if (waiting.length > 0) return waiting;
    // A static pool has all of its children always.
    if (!pools.every((p) => /^(dynamic|ondemand)$/.test(p.manager))) return [];
    const most = pools.reduce((sum, p) => sum + p.maxChildren, 0);
    if (most < 2) return [];
    const { raise, clear } = gaugeOf('web.phpfpm_children');
    const subject = { kind: 'process', name: 'php-fpm' } as const;
    const run = gauge(picture, state, {
      id: 'web.phpfpm_children',
      entity: subject,
      of: group.name,
      // One more is the master.
      raise: (raise / 100) * most + 0.5,
      clear: (clear / 100) * most + 1,
    });
    if (!run) return [];
    return [
      makeFinding(picture, 'web.phpfpm_children', {
        subject,
        since: run.since,
        bound: run.bound,
        confidence: 0.85,
        summary: `PHP-FPM has started all ${formatCount(most)} children that it may have; more requests wait.`,
        evidence: [
          evidence(
            'children',
            run.value - 1,
            'count',
            `proc.group.count{${group.name}}`,
            `below ${formatCount(most)}`,
          ),
          evidence(
            'pm.max_children',
            pools.map((p) => `${p.pool}: ${p.maxChildren}`).join(', '),
            '',
            'facts.phpFpm.maxChildren',
          ),
        ],
      }),
    ];
  },
};

/** Complaints of a kind in the error logs of the last `window` seconds, with their count. */
function complaints(
  picture: Picture,
  kind: string,
  window: number,
): { since: number; count: number; text: string } | undefined {
  const events = picture.events.filter((e) => e.kind === kind && e.at >= picture.at - window);
  if (events.length === 0) return undefined;
  const count = events.reduce((sum, e) => sum + Number(e.data?.['count'] ?? 1), 0);
  return { since: events[0]!.at, count, text: events.at(-1)!.text };
}

type Complaint = 'svc.upstream_timeout' | 'web.phpfpm_children' | 'web.nginx_conns' | 'web.apache_workers';

/** A rule that says what the error log of a web server said. */
function complaintRule(id: Complaint, kind: string, subject: Subject): Rule {
  const { lines, window } = limitsOf(id);
  return {
    id,
    find(picture): Finding[] {
      const said = complaints(picture, kind, window);
      if (!said || said.count < lines) return [];
      const stopped = id === 'svc.upstream_timeout' ? stoppedBackend(picture) : undefined;
      // Red Hat and its kin call Apache by another name.
      const other =
        subject.name === 'apache2' && picture.facts.processGroups?.find((g) => g.name === 'httpd');
      return [
        makeFinding(picture, id, {
          subject: other ? { ...subject, name: other.name } : subject,
          since: said.since,
          confidence: 0.9,
          summary: `${said.text}${said.count > 1 ? `, ${formatCount(said.count)} times in ${formatDuration(window)}` : ''}.${
            stopped
              ? ` ${stopped.name}, which has ${stopped.where}, is stopped: a signal (SIGSTOP) or a debugger holds all of its processes.`
              : ''
          }`,
          evidence: [
            ...(stopped
              ? [
                  evidence(
                    `processes of ${stopped.name}`,
                    'stopped (T)',
                    '',
                    'facts.processGroups.states',
                    'run',
                  ),
                ]
              : []),
            evidence(
              `lines of the error log in ${formatDuration(window)}`,
              said.count,
              'count',
              'tail -n 300 /var/log/*/error.log',
              '0',
            ),
          ],
        }),
      ];
    },
  };
}

/** Timeouts come now and then; the others are said once when the limit is reached. */
export const complaintRules: Rule[] = [
  complaintRule('svc.upstream_timeout', 'web.upstream_timeout', { kind: 'process', name: 'nginx' }),
  complaintRule('web.phpfpm_children', 'php.children_full', { kind: 'process', name: 'php-fpm' }),
  complaintRule('web.nginx_conns', 'web.connections_full', { kind: 'process', name: 'nginx' }),
  complaintRule('web.apache_workers', 'web.workers_full', { kind: 'process', name: 'apache2' }),
];

/** Web servers by the name that their complaints have, with the program and the files of every distribution. */
const servers = [
  { name: 'nginx', title: 'nginx', program: /^nginx$/, files: /\/etc\/nginx\// },
  { name: 'apache2', title: 'Apache', program: /^(apache2|httpd)$/, files: /\/etc\/(apache2|httpd)\// },
];

/**
 * A web server said in the last two hours that it cannot use its configuration, and neither the files nor the server were renewed
 * since. The agent runs no test of its own: `nginx -t` opens logs and sockets, so it does more than read.
 */
export const webConfigInvalid: Rule = {
  id: 'web.config_invalid',
  find(picture): Finding[] {
    return servers.flatMap(({ name: server, title, program, files }) => {
      const event = picture.events.findLast(
        (e) =>
          e.kind === 'web.config_invalid' &&
          e.subject === server &&
          e.at >= picture.at - limitsOf('web.config_invalid').window,
      );
      const group = picture.facts.processGroups?.find((g) => program.test(g.name));
      // Events are told to the minute.
      if (!event || (group?.startedAt ?? 0) > event.at + 60) return [];
      // What is down cannot be mended; the change that broke it may be seen only after what the log said.
      const mended =
        group !== undefined &&
        picture.events.some(
          (e) => e.kind === 'config.changed' && e.at > event.at + 60 && files.test(e.subject),
        );
      if (mended) return [];
      return [
        makeFinding(picture, 'web.config_invalid', {
          subject: { kind: 'process', name: group?.name ?? server },
          since: event.at,
          confidence: 0.9,
          summary: `The configuration of ${title} is not valid: ${event.text}.`,
          evidence: [
            evidence('error log', event.text, '', 'tail -n 300 /var/log/*/error.log', 'no such line'),
            evidence(
              'said',
              picture.at - event.at < 60
                ? 'less than a minute ago'
                : `${formatDuration(picture.at - event.at)} ago`,
              '',
              'event web.config_invalid',
            ),
          ],
        }),
      ];
    });
  },
};
