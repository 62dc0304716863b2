// The default route is gone: the kernel says of what it should send that no route leads there.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatTime } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Picture } from './rule.ts';

/** Reports without a fresh look at the routes that must agree, where the last look still showed a default route (our judgement). */
const alone = 3;

/**
 * Told while something wants to get out: at two reports in a row when a look at the routes, which is hourly, shows that it is gone; between
 * two looks at three, and only where nothing was without a route before.
 */
export function lostDefaultRoute(picture: Picture): Finding[] {
  const { looks, lost: least } = limitsOf('net.gateway_down');
  const points = picture.series('net.no_route');
  const rate = picture.latest('net.no_route') ?? 0;
  if (rate <= least) return [];
  const first = points.findLastIndex(([, value]) => value <= least) + 1;
  const run = points.slice(first);
  const route = picture.facts.defaultRoute;
  if (!route) return [];
  const known = route.lostAt !== undefined;
  if (known ? run.length < looks && picture.reports >= 3 : run.length < alone || first === 0) return [];
  const way = `${route.gateway ? `via ${route.gateway} ` : ''}on ${route.device}`;
  const each = `${formatCount(rate)} packets a second`;
  return [
    makeFinding(picture, 'net.gateway_down', {
      subject: { kind: 'peer', name: route.gateway ?? route.device },
      since: run[0]![0],
      confidence: known ? 0.95 : 0.8,
      summary: known
        ? `The default route ${way} is gone: ${each} find no way out.`
        : `${each} find no way out: the default route ${way}, which was there at the last look, must be gone.`,
      evidence: [
        evidence('packets without a route', rate, '/s', 'net.no_route', '0/s'),
        known
          ? evidence('default route', `gone at ${formatTime(route.lostAt!)}`, '', 'facts.defaultRoute', way)
          : evidence('default route at the last look', way, '', 'facts.defaultRoute'),
      ],
    }),
  ];
}
