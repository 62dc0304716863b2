// The list of diagnoses as the server draws it.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { DiagnosesView } from './DiagnosesView.tsx';

const subject = { kind: 'unit' as const, name: 'nginx.service' };
const key = 'svc.unit_failed unit:nginx.service';
const problem = {
  key,
  id: 'svc.unit_failed',
  severity: 'critical' as const,
  since: 1_760_000_000,
  subject,
  summary: 'nginx.service has failed.',
  evidence: [{ what: 'state', value: 'failed', unit: '', source: 'facts.units' }],
  article: '/problems/service-failed/#check',
  confidence: 1,
};
const rootCause = {
  key,
  problem: problem.id,
  subject,
  score: 1,
  chain: [problem.id],
  hops: [],
  symptoms: [],
  explanation: 'nginx.service has failed.',
  before: ['nginx was upgraded to 1.24, 14 min earlier.'],
};
const row = { at: 1_760_000_100, readable: true, ruledOut: [], titles: {} };

test('each judgement is one line, with its whole evidence below it', () => {
  const html = renderToStaticMarkup(
    createElement(DiagnosesView, {
      now: 1_760_000_200,
      page: {
        server: { id: 's1', hostname: 'web1' },
        more: true,
        rows: [
          { ...row, verdict: 'explained', problems: [problem], rootCauses: [rootCause] },
          { ...row, at: 1_760_000_000, verdict: 'healthy', problems: [], rootCauses: [] },
          { ...row, at: 1_759_000_000, verdict: 'unknown', readable: false, problems: [], rootCauses: [] },
        ],
      },
    }),
  );
  expect(html.match(/<details[^>]*data-diagnosis/g)).toHaveLength(3);
  expect(html).toContain('nginx was upgraded to 1.24, 14 min earlier.');
  expect(html).toContain('facts.units');
  expect(html).toContain('Nothing is wrong.');
  expect(html).toContain('An older version of Rootnote wrote it');
  expect(html).toContain('Earlier');
});
