// Small files of the kernel with one number each: connection tracking, entropy, memory errors, heat.
import type { Facts } from '#core/facts.ts';
import type { Counter, Sample } from '#core/snapshot.ts';
import { type Collector } from './collector.ts';
import { filesOf, numberIn } from './lookup.ts';

export const conntrack: Collector = {
  section: /^cat \/proc\/sys\/net\/netfilter\//,
  with: [],
  parse(_section, report) {
    const count = numberIn(report, '/proc/sys/net/netfilter/nf_conntrack_count');
    const max = numberIn(report, '/proc/sys/net/netfilter/nf_conntrack_max');
    const samples: Sample[] = [];
    if (count !== undefined) samples.push({ metric: 'net.conntrack', subject: '', value: count });
    if (count !== undefined && max) {
      samples.push({ metric: 'net.conntrack_percent', subject: '', value: (100 * count) / max });
    }
    return { samples };
  },
};

export const entropy: Collector = {
  section: 'cat /proc/sys/kernel/random/entropy_avail',
  parse(_section, report) {
    const value = numberIn(report, '/proc/sys/kernel/random/entropy_avail');
    return { samples: value === undefined ? [] : [{ metric: 'sys.entropy', subject: '', value }] };
  },
};

/** Memory errors by controller: /sys/devices/system/edac/mc/mc0/ce_count. https://docs.kernel.org/admin-guide/ras.html */
export const edac: Collector = {
  section: /^cat \/sys\/devices\/system\/edac\/mc\//,
  with: [],
  parse(_section, report) {
    const rows = new Map<string, NonNullable<Facts['edac']>[number]>();
    for (const [path, content] of filesOf(report, /^\/sys\/devices\/system\/edac\/mc\//)) {
      const [, controller, part, kind] =
        /\/mc\/(mc\d+)\/(?:((?:dimm|rank|csrow)\d+)\/)?(?:dimm_)?([cu]e)(?:_noinfo)?_count$/.exec(path) ?? [];
      const value = /^\d{1,15}$/.test(content) ? Number(content) : undefined;
      if (!controller || value === undefined || path.includes('noinfo')) continue;
      const key = `${controller} ${part ?? ''}`;
      const row = rows.get(key) ?? {
        controller,
        corrected: 0,
        uncorrected: 0,
        ...(part ? { label: part } : {}),
      };
      if (kind === 'ce') row.corrected = value;
      else row.uncorrected = value;
      rows.set(key, row);
    }
    // What a controller counts is the sum of its modules; where they are told, they say more.
    const split = new Set(
      [...rows.values()].filter(({ label }) => label).map(({ controller }) => controller),
    );
    const list = [...rows.values()].filter(({ controller, label }) => label || !split.has(controller));
    const samples = list.flatMap(({ controller, label, corrected, uncorrected }): Sample[] => {
      const subject = label ? `${controller}/${label}` : controller;
      return [
        { metric: 'edac.corrected', subject, value: corrected },
        { metric: 'edac.uncorrected', subject, value: uncorrected },
      ];
    });
    return { ...(list.length > 0 ? { facts: { edac: list } } : {}), samples };
  },
};

/** How often a core was slowed because it was hot: the most of any core, and of the packages. */
export const throttle: Collector = {
  section: /^cat \/sys\/devices\/system\/cpu\/cpu\d+\/thermal_throttle\//,
  with: [],
  parse(_section, report) {
    const counts = filesOf(report, /^\/sys\/devices\/system\/cpu\/cpu\d+\/thermal_throttle\/\w+_count$/)
      .map(([, content]) => Number(content))
      .filter((count) => Number.isFinite(count));
    const counters: Counter[] =
      counts.length > 0
        ? [{ metric: 'cpu.throttles', subject: '', value: counts.reduce((a, b) => a + b, 0) }]
        : [];
    return { counters };
  },
};

/** Mean frequency of the cores against the highest without boost, where cpufreq tells. */
export const frequency: Collector = {
  section: /^cat \/sys\/devices\/system\/cpu\/cpu\d+\/cpufreq\//,
  with: [],
  parse(_section, report) {
    const shares: number[] = [];
    for (const [path, content] of filesOf(
      report,
      /^\/sys\/devices\/system\/cpu\/cpu\d+\/cpufreq\/scaling_cur_freq$/,
    )) {
      const folder = path.slice(0, path.lastIndexOf('/'));
      const nominal =
        numberIn(report, `${folder}/base_frequency`) ?? numberIn(report, `${folder}/cpuinfo_max_freq`);
      if (nominal && /^\d{1,9}$/.test(content)) shares.push((100 * Number(content)) / nominal);
    }
    if (shares.length === 0) return {};
    const value = shares.reduce((a, b) => a + b, 0) / shares.length;
    return { samples: [{ metric: 'cpu.frequency', subject: '', value }] };
  },
};
