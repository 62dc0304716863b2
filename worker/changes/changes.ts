// A fact that changed is an event: what is different since the report before, in a sentence for the timeline.
import type { Facts } from '#core/facts.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { containerChanges, unitChanges } from './changesOfServices.ts';
import { accessChanges, listenerChanges } from './changesOfAccess.ts';
import { hardwareChanges, networkChanges } from './changesOfMachine.ts';
import { type Change, difference } from './difference.ts';

/** Events of one kind that one report may bring; what goes beyond is summed up in one. */
const most = 40;

/**
 * The events between two states of the same server, at `at` (epoch seconds). A fact that one of the two lacks is no change:
 * it was not known, or not asked. Kinds are `thing.change`: `listener.opened`, `unit.failed`, `config.changed` …
 */
export function factChanges(before: Facts, after: Facts, at: number): HostEvent[] {
  const changes = [
    ...systemChanges(before, after, at),
    ...hardwareChanges(before, after),
    ...networkChanges(before, after),
    ...listenerChanges(before, after),
    ...accessChanges(before, after),
    ...unitChanges(before, after),
    ...containerChanges(before, after),
    ...fileChanges(before, after),
  ];
  return bounded(changes).map((change) => ({ at, ...change }));
}

function systemChanges(before: Facts, after: Facts, at: number): Change[] {
  const changes: Change[] = [];
  let bootedAt = at;
  const [boot, newBoot] = [before.boot, after.boot];
  if (boot && newBoot) {
    const other =
      boot.bootId && newBoot.bootId ? boot.bootId !== newBoot.bootId : Math.abs(boot.at - newBoot.at) > 120;
    if (other) {
      bootedAt = newBoot.at > 0 ? Math.min(newBoot.at, at) : at;
      changes.push({ kind: 'server.rebooted', at: bootedAt, subject: '', text: 'The server restarted' });
    }
  }
  const moved = (
    kind: string,
    subject: string,
    what: string,
    from?: string | number,
    to?: string | number,
  ) => {
    if (from === undefined || to === undefined || from === to) return;
    // What runs from the start of the server on changed with it.
    const since = kind.startsWith('kernel.') ? { at: bootedAt } : {};
    changes.push({
      kind,
      ...since,
      subject,
      text: `${what} changed from ${from} to ${to}`,
      data: { from, to },
    });
  };
  moved('kernel.changed', '', 'The running kernel', before.kernel?.release, after.kernel?.release);
  moved(
    'kernel.parameters',
    '',
    'The boot parameters',
    before.kernel?.commandLine,
    after.kernel?.commandLine,
  );
  moved('os.upgraded', '', 'The operating system', before.os?.name, after.os?.name);
  moved('host.renamed', '', 'The hostname', before.host?.hostname, after.host?.hostname);
  moved('host.timezone', '', 'The time zone', before.host?.timezone, after.host?.timezone);
  moved('agent.updated', '', 'The version of the agent', before.agent?.version, after.agent?.version);
  for (const release of difference(before.kernel?.installed, after.kernel?.installed, (name) => name).added) {
    changes.push({ kind: 'kernel.installed', subject: release, text: `The kernel ${release} was installed` });
  }
  return [
    ...changes,
    ...packageChanges(before.packages, after.packages),
    ...clockChanges(before.clock, after.clock),
  ];
}

function packageChanges(before: Facts['packages'], after: Facts['packages']): Change[] {
  if (!before || !after) return [];
  const changes: Change[] = [];
  const [were, are] = [before.pending, after.pending];
  if (were !== undefined && are !== undefined && were > are) {
    changes.push({
      kind: 'packages.updated',
      subject: '',
      text: `Updates were applied: ${were} were pending, now ${are}`,
      data: { before: were, after: are },
    });
  }
  if (!before.rebootRequired && after.rebootRequired) {
    const which = after.rebootPackages?.slice(0, 5).join(', ');
    changes.push({
      kind: 'packages.reboot_required',
      subject: '',
      text: `A restart of the server is needed${which ? ` for ${which}` : ''}`,
    });
  }
  if (!before.broken && after.broken) {
    changes.push({
      kind: 'packages.broken',
      subject: '',
      text: `The package manager reports a broken state: ${after.broken}`,
    });
  }
  return changes;
}

function clockChanges(before: Facts['clock'], after: Facts['clock']): Change[] {
  if (before?.synchronized === undefined || after?.synchronized === undefined) return [];
  if (before.synchronized === after.synchronized) return [];
  return after.synchronized
    ? [{ kind: 'clock.synchronized', subject: '', text: 'The clock is synchronised again' }]
    : [{ kind: 'clock.unsynchronized', subject: '', text: 'The clock is no longer synchronised' }];
}

/** Files that are watched: configuration by hash, certificates, web sites, scheduled jobs. */
function fileChanges(before: Facts, after: Facts): Change[] {
  const changes: Change[] = [];
  const list = (hashes: Facts['configHashes']) => hashes && Object.entries(hashes);
  const files = difference(list(before.configHashes), list(after.configHashes), ([path]) => path);
  for (const [[path, old], [, now]] of files.both) {
    if (old !== now) changes.push({ kind: 'config.changed', subject: path, text: `${path} was changed` });
  }
  for (const [path] of files.added)
    changes.push({ kind: 'config.added', subject: path, text: `${path} is new` });
  for (const [path] of files.removed)
    changes.push({ kind: 'config.removed', subject: path, text: `${path} is gone` });

  const certificates = difference(before.certificates, after.certificates, ({ path }) => path);
  for (const [old, now] of certificates.both) {
    if (old.notAfter === now.notAfter && (old.fingerprint ?? '') === (now.fingerprint ?? '')) continue;
    const until = new Date(now.notAfter * 1000).toISOString().slice(0, 10);
    changes.push({
      kind: 'certificate.replaced',
      subject: now.path,
      text: `The certificate in ${now.path} was replaced; the new one is valid until ${until}`,
    });
  }
  const sites = (facts: Facts) =>
    facts.virtualHosts?.flatMap(({ server, names }) => names.map((name) => `${name} (${server})`));
  const hosts = difference(sites(before), sites(after), (name) => name);
  for (const name of hosts.added)
    changes.push({ kind: 'site.added', subject: name, text: `The web site ${name} was added` });
  for (const name of hosts.removed)
    changes.push({ kind: 'site.removed', subject: name, text: `The web site ${name} was removed` });

  const jobs = difference(before.cronJobs, after.cronJobs, (job) => JSON.stringify(job));
  for (const job of jobs.added)
    changes.push({
      kind: 'cron.added',
      subject: job.command,
      text: `Scheduled job of ${job.user}: ${job.schedule} ${job.command}`,
    });
  for (const job of jobs.removed)
    changes.push({
      kind: 'cron.removed',
      subject: job.command,
      text: `Scheduled job of ${job.user} is gone: ${job.schedule} ${job.command}`,
    });
  for (const fact of ['mysql', 'postgresql', 'redis', 'docker'] as const)
    changes.push(...settingChanges(fact, before[fact], after[fact]));
  for (const [old, now] of difference(before.phpFpm, after.phpFpm, ({ pool }) => pool).both) {
    if (old.maxChildren !== now.maxChildren) {
      changes.push({
        kind: 'setting.changed',
        subject: `php-fpm ${now.pool}`,
        text: `php-fpm pool ${now.pool}: pm.max_children changed from ${old.maxChildren} to ${now.maxChildren}`,
        data: { from: old.maxChildren, to: now.maxChildren },
      });
    }
  }
  return changes;
}

/** Settings, not states: their names are those of the server's own configuration, and what counts up is left out. */
const setting =
  /^(version|innodb_\w*size|max_\w+|\w*buffer\w*|work_mem|maxmemory\w*|maxclients|wal_level|listen_addresses|bind\w*|data_?dir\w*|server_version|protected-mode|port|read_only|storage_?driver)$/i;

function settingChanges(name: string, before: Facts['mysql'], after: Facts['mysql']): Change[] {
  if (!before || !after) return [];
  return Object.entries(after).flatMap(([key, to]) => {
    const from = before[key];
    if (from === undefined || from === to || !setting.test(key) || /_used|used_|_connected/.test(key))
      return [];
    return [
      {
        kind: 'setting.changed',
        subject: name,
        text: `${name}: ${key} changed from ${from} to ${to}`,
        data: { key, from, to },
      },
    ];
  });
}

function bounded(changes: Change[]): Change[] {
  const counts = new Map<string, number>();
  const kept = changes.filter(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= most;
  });
  for (const [kind, count] of counts) {
    if (count > most)
      kept.push({
        kind,
        subject: '',
        text: `And ${count - most} more changes of this kind`,
        data: { count: count - most },
      });
  }
  return kept;
}
