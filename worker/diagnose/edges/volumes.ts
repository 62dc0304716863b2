// Edges of volumes that stand on a pool without space.
import { disksOf } from '#worker/diagnose/entities.ts';
import { held, type Edge, type EdgeTest } from './edge.ts';
import { day, edge } from './evidence.ts';

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
  // A pool without space refuses what its volumes write: to them it looks like a bad disk.
  ...(['disk.errors', 'disk.readonly', 'disk.fs_errors'] as const).map((effect) =>
    edge('disk.lvm_thin_full', effect, 'strong', day, volumeOfFullPool),
  ),
];
