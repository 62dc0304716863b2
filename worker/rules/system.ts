// The system as a whole: restarts, crashes, updates, support, clock, logs.
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatTime } from '#core/format.ts';
import { endOfLife } from './endOfLife.ts';
import { filesystemOf } from './filesystems.ts';
import { evidence, makeFinding, newest, serverSubject } from './finding.ts';
import type { Picture, Rule } from './rule.ts';
import { currentRun } from './series.ts';

const hour = 3600;
const day = 86_400;

/** Up for less than ten minutes (ND, ZBX). */
export const sysRebooted: Rule = {
  id: 'sys.rebooted',
  find(picture): Finding[] {
    if (picture.uptime === undefined || picture.uptime >= 600) return [];
    return [
      makeFinding(picture, 'sys.rebooted', {
        subject: serverSubject(picture),
        since: picture.at - picture.uptime,
        severity: 'info',
        summary: `The server restarted ${formatDuration(picture.uptime)} ago.`,
        evidence: [evidence('uptime', picture.uptime, 'seconds', 'cat /proc/uptime', 'longer than 10 min')],
      }),
    ];
  },
};

/** The kernel said oops, BUG, panic or lockup in the last day. */
export const sysCrash: Rule = {
  id: 'sys.crash',
  find(picture): Finding[] {
    const events = picture.events.filter(
      (e) => /^kernel\.(oops|panic|lockup)$/.test(e.kind) && e.at >= picture.at - day,
    );
    const last = events.at(-1);
    if (!last) return [];
    return [
      makeFinding(picture, 'sys.crash', {
        subject: serverSubject(picture),
        since: events[0]!.at,
        confidence: 0.95,
        summary: `The kernel reported an error of its own: ${last.text}.`,
        evidence: [
          evidence('kernel log', last.text, '', 'dmesg'),
          evidence('how often in a day', events.length, 'count', 'dmesg', '0'),
        ],
      }),
    ];
  },
};

/** Compares '6.1.0-18-amd64' and '6.1.0-9-amd64' by their numbers. */
export function compareVersions(a: string, b: string): number {
  const parts = (s: string) =>
    s
      .split(/[^0-9]+/)
      .filter(Boolean)
      .map(Number);
  const [x, y] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The newest installed kernel of the running one's flavour, when it is newer than the running one. */
function newerKernel(picture: Picture): string | undefined {
  const running = picture.facts.kernel?.release;
  if (!running || picture.facts.host?.virtualization?.match(/docker|lxc|podman|container/)) return undefined;
  const flavour = (release: string) => release.replace(/^[\d.\-~+]+/, '');
  return (picture.facts.kernel?.installed ?? [])
    .filter((k) => flavour(k) === flavour(running) && compareVersions(k, running) > 0)
    .sort(compareVersions)
    .at(-1);
}

/** The distribution's own mark, or a newer kernel that waits (ND reboot.conf). */
export const sysRebootRequired: Rule = {
  id: 'sys.reboot_required',
  find(picture): Finding[] {
    const packages = picture.facts.packages;
    const kernel = newerKernel(picture);
    if (!packages?.rebootRequired && !kernel) return [];
    const which = packages?.rebootPackages?.slice(0, 4).join(', ');
    return [
      makeFinding(picture, 'sys.reboot_required', {
        subject: serverSubject(picture),
        severity: 'info',
        summary: kernel
          ? `A restart is due: ${kernel} is installed, ${picture.facts.kernel!.release} runs.`
          : `A restart is due${which ? ` for ${which}` : ''}.`,
        evidence: [
          evidence(
            'running kernel',
            picture.facts.kernel?.release ?? 'unknown',
            '',
            'facts.kernel.release',
            kernel,
          ),
          ...(which ? [evidence('asked for by', which, '', 'facts.packages.rebootPackages')] : []),
        ],
      }),
    ];
  },
};

/** A newer kernel waits and the server has been up for more than 14 days (OWN). */
export const sysKernelOld: Rule = {
  id: 'sys.kernel_old',
  find(picture): Finding[] {
    const kernel = newerKernel(picture);
    if (!kernel || (picture.uptime ?? 0) < 14 * day) return [];
    return [
      makeFinding(picture, 'sys.kernel_old', {
        subject: serverSubject(picture),
        since: picture.from,
        confidence: 0.85,
        summary: `The kernel ${picture.facts.kernel!.release} has run for ${formatDuration(picture.uptime!)} while ${kernel} waits for a restart.`,
        evidence: [
          evidence('running kernel', picture.facts.kernel!.release, '', 'facts.kernel.release', kernel),
          evidence(
            'uptime',
            picture.uptime!,
            'seconds',
            'cat /proc/uptime',
            'below 14 d with a newer kernel installed',
          ),
        ],
      }),
    ];
  },
};

/** Past the last day of support; info in the 180 days before (LYN). */
export const sysEol: Rule = {
  id: 'sys.eol',
  find(picture): Finding[] {
    const os = picture.facts.os;
    if (!os?.version) return [];
    const table = endOfLife[os.id];
    const date = table?.[os.version] ?? table?.[os.version.split('.')[0]!];
    if (!date) return [];
    const end = Date.parse(`${date}T23:59:59Z`) / 1000;
    const left = end - picture.now;
    if (left > 180 * day) return [];
    return [
      makeFinding(picture, 'sys.eol', {
        subject: serverSubject(picture),
        since: left < 0 ? end : picture.at,
        severity: left < 0 ? 'warning' : 'info',
        summary:
          left < 0
            ? `${os.name} has had no updates since ${date}.`
            : `${os.name} gets updates for ${formatDuration(left)} more, until ${date}.`,
        evidence: [evidence('end of support', date, '', 'facts.os.version', 'in the future')],
      }),
    ];
  },
};

/** Security updates that wait for more than 7 days (OWN); info before. */
export const sysUpdates: Rule = {
  id: 'sys.updates',
  find(picture): Finding[] {
    const p = picture.facts.packages;
    if (!p || !(p.security > 0)) return [];
    const waits = p.securitySince === undefined ? 0 : picture.at - p.securitySince;
    return [
      makeFinding(picture, 'sys.updates', {
        subject: serverSubject(picture),
        since: p.securitySince ?? picture.at,
        severity: waits > 7 * day ? 'warning' : 'info',
        summary: `${formatCount(p.security)} security ${p.security === 1 ? 'update waits' : 'updates wait'}${
          waits > day ? `, for ${formatDuration(waits)}` : ''
        }.`,
        evidence: [
          evidence('security updates', p.security, 'count', 'facts.packages.security', '0'),
          evidence('updates in all', p.pending, 'count', 'facts.packages.pending'),
        ],
      }),
    ];
  },
};

/** What the package manager itself calls broken. */
export const sysUpdateBroken: Rule = {
  id: 'sys.update_broken',
  find(picture): Finding[] {
    const broken = picture.facts.packages?.broken;
    if (!broken) return [];
    return [
      makeFinding(picture, 'sys.update_broken', {
        subject: { kind: 'package', name: broken.split(/[\s,]/)[0] ?? 'packages' },
        summary: `The package manager reports a broken state: ${broken}.`,
        evidence: [evidence('package manager', broken, '', 'facts.packages.broken', 'nothing')],
      }),
    ];
  },
};

/** Running programs that use deleted libraries. */
export const sysOldLibraries: Rule = {
  id: 'sys.services_old_libs',
  find(picture): Finding[] {
    const names = picture.facts.oldLibraries ?? [];
    if (names.length === 0) return [];
    return [
      makeFinding(picture, 'sys.services_old_libs', {
        subject: serverSubject(picture),
        severity: 'info',
        summary: `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''} still ${
          names.length === 1 ? 'runs' : 'run'
        } with libraries that were replaced on disk.`,
        evidence: [
          evidence(
            'programs with deleted libraries',
            names.slice(0, 10).join(', '),
            '',
            'facts.oldLibraries',
            'none',
          ),
        ],
      }),
    ];
  },
};

/** /var/log > 20 % of its filesystem and > 1 GiB, or a journal > 4 GiB (OWN). */
export const sysJournal: Rule = {
  id: 'sys.journal_big',
  find(picture): Finding[] {
    const logs = picture.facts.logs;
    if (!logs) return [];
    const total = Math.max(logs.varLogBytes ?? 0, logs.journalBytes ?? 0);
    const fs = filesystemOf(picture, '/var/log');
    const share = fs && fs.size > 0 ? (100 * total) / fs.size : 0;
    const journal = (logs.journalBytes ?? 0) > 4 * 1024 ** 3;
    // A filesystem of its own for logs is there to be filled with logs.
    const heavy = share > 20 && total > 1024 ** 3 && fs?.mount !== '/var/log';
    if (!journal && !heavy) return [];
    const largest = logs.largest?.[0];
    return [
      makeFinding(picture, 'sys.journal_big', {
        subject: { kind: 'file', name: largest?.path ?? '/var/log' },
        severity: 'info',
        summary: `Logs take ${formatBytes(total)}${fs ? `, ${formatPercent(share)} of ${fs.mount}` : ''}${
          largest ? `; the largest is ${largest.path} (${formatBytes(largest.size)})` : ''
        }.`,
        evidence: [
          evidence(
            '/var/log',
            logs.varLogBytes ?? total,
            'bytes',
            'facts.logs.varLogBytes',
            'below 20 % of its filesystem',
          ),
          ...(logs.journalBytes === undefined
            ? []
            : [evidence('journal', logs.journalBytes, 'bytes', 'facts.logs.journalBytes', 'below 4 GiB')]),
          ...(largest
            ? [
                evidence(
                  'largest log',
                  `${largest.path} (${formatBytes(largest.size)})`,
                  '',
                  'facts.logs.largest',
                ),
              ]
            : []),
        ],
      }),
    ];
  },
};

/** logrotate.service failed, or a log file over 1 GiB that is no journal (OWN). */
export const sysLogrotate: Rule = {
  id: 'sys.logrotate_failed',
  find(picture): Finding[] {
    const unit = picture.facts.units?.find((u) => u.name === 'logrotate.service' && u.active === 'failed');
    const largest = picture.facts.logs?.largest?.find(
      (f) => f.size > 1024 ** 3 && !/\/journal\//.test(f.path),
    );
    if (!unit && !largest) return [];
    return [
      makeFinding(picture, 'sys.logrotate_failed', {
        subject: largest ? { kind: 'file', name: largest.path } : { kind: 'unit', name: 'logrotate.service' },
        since: unit?.changedAt ?? picture.at,
        summary: unit
          ? `logrotate has failed: logs are not rotated${largest ? `, and ${largest.path} has ${formatBytes(largest.size)}` : ''}.`
          : `${largest!.path} has ${formatBytes(largest!.size)}: it is not rotated.`,
        evidence: [
          ...(unit
            ? [
                evidence(
                  'state of logrotate.service',
                  unit.active,
                  '',
                  'facts.units.active',
                  'inactive (success)',
                ),
              ]
            : []),
          ...(largest
            ? [
                evidence(
                  `size of ${largest.path}`,
                  largest.size,
                  'bytes',
                  'facts.logs.largest',
                  'below 1 GiB',
                ),
              ]
            : []),
        ],
      }),
    ];
  },
};

/** Offset > 50 ms by the clock's own service, ten minutes (NM), or > 60 s against Rootnote (ZBX). */
export const timeSkew: Rule = {
  id: 'time.skew',
  find(picture): Finding[] {
    const offset = newest(picture, 'clock.offset') ?? picture.facts.clock?.offsetSeconds;
    const skews = picture.series('agent.clock_skew');
    const skew = skews.at(-1)?.[1];
    const own = offset !== undefined && Math.abs(offset) > 0.05;
    // An agent that sends old reports from its buffer looks late: only a report of now counts.
    const far = currentRun(
      skews,
      (v) => Math.abs(v) > 60,
      (v) => Math.abs(v) > 30,
      Math.min(3, picture.reports),
    );
    const ahead = far !== undefined && (skew ?? 0) > 60;
    if (!own && !ahead && !(far && Math.abs(skew ?? 0) < day)) return [];
    const value = own ? offset : skew!;
    return [
      makeFinding(picture, 'time.skew', {
        subject: serverSubject(picture),
        since: far?.since ?? picture.at,
        severity: Math.abs(value) > 60 ? 'critical' : 'warning',
        summary: `The clock is ${formatDuration(Math.abs(value))} ${value > 0 ? 'ahead' : 'behind'}.`,
        evidence: [
          ...(own ? [evidence('offset', offset, 'seconds', 'clock.offset', 'below 50 ms')] : []),
          ...(far
            ? [evidence('clock against Rootnote', skew!, 'seconds', 'agent.clock_skew', 'below 30 s')]
            : []),
          ...(picture.facts.clock?.synchronized === undefined
            ? []
            : [
                evidence(
                  'synchronised',
                  picture.facts.clock.synchronized,
                  '',
                  'facts.clock.synchronized',
                  'yes',
                ),
              ]),
        ],
      }),
    ];
  },
};

/** Not synchronised, later than 17 min after the start (ND; NM 10 min). A container has no clock of its own. */
export const timeUnsync: Rule = {
  id: 'time.unsync',
  find(picture): Finding[] {
    const clock = picture.facts.clock;
    if (clock?.synchronized !== false || (picture.uptime ?? Infinity) < 1020) return [];
    if (/docker|lxc|podman|openvz|container/.test(picture.facts.host?.virtualization ?? '')) return [];
    return [
      makeFinding(picture, 'time.unsync', {
        subject: serverSubject(picture),
        confidence: 0.9,
        summary: `The clock is not synchronised${clock.service === 'none' ? ': no time service runs' : ''}.`,
        evidence: [
          evidence('synchronised', false, '', 'facts.clock.synchronized', 'yes'),
          ...(clock.service
            ? [
                evidence(
                  'time service',
                  clock.service,
                  '',
                  'facts.clock.service',
                  'chrony, systemd-timesyncd or ntpd',
                ),
              ]
            : []),
          ...(clock.maxErrorSeconds === undefined
            ? []
            : [evidence('largest error', clock.maxErrorSeconds, 'seconds', 'facts.clock.maxErrorSeconds')]),
        ],
      }),
    ];
  },
};

/** The VM stood still: the clock jumped by more than 2 s while steal rose, or its clock source was marked unstable (OWN). */
export const virtMigrated: Rule = {
  id: 'virt.migrated',
  find(picture): Finding[] {
    const event = picture.events.findLast((e) => e.kind === 'kernel.clock' && e.at >= picture.at - hour);
    const skews = picture.series('agent.clock_skew').slice(-10);
    const jump = skews.findLast(([, v], i) => i > 0 && Math.abs(v - skews[i - 1]![1]) > 2);
    const steal = jump && picture.series('cpu.steal').find(([at]) => at === jump[0])?.[1];
    if (!event && !(jump && (steal ?? 0) > 5)) return [];
    return [
      makeFinding(picture, 'virt.migrated', {
        subject: serverSubject(picture),
        since: event?.at ?? jump![0],
        severity: 'info',
        confidence: 0.7,
        summary: event
          ? `${event.text}: the virtual machine was paused or moved.`
          : `The clock jumped at ${formatTime(jump![0])} while the CPU was withheld: the virtual machine was paused or moved.`,
        evidence: event
          ? [evidence('kernel log', event.text, '', 'dmesg')]
          : [
              evidence('clock against Rootnote', jump![1], 'seconds', 'agent.clock_skew', 'steady'),
              evidence('steal', steal!, 'percent', 'cpu.steal', 'below 5 %'),
            ],
      }),
    ];
  },
};

/** No report for three of the agent's intervals. */
export const agentSilent: Rule = {
  id: 'agent.silent',
  find(picture): Finding[] {
    const quiet = picture.now - picture.at;
    if (quiet <= 180) return [];
    const down = picture.monitors.filter((m) => m.state === 'down');
    const ping = picture.monitors.find((m) => m.kind === 'ping');
    return [
      makeFinding(picture, 'agent.silent', {
        subject: serverSubject(picture),
        since: picture.at + 60,
        summary: `No report has come for ${formatDuration(quiet)}${
          ping
            ? `; from outside the server ${ping.state === 'down' ? 'does not answer either' : 'answers'}`
            : ''
        }.`,
        evidence: [
          evidence('last report', picture.at, 'epoch', 'report', 'within 3 min'),
          ...(ping ? [evidence(ping.name, ping.state, '', `monitor ping ${ping.target}`, 'up')] : []),
          ...(down.length ? [evidence('monitors that are down', down.length, 'count', 'monitors', '0')] : []),
        ],
      }),
    ];
  },
};

/** Sections that the agent could not read, or that were not understood. A program that is not installed is no fault. */
export const agentPartial: Rule = {
  id: 'agent.partial',
  find(picture): Finding[] {
    const bad = picture.partial.filter((p) => p.kind !== 'missing');
    if (bad.length === 0) return [];
    const rights = bad.filter((p) => p.kind === 'rights');
    return [
      makeFinding(picture, 'agent.partial', {
        subject: serverSubject(picture),
        severity: 'info',
        summary:
          rights.length === bad.length
            ? `The agent runs without root and leaves ${formatCount(bad.length)} ${bad.length === 1 ? 'section' : 'sections'} out.`
            : `${formatCount(bad.length)} ${bad.length === 1 ? 'section' : 'sections'} of the report could not be read in full: ${bad
                .slice(0, 2)
                .map((p) => `“${p.section.slice(0, 40)}”`)
                .join(', ')}${bad.length > 2 ? ' and others' : ''}.`,
        evidence: bad.slice(0, 6).map((p) => evidence(p.section, p.reason, '', 'report', 'complete')),
      }),
    ];
  },
};
