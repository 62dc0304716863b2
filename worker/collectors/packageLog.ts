// What the package managers did lately: an event for each package that was installed, upgraded or removed.
import type { HostEvent } from '#core/snapshot.ts';
import { type Collector } from './collector.ts';
import { lines } from './lines.ts';
import { epochOf, syslogTimeIn, timeIn, zoneOffsetOf } from './reportTime.ts';

interface Entry {
  at: number;
  action: 'installed' | 'upgraded' | 'removed';
  name: string;
  from?: string;
  to?: string;
}

/** Older lines of a log that hardly moves were read long ago. */
const oldest = 7 * 86_400;

export const packageLog: Collector = {
  section: 'tail -n 100 /var/log/dpkg.log',
  parse({ body }, report) {
    const now = epochOf(report);
    const offset = zoneOffsetOf(report);
    const log = lines(body).map((line) => line.slice(0, 1000));
    const entries = log.flatMap((line) => read(line, offset, now) ?? []);
    const events = [...entries, ...apk(log), ...dnf5(log, offset)]
      .filter(({ at }) => now === 0 || (at > now - oldest && at < now + 86_400))
      .map(eventOf);
    return { events };
  },
};

const verbs = { install: 'installed', upgrade: 'upgraded', remove: 'removed', purge: 'removed' } as const;

function read(line: string, offset: number, now: number): Entry | undefined {
  const at = timeIn(line.slice(0, 40), offset);
  // dpkg.log: 2026-11-23 08:29:17 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1
  const dpkg = /^\d{4}-\S+ \S+ (install|upgrade|remove|purge) (\S+?)(?::\w+)? (\S+) (\S+)$/.exec(line);
  if (dpkg && at !== undefined) {
    const [, verb, name, from, to] = dpkg as unknown as [string, keyof typeof verbs, string, string, string];
    return {
      at,
      action: verbs[verb],
      name,
      ...(from === '<none>' ? {} : { from }),
      ...(to === '<none>' ? {} : { to }),
    };
  }
  // dnf.rpm.log: 2026-11-23T08:29:17+0100 SUBDEBUG Upgrade: nginx-1:1.20.1-14.el9.x86_64
  const dnf = /^\d{4}-\S+ \w+ (Installed|Upgrade|Upgraded|Erase|Removed): (\S+)$/.exec(line);
  if (dnf && at !== undefined) return rpm(dnf[1]!, dnf[2]!, at);
  // yum.log: Nov 23 08:29:17 Updated: nginx-1:1.20.1-1.el7.x86_64
  const yum = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (Installed|Updated|Erased): (\S+)$/.exec(line);
  if (yum) return rpm(yum[1]!, yum[2]!, syslogTimeIn(line, offset, now) ?? 0);
  // pacman.log: [2026-11-23T08:29:17+0100] [ALPM] upgraded nginx (1.2-1 -> 1.3-1)
  const pacman =
    /^\[.{10,30}\] \[ALPM\] (installed|upgraded|removed|downgraded) (\S+) \((\S+)(?: -> (\S+))?\)$/.exec(
      line,
    );
  if (pacman && at !== undefined) {
    const [, verb, name, from, to] = pacman as unknown as [
      string,
      string,
      string,
      string,
      string | undefined,
    ];
    const action = verb === 'downgraded' ? 'upgraded' : (verb as Entry['action']);
    return { at, action, name, ...(action === 'installed' ? { to: from } : { from, to }) };
  }
  // zypp/history: 2026-11-23 08:29:17|install|nginx|1.21.5-1|x86_64||repo|…
  const [, verb, name, version] = line.split('|').map((field) => field.trim());
  if ((verb === 'install' || verb === 'remove') && name && at !== undefined) {
    return {
      at,
      action: verbs[verb],
      name,
      ...(version ? (verb === 'install' ? { to: version } : { from: version }) : {}),
    };
  }
  return undefined;
}

/**
 * apk.log of apk 3, without the arguments of its runs: "` at 2026-11-23 08:29:17", which is UTC, and then what that run did:
 * "( 1/12) Upgrading nginx (1.26.2-r0 -> 1.26.3-r0)". A step whose run was cut off has no time and is left out.
 */
function apk(log: string[]): Entry[] {
  const entries: Entry[] = [];
  let at: number | undefined;
  for (const line of log) {
    if (line.startsWith('` at ')) at = timeIn(line, 0);
    const step =
      /^\( *\d+\/\d+\) (Installing|Upgrading|Downgrading|Purging) ([^\s@]+)\S* \((\S+)(?: -> (\S+))?\)$/.exec(
        line,
      );
    if (!step || at === undefined) continue;
    const [, verb, name, version, to] = step as unknown as [string, string, string, string, string?];
    if (to !== undefined) entries.push({ at, action: 'upgraded', name, from: version, to });
    else if (verb === 'Installing') entries.push({ at, action: 'installed', name, to: version });
    else if (verb === 'Purging') entries.push({ at, action: 'removed', name, from: version });
  }
  return entries;
}

/**
 * dnf5.log: `2026-11-23T08:29:17+0000 [4711] INFO RPM callback install stop "nginx-1:1.26.3-1.fc43.x86_64" amount 1 total 1`. An
 * upgrade installs the new version, and later in the transaction uninstalls the old one. Where the start of a transaction was cut
 * off, an old version that goes can't be told from a package that was removed, and is left out.
 */
function dnf5(log: string[], offset: number): Entry[] {
  const entries: Entry[] = [];
  let begun = false;
  let installed = new Map<string, Entry[]>();
  for (const line of log) {
    const done =
      /^(\S+) \[\d+\] INFO RPM callback (?:transaction (start)|(install|uninstall) stop "(\S+)")/.exec(line);
    if (!done) continue;
    const [, time, start, verb, text] = done;
    if (start) [begun, installed] = [true, new Map()];
    const at = timeIn(time!, offset);
    const entry =
      at === undefined || text === undefined
        ? undefined
        : rpm(verb === 'install' ? 'Installed' : 'Erased', text.replace('-0:', '-'), at);
    if (!entry) continue;
    if (verb === 'install') {
      entries.push(entry);
      installed.set(entry.name, [...(installed.get(entry.name) ?? []), entry]);
      continue;
    }
    const newer = installed.get(entry.name)?.shift();
    if (newer) Object.assign(newer, { action: 'upgraded', from: entry.from });
    else if (begun) entries.push(entry);
  }
  return entries;
}

/** `nginx-1:1.20.1-14.el9.x86_64`, or with the epoch in front: `1:nginx-1.20.1-14.el7.x86_64`. */
function rpm(verb: string, text: string, at: number): Entry | undefined {
  const found = /^(?:\d+:)?(.{1,150}?)-((?:\d+:)?[^-]{1,60}-[^-]{1,80})\.\w+$/.exec(text);
  const action = /^Install/.test(verb)
    ? 'installed'
    : /^(Upgrade|Updated)/.test(verb)
      ? 'upgraded'
      : 'removed';
  // "Upgraded" names the old version that went.
  if (verb === 'Upgraded') return undefined;
  return found
    ? { at, action, name: found[1]!, ...(action === 'removed' ? { from: found[2]! } : { to: found[2]! }) }
    : undefined;
}

function eventOf({ at, action, name, from, to }: Entry): HostEvent {
  const version =
    action === 'upgraded'
      ? ` from ${from ?? 'an older version'} to ${to ?? 'a newer one'}`
      : to
        ? ` (${to})`
        : from
          ? ` (${from})`
          : '';
  const text =
    action === 'upgraded' && from === undefined
      ? `${name} was upgraded to ${to}`
      : `${name} was ${action}${version}`;
  return {
    kind: `package.${action}`,
    at,
    subject: name,
    text,
    data: { ...(from ? { from } : {}), ...(to ? { to } : {}) },
  };
}
