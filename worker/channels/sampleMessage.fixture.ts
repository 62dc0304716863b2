import type { Message } from '#core/channels.ts';

/** An incident as the tests of all channels send it. */
export const sampleMessage: Message = {
  kind: 'opened',
  severity: 'critical',
  server: 'web1',
  title: 'nginx stopped; the website refuses connections',
  chain: [
    'nginx.service was stopped at 2026-11-22 03:11:40 UTC (exit code 0).',
    'Nothing listens on port 80 any more; it did until 03:11.',
    'http://example.org/ refuses connections: three checks in a row, from two places.',
  ],
  evidence: [
    { what: 'nginx.service', value: 'inactive (dead)', normal: 'active (running)' },
    { what: 'listener on 0.0.0.0:80', value: 'none', normal: 'nginx' },
    { what: 'GET http://example.org/', value: 'connection refused', normal: 'status 200 in 12 ms' },
    { what: 'memory available', value: '61 %', normal: 'above 10 %' },
  ],
  ruledOut: [
    'Out of memory: 61 % of memory is available, and the kernel killed no process.',
    'Full disk: / has 18.2 GiB free.',
  ],
  symptoms: ['Port 80 of web1 is closed', 'https://example.org/ refuses connections'],
  openedAt: new Date('2026-11-22T03:12:05Z'),
  articleUrl: 'https://rootnote.example.org/problems/website-down/#act-now',
  articleTitle: 'Website down',
  incidentUrl: 'https://rootnote.example.org/incidents/01HF3Z',
  settingsUrl: 'https://rootnote.example.org/channels',
  incidentId: '01HF3Z',
};
