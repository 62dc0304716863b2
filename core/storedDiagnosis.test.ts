import { describe, expect, it } from 'vitest';
import type { Diagnosis } from './diagnosis.ts';
import { readDiagnosis, readIncidentBody } from './storedDiagnosis.ts';

const finding = {
  id: 'mem.leak',
  severity: 'warning' as const,
  since: 1_700_000_000,
  subject: { kind: 'process' as const, name: 'node' },
  summary: 'node grows.',
  evidence: [{ what: 'memory of node', value: 7, unit: 'bytes', source: 'proc.group.rss{node}' }],
  article: '/problems/memory-leak/#check',
  confidence: 0.9,
};
const root = {
  key: 'mem.leak process:node',
  problem: 'mem.leak',
  subject: finding.subject,
  score: 1.2,
  chain: ['mem.leak', 'mem.low'],
  hops: [
    { cause: 'mem.leak process:node', effect: 'mem.low server:a', weight: 0.9, because: 'It holds 6 GiB.' },
  ],
  symptoms: ['mem.low server:a'],
  explanation: 'node grows and leaves no memory.',
  counterfactual: 'Without it 40 % would be available.',
};
const diagnosis: Diagnosis = {
  verdict: 'explained',
  problems: [finding],
  rootCauses: [root],
  ruledOut: [{ problem: 'mem.slab_leak', effect: 'mem.low', because: '120 MiB.' }],
  movedTogether: [{ what: 'cpu.busy', score: 4 }],
};

describe('a diagnosis of another version', () => {
  it('is read as it is when nothing has changed', () => {
    expect(readDiagnosis(diagnosis)).toEqual(diagnosis);
  });

  it('keeps its root, its chain and its words when kinds and fields are no more', () => {
    const old = {
      ...diagnosis,
      verdict: 'certain',
      problems: [
        { ...finding, subject: { kind: 'lambda', name: 'node' }, confidence: 'high' },
        { id: 'no words' },
      ],
      rootCauses: [
        {
          ...root,
          subject: { kind: 'lambda', name: 'node' },
          score: null,
          hops: [{ ...root.hops[0], weight: 'strong' }, { cause: 'half' }],
          query: { database: 'oracle' },
          before: 'nothing',
        },
      ],
    };
    expect(readDiagnosis(old)).toEqual({
      ...diagnosis,
      verdict: 'unknown',
      problems: [{ ...finding, subject: { kind: 'lambda', name: 'node' }, confidence: 1 }],
      rootCauses: [
        {
          ...root,
          subject: { kind: 'lambda', name: 'node' },
          score: 0,
          hops: [{ ...root.hops[0], weight: 1 }],
        },
      ],
    });
    expect(readIncidentBody({ root: old.rootCauses[0], problems: old.problems })).toMatchObject({
      root: { chain: ['mem.leak', 'mem.low'], explanation: root.explanation },
      problems: [{ summary: 'node grows.', evidence: finding.evidence }],
    });
  });

  it('is nothing where there is nothing to read', () => {
    for (const body of [null, 7, 'x', [], {}, { problems: 'none' }])
      expect(readDiagnosis(body)).toBeUndefined();
    for (const body of [null, 7, {}, { root: { key: 'a' } }]) expect(readIncidentBody(body)).toBeUndefined();
  });
});
