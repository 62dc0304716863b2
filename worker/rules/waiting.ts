// Whether somebody waits for the cores: full ones alone do no harm.
import { limitsOf } from '#core/conditions/index.ts';
import type { Picture } from './rule.ts';
import { within } from './series.ts';

/**
 * Whether tasks have waited for a core since a moment (ten minutes at most), by the mean of the kernel's pressure: in a minute of a burst
 * nobody waits for long. Undefined where the kernel tells none.
 */
export function isWaitedFor(picture: Picture, since: number): boolean | undefined {
  const { pressure, lately } = limitsOf('cpu.saturated');
  const newest = picture.latest('cpu.pressure.some');
  if (newest === undefined) return undefined;
  const points = within(
    picture.series('cpu.pressure.some'),
    Math.max(since, picture.at - lately),
    picture.at,
  );
  const sum = points.reduce((all, [, value]) => all + value, 0);
  return (points.length ? sum / points.length : newest) > pressure;
}
