import { describe, expect, it } from 'vitest';
import { findingKey } from '#core/diagnosis.ts';
import { metrics } from '#core/metrics.ts';
import { isRuleId, ruleCatalogue, type RuleId } from '#core/ruleCatalogue.ts';
import { handmadePicture } from '#worker/picture/handmade.ts';
import { bounds } from './bounds.ts';
import { findProblems } from './findProblems.ts';
import { rules } from './index.ts';
import { uncollectable } from '#core/uncollectable.ts';

const GiB = 1024 ** 3;

describe('the catalogue', () => {
  it('is covered: every problem has a rule, or a reason why none can see it, and never both', () => {
    const implemented = new Set<string>(rules.map((r) => r.id));
    const left = Object.keys(uncollectable);
    expect(left.filter((id) => implemented.has(id))).toEqual([]);
    expect([...implemented, ...left].toSorted()).toEqual(Object.keys(ruleCatalogue).toSorted());
    expect(implemented.size).toBeGreaterThanOrEqual(150);
    expect(Object.values(uncollectable).every((reason) => reason.length > 30 && reason.endsWith('.'))).toBe(
      true,
    );
  });

  it('has a second rule only for a problem that has a second witness', () => {
    // What the second sees that the first cannot.
    const witnesses: Partial<Record<RuleId, string>> = {
      'mem.cgroup_near_limit':
        'pages that went to swap and are needed, while what is left in memory looks harmless',
      'mem.ecc_uncorrected': 'the log of the kernel, where no counter can be read',
      'cpu.throttled_cgroup': 'the sum since the group began, where a single report has no rate',
      'db.mysql_slow': 'statements that still run: the counter of slow ones counts at their end',
      'svc.timer_missed': 'a job that reports in from outside, which is no timer of this machine',
      'svc.http_5xx': 'the logs of the web server, also while nobody looks at a page from outside',
      'svc.upstream_timeout': 'the error log of the proxy, also while no monitor gets a 504',
      'web.nginx_conns': 'the error log, which tells of a peak between two reports',
      'web.apache_workers': 'the error log, which tells with threads, too, where connections do not',
      'web.phpfpm_children': 'the log, which tells of a peak between two reports',
    };
    const ids = rules.map(({ id }) => id);
    expect([...new Set(ids.filter((id, at) => ids.indexOf(id) < at))].toSorted()).toEqual(
      Object.keys(witnesses).toSorted(),
    );
    expect(ids).toHaveLength(new Set(ids).size + Object.keys(witnesses).length);
  });

  it('finds nothing in an empty picture, and nothing on a quiet server', () => {
    expect(findProblems(handmadePicture({ reports: 1 }))).toEqual([]);
    const quiet = Object.fromEntries(
      bounds.map((b) => [
        b.side === 'above' ? `${b.metric}{x}` : b.metric,
        b.side === 'above' ? 0 : b.clear + 100,
      ]),
    );
    expect(findProblems(handmadePicture({ series: quiet }))).toEqual([]);
  });
});

describe('the table of bounds', () => {
  it.each(bounds.map((b) => [b.id, b] as const))('%s is a row that makes sense', (_id, b) => {
    expect(isRuleId(b.id)).toBe(true);
    expect(Object.hasOwn(metrics, b.metric)).toBe(true);
    if (b.side === 'above') expect(b.clear).toBeLessThanOrEqual(b.raise);
    else expect(b.clear).toBeGreaterThanOrEqual(b.raise);
    if (b.critical !== undefined)
      expect(b.side === 'above' ? b.critical > b.raise : b.critical < b.raise).toBe(true);
    expect(b.normal.length).toBeGreaterThan(0);
  });

  // What a row asks of the rest of the picture, so that it can fire.
  const context: Record<string, Parameters<typeof handmadePicture>[0]> = {
    'mem.low': { series: { 'mem.available': GiB / 2 } },
    'mem.swap_used': { series: { 'mem.swap_in': 0 } },
    'cpu.softirq_high': { series: { 'cpu.busy': 20 } },
    'net.retrans': { series: { 'net.tcp.out_segments': 500 } },
    'net.wg_stale': { facts: { wireguard: [{ device: 'wg0', publicKey: 'x', keepaliveSeconds: 25 }] } },
    'db.mysql_low_hit': { series: { 'db.mysql.queries': 100 } },
    'web.nginx_conns': { facts: { webConfig: [{ server: 'nginx' }] } },
    'web.apache_workers': { facts: { webConfig: [{ server: 'apache' }] } },
    'sys.entropy': { facts: { kernel: { release: '4.19.0-1' } } },
  };

  it.each(bounds.map((b) => [b.id, b] as const))(
    '%s is raised in a row of samples, kept until its clear bound, and then ends',
    (id, b) => {
      const subject = ['server', 'database'].includes(b.kind) || /^web\./.test(id) ? '' : 'x';
      const key = subject ? `${b.metric}{${subject}}` : b.metric;
      const more = context[id] ?? {};
      const bad = b.side === 'above' ? b.raise + Math.max(1, Math.abs(b.raise) * 0.01) : b.raise - 1;
      const between = (b.raise + b.clear) / 2;
      const good = b.side === 'above' ? Math.max(0, b.clear - Math.max(1, b.clear * 0.1)) : b.clear + 1;
      const at = (values: number[], active = new Set<string>()) =>
        findProblems(
          handmadePicture({ reports: values.length, ...more, series: { ...more.series, [key]: values } }),
          active,
        ).filter((f) => f.id === id);
      const [found] = at(Array.from({ length: 12 }, (_, i) => (i < 4 ? good : bad)));
      expect(found, 'raised').toBeDefined();
      expect(found!.summary).not.toMatch(/undefined|NaN/);
      expect(found!.since, 'onset').toBe(1_760_000_000 + 4 * 60);
      expect(found!.evidence[0]).toMatchObject({ value: bad, normal: b.normal });
      const active = new Set([findingKey(found!)]);
      expect(at([good, good, good, good], active), 'cleared').toEqual([]);
      if (b.raise !== b.clear && b.raise > 0) {
        expect(at([bad, bad, bad, between], active), 'kept').toHaveLength(1);
        expect(at([between, between, between, between]), 'not raised between the bounds').toEqual([]);
      }
      if (b.samples > 1) expect(at([good, good, good, good, bad]), 'one sample').toEqual([]);
    },
  );

  it('tells ports in TIME_WAIT once: worse where they were opened from here, by the same bound', () => {
    const told = (ports: number, opened: number, raise?: number) =>
      findProblems(
        handmadePicture({ series: { 'net.tcp.time_wait': ports, 'net.tcp.opened': opened } }),
        new Set(),
        { overrides: raise === undefined ? {} : { 'net.timewait': { raise } } },
      ).flatMap(({ id, severity }) => (id === 'net.timewait' ? [severity] : []));
    expect(told(26_000, 10)).toEqual(['info']);
    expect(told(26_000, 400)).toEqual(['warning']);
    expect(told(24_000, 400)).toEqual(['info']);
    expect(told(9500, 400, 9000)).toEqual(['info']);
    expect(told(10_500, 400, 9000)).toEqual(['warning']);
    expect(told(26_000, 400, 27_000)).toEqual([]);
  });

  it('lets a person set another bound', () => {
    const picture = handmadePicture({ series: { 'mem.available_percent': 12, 'mem.available': GiB / 2 } });
    expect(findProblems(picture).map((f) => f.id)).not.toContain('mem.low');
    expect(
      findProblems(picture, new Set(), { overrides: { 'mem.low': { raise: 20 } } }).map((f) => f.id),
    ).toContain('mem.low');
  });
});
