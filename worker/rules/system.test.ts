import { describe } from 'vitest';
import { startOfTests } from '#worker/picture/handmade.ts';
import { group, later, testCases } from './sickAndHealthy.fixture.ts';

const day = 86_400;

describe('rules of hardware, system, clocks, jobs', () => {
  testCases([
    [
      'hw.temp_high',
      'cpu a',
      {
        series: { 'hw.temperature{cpu a}': 97 },
        facts: { sensors: [{ chip: 'cpu', label: 'a', kind: 'temperature', value: 97, max: 85 }] },
      },
      {
        series: { 'hw.temperature{cpu a}': 70 },
        facts: { sensors: [{ chip: 'cpu', label: 'a', kind: 'temperature', value: 70, max: 85 }] },
      },
    ],
    [
      'hw.fan',
      'x f',
      {
        series: { 'hw.fan{x f}': later(1400, 0) },
        facts: { sensors: [{ chip: 'x', label: 'f', kind: 'fan', value: 0 }] },
      },
      {
        series: { 'hw.fan{x f}': 0 },
        facts: { sensors: [{ chip: 'x', label: 'f', kind: 'fan', value: 0 }] },
      },
    ],
    [
      'hw.psu',
      'PS1 Status',
      { facts: { ipmi: [{ name: 'PS1 Status', value: '0', state: 'cr' }] } },
      { facts: { ipmi: [{ name: 'PS1 Status', value: '1', state: 'ok' }] } },
    ],
    [
      'hw.ups',
      'u',
      { facts: { ups: [{ name: 'u', status: 'OB DISCHRG', chargePercent: 80 }] } },
      { facts: { ups: [{ name: 'u', status: 'OL', chargePercent: 100 }] } },
    ],
    ['sys.rebooted', 'web1', { reports: 2, uptime: 100 }, { reports: 2, uptime: 5000 }],
    [
      'sys.crash',
      'web1',
      { events: [{ kind: 'kernel.oops', at: startOfTests + 300, subject: '', text: 'Kernel error: BUG' }] },
      { events: [{ kind: 'kernel.warning', at: startOfTests + 300, subject: '', text: 'Kernel warning' }] },
    ],
    [
      'sys.reboot_required',
      'web1',
      { facts: { kernel: { release: '6.1.0-18-amd64', installed: ['6.1.0-18-amd64', '6.1.0-25-amd64'] } } },
      {
        facts: {
          kernel: {
            release: '6.1.0-25-amd64',
            installed: ['6.1.0-9-amd64', '6.1.0-25-amd64', '6.5.0-1-cloud-amd64'],
          },
        },
      },
    ],
    [
      'sys.eol',
      'web1',
      { facts: { os: { id: 'debian', name: 'Debian 9', version: '9' } } },
      { facts: { os: { id: 'debian', name: 'Debian 13', version: '13' } } },
    ],
    [
      'sys.updates',
      'web1',
      { facts: { packages: { manager: 'apt', pending: 9, security: 4 } } },
      { facts: { packages: { manager: 'apt', pending: 9, security: 0 } } },
    ],
    [
      'time.unsync',
      'web1',
      { facts: { clock: { synchronized: false } } },
      { facts: { clock: { synchronized: true } } },
    ],
    ['time.skew', 'web1', { series: { 'clock.offset': 0.4 } }, { series: { 'clock.offset': 0.004 } }],
    [
      'backup.stale',
      'borg borg',
      { facts: { backups: [{ tool: 'borg', name: 'borg', lastSuccessAt: startOfTests - 3 * day }] } },
      { facts: { backups: [{ tool: 'borg', name: 'borg', lastSuccessAt: startOfTests - 0.5 * day }] } },
    ],
    [
      'backup.shrunk',
      'dump crm.sql.gz',
      {
        facts: {
          backups: [
            {
              tool: 'dump',
              name: 'crm.sql.gz',
              lastSuccessAt: startOfTests - 40_000,
              sizes: { at: startOfTests - 40_000, path: '/var/backups/crm.sql.gz', last: 20, usual: 8e8 },
            },
          ],
        },
      },
      {
        facts: {
          backups: [
            {
              tool: 'dump',
              name: 'crm.sql.gz',
              lastSuccessAt: startOfTests - 40_000,
              sizes: { at: startOfTests - 40_000, path: '/var/backups/crm.sql.gz', last: 6e8, usual: 8e8 },
            },
          ],
        },
      },
    ],
    [
      'job.cron_overlap',
      'sync.sh',
      {
        facts: {
          cronJobs: [{ user: 'root', schedule: '*/5 * * * *', command: '/opt/sync.sh', source: 'x' }],
          processGroups: [group('sync.sh', { count: 3, startedAt: startOfTests - 1200 })],
        },
      },
      {
        facts: {
          cronJobs: [{ user: 'root', schedule: '0 3 * * *', command: '/opt/sync.sh', source: 'x' }],
          processGroups: [group('sync.sh', { count: 3, startedAt: startOfTests - 1200 })],
        },
      },
    ],
    [
      'job.cron_overlap',
      'sync.sh',
      {
        facts: {
          cronJobs: [{ user: 'root', schedule: '* * * * *', command: '/opt/sync.sh', source: 'x' }],
          processGroups: [group('sync.sh', { count: 2, startedAt: startOfTests - 1200 })],
        },
      },
      // The line of the agent begins with sleep, that of a scheduler with php; others sleep, and workers are php, too.
      {
        facts: {
          cronJobs: ['sleep', 'php', 'python3.11'].map((command) => ({
            user: 'root',
            schedule: '* * * * *',
            command,
            source: 'x',
          })),
          processGroups: ['sleep', 'php', 'python3.11'].map((name) =>
            group(name, { count: 2, startedAt: startOfTests - 1200 }),
          ),
        },
      },
    ],
    [
      'change.config',
      '/etc/nginx/nginx.conf',
      { facts: (i) => ({ configHashes: { '/etc/nginx/nginx.conf': i < 5 ? 'a' : 'b' } }) },
      { facts: { configHashes: { '/etc/nginx/nginx.conf': 'a' } } },
    ],
  ]);
});
