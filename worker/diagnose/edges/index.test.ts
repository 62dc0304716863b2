import { isRuleId } from '#core/ruleCatalogue.ts';
import { describe, expect, it } from 'vitest';
import { edges } from './index.ts';

describe('the causal graph', () => {
  it('has each edge once, between problems of the catalogue', () => {
    const names = edges.map((e) => `${e.cause} > ${e.effect}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(183);
    expect(edges.filter((e) => !isRuleId(e.cause) || !isRuleId(e.effect))).toEqual([]);
  });

  it('is acyclic, but for what is looked at in each picture', () => {
    expect(edges.filter((e) => e.mayLeadBack).map((e) => `${e.cause} > ${e.effect}`)).toEqual([
      'db.mysql_down > svc.restart_loop',
      'proc.vanished > svc.restart_loop',
      'svc.unit_failed > svc.restart_loop',
      'svc.restart_loop > net.dns_fail',
      'svc.unit_failed > net.dns_fail',
      'proc.vanished > net.dns_fail',
    ]);
    const next = Map.groupBy(
      edges.filter((e) => !e.mayLeadBack),
      (e) => e.cause,
    );
    const done = new Set<string>();
    const visit = (id: string, path: string[]): void => {
      expect(path, 'a cycle').not.toContain(id);
      if (done.has(id)) return;
      for (const e of next.get(id as (typeof edges)[number]['cause']) ?? []) visit(e.effect, [...path, id]);
      done.add(id);
    };
    for (const id of next.keys()) visit(id, []);
    expect(done.size).toBeGreaterThan(100);
  });

  it('never makes load a cause', () => {
    expect(edges.filter((e) => e.cause === 'cpu.load_high')).toEqual([]);
  });
});
