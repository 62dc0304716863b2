// What was changed in the hours before something began. A hint for a person, no proof: it never names a cause.
import type { Finding } from '#core/diagnosis.ts';
import { formatDuration } from '#core/format.ts';
import type { HostEvent } from '#core/snapshot.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { processesOf } from './entities.ts';

/** What a person or a package manager does, as opposed to what merely happens. */
const changes =
  /^(package|packages\.updated|kernel\.(installed|changed|parameters)|os\.upgraded|config|setting|sshd|sudoers|unit\.restarted|server\.rebooted|resolver|route|firewall|certificate|container\.(added|removed|replaced|restarted)|cron|site|memory\.changed|cpu\.changed|disk\.(added|removed|resized)|filesystem\.(mounted|unmounted|resized)|interface\.(address|speed|duplex))/;
const twoHours = 7200;
/** A change of something else is named only when it was this short before (seconds). */
const close = 1800;
const most = 3;

export function isChange(event: HostEvent): boolean {
  return changes.test(event.kind);
}

/** 'mariadb-server was upgraded to 10.11.6, 14 min earlier.' Those of the same service come first. */
export function changesBefore(picture: Picture, root: Finding): string[] {
  // What was so at the first report began nobody knows when; what began before it has its moment from a log or from systemd.
  if (root.latent || root.since === picture.from) return [];
  const names = [...processesOf(picture, root.subject), root.subject.name]
    .map((name) => name.replace(/\.service$/, '').toLowerCase())
    .filter((name) => name.length > 2);
  const related = (e: HostEvent) => {
    const text = `${e.subject} ${e.text}`.toLowerCase();
    // 'mariadbd' belongs to the package 'mariadb-server'.
    return names.some((name) => text.includes(name) || text.includes(name.replace(/d$/, '')));
  };
  // That it starts again and again is what the finding says, not what somebody did before.
  const same = (e: HostEvent) =>
    /_loop$/.test(root.id) && e.subject === root.subject.name && e.kind.endsWith('.restarted');
  // "And 12 more changes of this kind" says nothing that helps.
  const isSum = (e: HostEvent) => e.subject === '' && e.data?.['count'] !== undefined;
  // Nor is a change that is the cause itself what came before it.
  const itself = (e: HostEvent) =>
    (root.id.startsWith('change.') && e.subject === root.subject.name) ||
    (e.text.length > 20 && root.summary.includes(e.text)) ||
    (root.id === 'sys.rebooted' && e.kind === 'server.rebooted') ||
    (root.id === 'net.gateway_down' && e.kind === 'route.removed');
  // What restarts more than once does so by itself.
  const restarts = new Map<string, number>();
  for (const e of picture.events)
    if (e.kind.endsWith('.restarted')) restarts.set(e.subject, (restarts.get(e.subject) ?? 0) + 1);
  const byItself = (e: HostEvent) =>
    e.kind.endsWith('.restarted') && (e.data?.['times'] !== undefined || restarts.get(e.subject)! > 1);
  // Everything starts anew with the server.
  const boots = picture.events.filter((e) => e.kind === 'server.rebooted').map((e) => e.at);
  const atBoot = (e: HostEvent) =>
    e.kind === 'unit.restarted' && boots.some((at) => e.at >= at - 300 && e.at <= at + 900);
  return (
    picture.events
      .filter(
        (e) =>
          isChange(e) &&
          !isSum(e) &&
          !same(e) &&
          !itself(e) &&
          !byItself(e) &&
          !atBoot(e) &&
          e.at <= root.since + 60 &&
          e.at >= root.since - twoHours,
      )
      .map((e) => ({ e, mine: related(e), ago: Math.max(0, root.since - e.at) }))
      .filter(({ mine, ago }) => mine || ago <= close)
      .sort((a, b) => Number(b.mine) - Number(a.mine) || a.ago - b.ago)
      // A log tells the steps of a change with the same words.
      .filter(({ e }, i, all) => all.findIndex((other) => other.e.text === e.text) === i)
      .slice(0, most)
      .map(
        ({ e, ago }) =>
          `${e.text.replace(/\.$/, '')}, ${ago < 60 ? 'at the same time' : `${formatDuration(ago)} earlier`}.`,
      )
  );
}
