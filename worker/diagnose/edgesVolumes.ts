// Edges of volumes that are not there, or that stand on a pool without space.
import { held, type Edge, type EdgeTest } from './edge.ts';
import { day, edge, minute } from './edgeTests.ts';
import { disksOf } from './entities.ts';

/**
 * The path is named after the service; or the service failed at the very start of the server at which the filesystem did not come: what
 * fails then misses what is not there.
 */
const needsMount: EdgeTest = ({ picture, cause, effect, matchEntities }) => {
  const mount = cause.subject.name;
  const unit = effect.subject.name.replace(/\.service$/, '');
  if (!matchEntities) return held(`${mount} is not there.`);
  const base = unit.replace(/@.*$/, '').replace(/[-_]?\d+$/, '');
  const short =
    { postgresql: ['pg', 'pgsql', 'pgdata', 'postgres'], mariadb: ['mysql'], mysqld: ['mysql'] }[base] ?? [];
  const parts = mount.toLowerCase().split('/');
  if ([base, unit, ...short].some((name) => parts.includes(name.toLowerCase())))
    return held(`${unit} has its data on ${mount}, which is not there.`);
  const boot = picture.uptime === undefined ? undefined : picture.at - picture.uptime;
  const sinceBoot = boot !== undefined && effect.since >= boot - 60 && effect.since <= boot + 600;
  return sinceBoot
    ? held(`${unit} failed at a start of the server at which ${mount} was not there.`, 0.85)
    : `${unit} is not known to need ${mount}`;
};

/**
 * A volume of the thin pool, whose space is used up. Where nobody said what lies on what, a mapped device does, while the kernel says
 * that a pool is out of space.
 */
const volumeOfFullPool: EdgeTest = ({ picture, cause, effect, matchEntities }) => {
  const [group = '', pool = ''] = cause.subject.name.split('/');
  const used = picture.facts.lvm?.find((lv) => lv.group === group && lv.name === pool);
  const worst = Math.max(used?.dataPercent ?? 0, used?.metadataPercent ?? 0);
  if (worst < 99.5) return `${cause.subject.name} is not full`;
  const because = held(`${cause.subject.name} is full and refuses what ${effect.subject.name} writes.`);
  if (!matchEntities) return because;
  // The device mapper doubles a dash that is part of a name.
  const mapped = [group, pool].map((name) => name.replaceAll('-', '--')).join('-');
  const below = disksOf(picture, effect.subject);
  const names = [...below].map(
    (name) => picture.facts.blockDevices?.find((d) => d.name === name)?.label ?? name,
  );
  if (names.some((name) => name.replace(/[-_](tpool|tdata|tmeta)$/, '') === mapped)) return because;
  const alone = below.size === 1 && /^dm-\d/.test(names[0]!);
  return alone && picture.events.some((e) => e.kind === 'kernel.thin_pool_full')
    ? { ...because, share: 0.9 }
    : `${effect.subject.name} is not known to be a volume of ${cause.subject.name}`;
};

export const volumeEdges: Edge[] = [
  edge('disk.mount_missing', 'svc.unit_failed', 'strong', 10 * minute, needsMount),
  // A pool without space refuses what its volumes write: to them it looks like a bad disk.
  ...(['disk.errors', 'disk.readonly', 'disk.fs_errors'] as const).map((effect) =>
    edge('disk.lvm_thin_full', effect, 'strong', day, volumeOfFullPool),
  ),
];
