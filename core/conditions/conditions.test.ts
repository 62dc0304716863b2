import { describe, expect, it } from 'vitest';
import { metrics } from '../metrics.ts';
import { ruleCatalogue } from '../ruleCatalogue.ts';
import { uncollectable } from '../uncollectable.ts';
import type { Condition } from './condition.ts';
import { conditionOf, conditions, conditionText, gaugeOf, limitsOf, unitOf } from './index.ts';
import { thresholdOf } from './places.ts';

const all = Object.entries(conditions) as [string, Condition][];

it('every problem has a condition, or a reason why nothing can see it', () => {
  expect([...Object.keys(conditions), ...Object.keys(uncollectable)].toSorted()).toEqual(
    Object.keys(ruleCatalogue).toSorted(),
  );
});

describe.each(all)('%s', (id, condition) => {
  const { kind, entity, gauges = [], limits = {}, says = '', source, fields } = condition;

  it('says what it is about, where its numbers come from, and what it looks at', () => {
    expect(entity.length).toBeGreaterThan(0);
    expect(thresholdOf(id)).toMatch(/^\/alerts\/thresholds\/[a-z]+\/#[a-z0-9-]+$/);
    expect(fields.length).toBeGreaterThan(0);
    expect(new Set(fields).size).toBe(fields.length);
    // A sentence for people: no abbreviations of ours.
    expect(source.length).toBeGreaterThan(5);
    expect(source).not.toMatch(/\b(OWN|ND|NM|APA|ZBX|LYN|CMK|BB)\b/);
    for (const field of fields)
      expect(
        Object.hasOwn(metrics, field) ||
          /^(facts\.\w|monitors?$|monitor \w+$|event [\w.]+$|dmesg$|cat \/proc|tail error\.log$|df$|report$|series of the same$)/.test(
            field,
          ),
        field,
      ).toBe(true);
  });

  it('has bounds that are apart, and of a gauge there is one', () => {
    expect(gauges.length > 0).toBe(kind === 'gauge');
    expect(new Set(gauges.map(({ metric }) => metric)).size).toBe(gauges.length);
    for (const gauge of gauges) {
      const { metric, side, raise, clear, critical, samples } = gauge;
      expect(Object.hasOwn(metrics, metric) || metric.startsWith('facts.')).toBe(true);
      expect(unitOf(gauge)).not.toBe('');
      expect(samples).toBeGreaterThanOrEqual(1);
      const above = side === 'above';
      expect(above ? clear <= raise : clear >= raise).toBe(true);
      if (critical !== undefined) expect(above ? critical >= raise : critical <= raise).toBe(true);
    }
  });

  it('tells its numbers where they are, not a second time in words', () => {
    if (kind !== 'gauge') expect(says).not.toBe('');
    expect(says).not.toMatch(/(?<![\w(])\d/);
    const named = [...says.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(limits).toSorted());
    expect(conditionText(id)).not.toMatch(/[{}]|undefined|NaN/);
    expect(conditionText(id)).toMatch(/\.$/);
  });
});

it('gives the numbers to the rules, and reads as a sentence', () => {
  expect(limitsOf('disk.full').roomy).toBe(20 * 1024 ** 3);
  expect(gaugeOf('disk.saturated', 'disk.busy').raise).toBe(95);
  expect(() => gaugeOf('sys.crash')).toThrow(/no bound/);
  expect(conditionOf('toString')).toBeUndefined();
  expect(conditionText('nothing.like_it')).toBeUndefined();
  expect(conditionText('mem.cgroup_near_limit')).toMatch(
    /above 90 % in 3 reports in a row; it ends when no longer above 80 %; critical above 98 %\./,
  );
  expect(conditionText('sys.rebooted')).toBe('The server has been up for less than 10 min.');
});
