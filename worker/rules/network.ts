// The packets of this server: errors, drops, resets. Rates are per second; a share needs enough packets to mean something.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatPercent, formatValue } from '#core/format.ts';
import { boundOf, normalOf } from './boundOf.ts';
import { evidence, makeFinding, serverSubject } from './finding.ts';
import { gauge, isActive } from './gauge.ts';
import { link } from './links.ts';
import type { Picture, Rule } from './rule.ts';
import { baseline } from './series.ts';

function packets(picture: Picture, name: string): number {
  return (picture.latest('net.rx_packets', name) ?? 0) + (picture.latest('net.tx_packets', name) ?? 0);
}

/** Damaged frames, however few. */
export const netErrors: Rule = {
  id: 'net.errors',
  find(picture, state): Finding[] {
    return picture.subjects('net.errors').flatMap((name) => {
      const entity = { kind: 'interface', name } as const;
      const run = gauge(picture, state, {
        id: 'net.errors',
        entity,
        metric: 'net.errors',
        of: name,
      });
      if (!run) return [];
      const share = (100 * run.value) / Math.max(1, packets(picture, name) + run.value);
      return [
        makeFinding(picture, 'net.errors', {
          subject: entity,
          since: run.since,
          bound: run.bound,
          severity: share > limitsOf('net.errors').grave ? 'critical' : 'warning',
          summary: `${name} receives or sends damaged frames: ${formatValue(run.value, '/s')}, ${formatPercent(share)} of its packets.`,
          evidence: [
            evidence(`damaged frames of ${name}`, run.value, '/s', `net.errors{${name}}`, '0/s'),
            evidence(`packets of ${name}`, packets(picture, name), 'packets/s', `net.rx_packets{${name}}`),
            ...link(picture, name),
          ],
        }),
      ];
    });
  },
};

/** Drops that are a part of the packets, where there are enough of them. */
export const netDrops: Rule = {
  id: 'net.drops',
  find(picture, state): Finding[] {
    return picture.subjects('net.drops').flatMap((name) => {
      const entity = { kind: 'interface', name } as const;
      const run = gauge(picture, state, {
        id: 'net.drops',
        entity,
        metric: 'net.drops',
        of: name,
      });
      const all = packets(picture, name);
      const share = run ? (100 * run.value) / Math.max(1, all + run.value) : 0;
      const limits = limitsOf('net.drops');
      const least = isActive(state, 'net.drops', entity) ? limits.keep : limits.share;
      if (!run || all < limits.packets || share < least) return [];
      return [
        makeFinding(picture, 'net.drops', {
          subject: entity,
          since: run.since,
          bound: run.bound,
          summary: `${name} drops ${formatPercent(share)} of its packets (${formatValue(run.value, '/s')}).`,
          evidence: [
            evidence(
              `packets dropped by ${name}`,
              run.value,
              '/s',
              `net.drops{${name}}`,
              `below ${formatPercent(limits.share)} of packets`,
            ),
            evidence(`packets of ${name}`, all, 'packets/s', `net.rx_packets{${name}}`),
          ],
        }),
      ];
    });
  },
};

/** The kernel's own queue: packets dropped, or time slices used up. */
export const netSoftnet: Rule = {
  id: 'net.softnet',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const dropped = gauge(picture, state, {
      id: 'net.softnet',
      entity,
      metric: 'net.softnet_dropped',
    });
    const squeezed = gauge(picture, state, {
      id: 'net.softnet',
      entity,
      metric: 'net.softnet_squeezed',
    });
    const run = dropped ?? squeezed;
    if (!run) return [];
    return [
      makeFinding(picture, 'net.softnet', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        severity: dropped ? 'warning' : 'info',
        summary: dropped
          ? `The kernel drops ${formatCount(run.value)} packets a second because no core takes them in time.`
          : `The kernel runs out of its time slice for packets ${formatValue(run.value, '/s')}.`,
        evidence: [
          evidence(
            'packets dropped from the kernel backlog',
            dropped?.value ?? 0,
            '/s',
            'net.softnet_dropped',
            '0/s',
          ),
          evidence(
            'time slices used up',
            picture.latest('net.softnet_squeezed') ?? 0,
            '/s',
            'net.softnet_squeezed',
            normalOf(boundOf(state, 'net.softnet', { metric: 'net.softnet_squeezed' })),
          ),
        ],
      }),
    ];
  },
};

/** Many, and many times the usual. */
export const netResets: Rule = {
  id: 'net.resets',
  find(picture, state): Finding[] {
    const entity = serverSubject(picture);
    const run = gauge(picture, state, {
      id: 'net.resets',
      entity,
      metric: 'net.tcp.resets',
    });
    if (!run) return [];
    const usual = baseline(picture.series('net.tcp.resets'), run.since);
    if (!usual || run.value < limitsOf('net.resets').times * Math.max(1, usual.median)) return [];
    return [
      makeFinding(picture, 'net.resets', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        severity: 'info',
        summary: `This server refuses or cuts ${formatValue(run.value, '/s')} connections; usual are ${formatValue(usual.median, '/s')}.`,
        evidence: [
          evidence(
            'TCP resets sent',
            run.value,
            '/s',
            'net.tcp.resets',
            `about ${formatValue(usual.median, '/s')}`,
          ),
        ],
      }),
    ];
  },
};
