// A crowd: the agent reads processes and connections by port each fifth minute while it is calm. A fault that begins in between is told
// with the same root as if each report had told all, and nothing comes or goes because a table is absent.
import { describe, expect, it } from 'vitest';
import { findingKey } from '#core/diagnosis.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { readReport } from '#worker/parse/read.ts';
import { crowded } from './crowd.ts';
import { judgeAnswer, play, snapshotsOf } from './scenarios/runScenario.ts';
import { scenarios } from './scenarios/index.ts';

const named = (name: string) => scenarios.find((s) => s.name === name)!;

/** Faults of which some reports on the way have no table, one or two of each kind. */
const faults = [
  'A leak of 60 MB a minute',
  'One program takes all memory within minutes, and is killed',
  'OOM kill of the database takes the site down',
  'A service hits the memory limit of its control group',
  'A cgroup limit makes its service swap while the server has memory',
  'More PHP children than fit',
  'A busy loop on all cores',
  'One busy thread',
  'A miner in /tmp',
  'A CPU quota holds nginx back',
  'A shell script forks without end',
  'A parent that does not collect its children',
  'Three thousand threads under a limit of tasks',
  'A slow query takes the CPU',
  'A lock makes queries slow and connections pile up',
  'A program stuck on a file server',
  'The disk fills by a deleted log that nginx holds open',
  'A full disk stops the database and the site',
  'A database scan saturates the disk',
  'A writer held back by its own I/O limit',
  'nginx is stopped',
  'A service restarts again and again',
  'A failed update of MariaDB takes the site down',
  'PHP-FPM children used up: 504 behind nginx',
  'A SYN flood fills the connection table',
  'A busy loop, and a disk that fills',
];
const controls = [
  'A quiet day',
  'Log rotation',
  'nginx restarted by hand',
  'A load test within capacity',
  'A package upgrade',
  'High load from short tasks, with cores to spare',
];

describe('a crowd', () => {
  it.each(faults)('%s: the same root, although tables were left out', (name) => {
    const { scenario, whole, reports } = crowded(named(name));
    expect(whole).toBeLessThan(reports);
    const played = play(scenario, {}, false);
    expect(
      judgeAnswer(played).top1,
      played.diagnosis.rootCauses.map((r) => `${r.problem} ${r.subject.name}`).join('; '),
    ).toBe(true);
  });

  it.each(controls)('%s: silent at every report', (name) => {
    const { scenario, whole, reports } = crowded(named(name));
    expect(whole).toBeLessThan(reports);
    expect(judgeAnswer(play(scenario)).false).toEqual([]);
  });

  it('of an hour in which nothing happens a fourth of the reports is whole', () => {
    const { whole, reports } = crowded(named('A quiet day'));
    expect({ whole, reports }).toEqual({ whole: 15, reports: 60 });
  });

  it('what stands in a table stays found in the reports without it, and no gap is complained of', () => {
    const { scenario } = crowded(named('A parent that does not collect its children'));
    // As it would be if the machine were calm again after that: only each fifth report has the table.
    const texts = scenario.texts!.map((text, i) =>
      i < 20 || i % 5 === 0
        ? text
        : text.replace(
            /^=== cat \/proc\/\[0-9\]\*\/stat\n(?:(?!=== ).*\n)*/m,
            '=== cat /proc/[0-9]*/stat\n=!= later\n',
          ),
    );
    const found = [...replaySteps(snapshotsOf({ ...scenario, texts }))].map(({ picture, findings }) => ({
      keys: findings.map(findingKey).filter((key) => key.startsWith('proc.zombies')),
      since: findings.find((f) => f.id === 'proc.zombies')?.since,
      partial: picture.partial.filter(({ section }) => /stat$|^ss /.test(section)).length,
    }));
    expect(found.slice(20).map(({ keys }) => keys)).toEqual(
      Array.from({ length: 20 }, () => ['proc.zombies server:web1']),
    );
    expect(new Set(found.slice(20).map(({ since }) => since)).size).toBe(1);
    expect(found.every(({ partial }) => partial === 0)).toBe(true);
  });
});

describe('reports without the processes', () => {
  const report = (minute: number, sections: Record<string, string>) =>
    [
      `rootnote 1 agent=0.1.0 rhythm=minute euid=0 epoch=${1_700_000_000 + 60 * minute} zone=+0000`,
      `=== cat /proc/uptime\n${1000 + 60 * minute}.00 1.00`,
      '=== cat /proc/sys/kernel/random/boot_id\nb1',
      '=== cat /proc/sys/kernel/hostname\nweb1',
      ...Object.entries(sections).map(([name, body]) => `=== ${name}\n${body}`),
      '=== end',
      '',
    ].join('\n');
  const table = (ticks: number, count: number) => ({
    'cat /proc/[0-9]*/stat': [
      'pid\tutime\tstime\tmajflt\tppid\tstate\tthreads\tstart\trss_kb\tuid\tswap_kb\tfdsize\tread_bytes\twrite_bytes\tcgroup\twchan\tname',
      ...Array.from(
        { length: count },
        (_, i) => `${100 + i}\t${i ? 1 : ticks}\t0\t0\t1\tS\t1\t5\t90000\t\t\t\t\t\t\t\tworker`,
      ),
    ].join('\n'),
  });
  const later = { 'cat /proc/[0-9]*/stat': '=!= later', 'ss -Htan': '2 SYN-RECV 80\n=!= later' };

  it('keep what was known, say when it was read, and give CPU over the time between the tables', () => {
    let last = readReport(report(0, { ...table(1000, 40), 'ss -Htan': '7 ESTAB 80' }));
    const groups = last.facts.processGroups;
    for (let minute = 1; minute < 5; minute++) {
      last = readReport(report(minute, later), { previous: last });
      expect(last.facts.processGroups).toEqual(groups);
      expect(last.facts.agent?.later).toEqual([
        { section: 'cat /proc/[0-9]*/stat', at: 1_700_000_000, uptime: 1000 },
        { section: 'ss -Htan', at: 1_700_000_000, uptime: 1000 },
      ]);
      expect(last.partial).toEqual([]);
      expect(last.samples.map(({ metric }) => metric).filter((m) => /^(proc|net)\./.test(m))).toEqual([
        'net.tcp.syn_recv',
      ]);
    }
    // 15 seconds of CPU time in the five minutes since the table before.
    const next = readReport(report(5, { ...table(2500, 40), 'ss -Htan': '' }), { previous: last });
    expect(next.facts.agent?.later).toBeUndefined();
    expect(next.samples).toContainEqual({ metric: 'proc.group.cpu', subject: 'worker', value: 5 });
    // Who has fewer processes than before may have lost the one that worked.
    const fewer = readReport(report(5, table(2500, 39)), { previous: last });
    expect(fewer.samples.filter(({ metric }) => metric === 'proc.group.cpu')).toEqual([]);
  });
});
