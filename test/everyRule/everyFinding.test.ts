// What every finding must be, whatever rule made it: walked over all that the scenarios and the machines of others bring forth.
import { beforeAll, expect, it } from 'vitest';
import type { Condition } from '#core/conditions/condition.ts';
import { conditionOf, conditions, withCondition } from '#core/conditions/index.ts';
import { findingKey, type Finding } from '#core/diagnosis.ts';
import { valueOf } from '#core/judgement.ts';
import { metrics } from '#core/metrics.ts';
import { isRuleId, ruleCatalogue, ruleEntry } from '#core/ruleCatalogue.ts';
import { uncollectable } from '#core/uncollectable.ts';
import { applyAcceptances, type Accepted } from '#worker/judge/acceptance.ts';
import { replaySteps } from '#worker/judge/explain.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { otherMachines } from '../otherMachines/index.ts';
import { machineRoom } from '../otherMachines/machineRoom/index.ts';
import { strangers } from '../otherMachines/strangers/index.ts';
import { visitors } from '../otherMachines/visitors/index.ts';
import { scenarios } from '../scenarios/index.ts';
import { monitorsOf, snapshotsOf } from '../scenarios/runScenario.ts';
import { type Crossed, ignored, type Overridden, withOwnBound } from './ownBound.ts';
import { rareGauges } from './rareGauges.ts';

/** By rule and series: what becomes of a finding when its server sets another bound. */
const overridden = new Map<string, Overridden>();

function setBound(picture: Picture, finding: Finding): void {
  const key = `${finding.id} ${finding.bound?.metric}`;
  if (!finding.bound || overridden.has(key)) return;
  const one = withOwnBound(picture, finding as Crossed);
  if (one) overridden.set(key, one);
}

/** Each as it was first found. */
function* allFindings(): Generator<Finding> {
  for (const scenario of [...scenarios, ...otherMachines, ...strangers, ...visitors, ...machineRoom]) {
    const seen = new Set<string>();
    for (const step of replaySteps(snapshotsOf(scenario), (at) => monitorsOf(scenario, at))) {
      for (const finding of step.findings) {
        if (!seen.has(findingKey(finding))) yield finding;
        setBound(step.picture, finding);
        seen.add(findingKey(finding));
      }
    }
  }
}

let findings: Finding[];
beforeAll(() => {
  findings = [...allFindings()];
}, 300_000);

/** A metric, a fact, a monitor, a section of the report, an event, or what a person said. */
function isKnownSource(source: string): boolean {
  const first = source.split(' / ')[0]!;
  const metric = /^([a-z0-9_.]+)(\{.*\})?$/.exec(first)?.[1];
  if (metric !== undefined && Object.hasOwn(metrics, metric)) return true;
  return /^(facts\.[a-zA-Z]|monitor|event [a-z]|dmesg$|cat \/|tail |df |report$|series of the same$)/.test(
    first,
  );
}

it('has its place in the catalogue, an entity, evidence with its field, an article, and bounds that are apart', () => {
  const ids = new Set<string>();
  const wrong: string[] = [];
  for (const finding of findings) {
    const { id, severity, subject, evidence, article, bound, summary, confidence } = finding;
    ids.add(id);
    const say = (what: string) => wrong.push(`${findingKey(finding)}: ${what}`);
    if (!isRuleId(id) || ruleEntry(id).article !== article) say('catalogue');
    if (!/^(critical|warning|info)$/.test(severity)) say('severity');
    if (!subject.name.trim() || /undefined|NaN/.test(subject.name)) say('entity');
    if (!/[.!?]$/.test(summary)) say(`no sentence: ${summary}`);
    if (!(confidence > 0 && confidence <= 1)) say('confidence');
    if (!evidence.length) say('no evidence');
    for (const { what, source } of evidence) {
      if (!what.trim()) say('evidence without words');
      if (!isKnownSource(source)) say(`source ${source}`);
    }
    if (bound && (bound.side === 'above' ? bound.clear > bound.raise : bound.clear < bound.raise))
      say('bounds');
    if (bound && bound.samples < 1) say('samples');
  }
  expect([...new Set(wrong)]).toEqual([]);
  const all = Object.keys(ruleCatalogue).filter((id) => !(id in uncollectable));
  expect(all.length).toBeGreaterThanOrEqual(150);
  expect(ids.size).toBeGreaterThanOrEqual(150);
});

/** As conditions name it: without the entity, the address or the file. */
function fieldOf(source: string): string[] {
  return source.split(' / ').map((part) =>
    part
      .replace(/\{.*$/, '')
      .replace(/^(monitor \w+) .*/, '$1')
      .replace(/^tail .*error\.log$/, 'tail error.log')
      .replace(/^df .*/, 'df')
      .replace(/^(facts\.smart\.attributes)\.\d+$/, '$1'),
  );
}

it('is what its condition says: entity, fields, bounds; and carries the condition with the source of its numbers', () => {
  const wrong: string[] = [];
  for (const finding of findings) {
    const say = (what: string) => wrong.push(`${finding.id}: ${what}`);
    const { entity, gauges = [], fields } = conditionOf(finding.id)!;
    if (!entity.includes(finding.subject.kind)) say(`entity ${finding.subject.kind}`);
    for (const { source } of finding.evidence)
      for (const field of fieldOf(source)) if (!fields.includes(field)) say(`field ${field}`);
    const { bound } = finding;
    const gauge = bound && gauges.find(({ metric }) => metric === bound.metric);
    if (bound && (gauge?.side !== bound.side || gauge.samples !== bound.samples))
      say(`bound ${bound.metric}`);
    const { condition } = withCondition(finding);
    if (!condition?.text || !condition.source) say('no condition');
  }
  expect([...new Set(wrong)]).toEqual([]);
});

it('of a gauge names the bound that it crossed, so that a server can set its own', () => {
  const without = new Set(
    findings.filter(({ id, bound }) => conditionOf(id)!.kind === 'gauge' && !bound).map(({ id }) => id),
  );
  // What a second witness tells (a log, a state), where no number was compared.
  const otherWitness = [
    'cpu.throttled_cgroup',
    'hw.temp_high',
    'hw.ups',
    'mem.ecc_uncorrected',
    'mem.tmpfs_full',
    'net.latency',
    'proc.dstate',
    'svc.http_5xx',
    'svc.http_slow',
    'web.apache_workers',
    'web.nginx_conns',
    'web.phpfpm_children',
  ];
  expect([...without].filter((id) => !otherWitness.includes(id))).toEqual([]);
});

it('is found by the bound of its server where one is set, for every gauge', () => {
  for (const { picture, id, metric } of rareGauges) {
    const finding = findProblems(picture).find((one) => one.id === id && one.bound?.metric === metric);
    expect(finding, `${id} by ${metric}`).toBeDefined();
    setBound(picture, finding!);
  }
  expect([...overridden.values()].flatMap((one) => ignored(one) ?? [])).toEqual([]);
  const all = Object.entries(conditions).flatMap(([id, { gauges = [] }]: [string, Condition]) =>
    gauges.map(({ metric }) => `${id} ${metric}`),
  );
  expect(all.filter((key) => !overridden.has(key))).toEqual([]);
});

it('can be accepted as it is, is told when it changes, and when the time is over', () => {
  const now = new Date('2026-11-27T12:00:00Z');
  const wrong: string[] = [];
  const ids = new Set<string>();
  for (const finding of findings) {
    if (finding.severity === 'info' || ids.has(finding.id)) continue;
    ids.add(finding.id);
    const accepted: Accepted = {
      key: findingKey(finding),
      reason: 'it is meant so',
      acceptedBy: 'ann@example.org',
      expiresAt: null,
      value: valueOf(finding),
    };
    const told = (one: Finding, more: Partial<Accepted> = {}) =>
      applyAcceptances([one], [{ ...accepted, ...more }], now).findings[0]!.severity !== 'info';
    const [first, ...rest] = finding.evidence;
    const value = typeof first!.value === 'number' ? 3 * first!.value + 100 : `other ${String(first!.value)}`;
    if (told(finding)) wrong.push(`${finding.id} is told although it was accepted`);
    if (!told({ ...finding, evidence: [{ ...first!, value }, ...rest] }))
      wrong.push(`${finding.id} changed unheard`);
    if (!told(finding, { expiresAt: new Date(now.getTime() - 1) })) wrong.push(`${finding.id} never ends`);
  }
  expect(wrong).toEqual([]);
  expect(ids.size).toBeGreaterThanOrEqual(110);
});
