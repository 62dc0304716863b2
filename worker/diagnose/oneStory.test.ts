// What two rules see of one trouble is one story: copies of a certificate, a backup that runs too long, a resolver that failed.
import { describe, expect, it } from 'vitest';
import { findingKey } from '#core/diagnosis.ts';
import type { Facts, ProcessGroup } from '#core/facts.ts';
import { replay } from '#worker/judge/explain.ts';
import { handmade, type Handmade, handmadeMonitor, startOfTests } from '#worker/picture/handmade.ts';
import type { MonitorState } from '#worker/rules/rule.ts';
import { diagnose } from './diagnose.ts';

const day = 86_400;
const now = startOfTests + 540;

function told(description: Handmade, monitors: MonitorState[] = []) {
  const { picture, findings, recent } = replay(handmade(description), monitors);
  const { problems, rootCauses } = diagnose(picture, findings, { recent });
  return { keys: problems.map(findingKey), rootCauses };
}

type Certificate = NonNullable<Facts['certificates']>[number];
const certificate = (path: string, more: Partial<Certificate> = {}): Certificate => ({
  path,
  subject: 'CN=shop.example.org',
  issuer: 'CN=Example CA',
  names: ['shop.example.org'],
  notBefore: now - 80 * day,
  notAfter: now + 5 * day,
  fingerprint: 'AA:BB:CC',
  usedBy: [],
  ...more,
});

describe('copies of one certificate', () => {
  const cert = certificate('/etc/ssl/shop/cert.pem', { usedBy: ['postfix'] });
  const chain = certificate('/etc/ssl/shop/fullchain.pem', { usedBy: ['nginx'], fingerprint: 'aabbcc' });
  const expiring = ({ keys }: ReturnType<typeof told>) =>
    keys.filter((key) => key.startsWith('tls.expiring'));

  it('expire once, and weaken once', () => {
    const weak = [cert, chain].map((one) => ({ ...one, keyBits: 1024 }));
    const answer = told({ facts: { certificates: weak } });
    expect(expiring(answer)).toEqual(['tls.expiring certificate:/etc/ssl/shop/cert.pem']);
    expect(answer.keys.filter((key) => key.startsWith('tls.weak'))).toHaveLength(1);
  });

  it('are told by the file that a monitor knows, whatever the port or the name that serves them', () => {
    const monitor = (name: string, about: MonitorState['about']) =>
      handmadeMonitor({
        kind: 'tls',
        name,
        target: `${name}:443`,
        state: 'degraded',
        code: 'tls-expiring',
        summary: 'The certificate expires in 5 days.',
        details: { certificate: { notAfter: now + 5 * day, fingerprint256: 'AA:BB:CC' } },
        about,
      });
    const monitors = [
      monitor('shop.example.org', { certificate: '/etc/ssl/shop/fullchain.pem' }),
      monitor('www.example.org', { host: 'www.example.org' }),
    ];
    const answer = told({ facts: { certificates: [cert, chain] } }, monitors);
    expect(expiring(answer)).toEqual(['tls.expiring certificate:/etc/ssl/shop/fullchain.pem']);
    // What another certificate of the same name holds is another one.
    const other = certificate('/etc/ssl/old.pem', { usedBy: ['dovecot'], fingerprint: '11:22' });
    expect(expiring(told({ facts: { certificates: [cert, chain, other] } }, monitors))).toHaveLength(2);
  });

  it('without fingerprints are known by all else', () => {
    const bare = [cert, chain].map(({ fingerprint: _, ...rest }) => ({ ...rest, serial: '01' }));
    expect(expiring(told({ facts: { certificates: bare } }))).toHaveLength(1);
    const two = [bare[0]!, { ...bare[1]!, serial: '02' }];
    expect(expiring(told({ facts: { certificates: two } }))).toHaveLength(2);
  });
});

const group = (name: string, more: Partial<ProcessGroup>): ProcessGroup => ({
  name,
  count: 1,
  rss: 0,
  threads: 1,
  cpuSeconds: 0,
  users: [],
  pids: [],
  states: {},
  ...more,
});

it('a backup that runs too long is not told a second time as one that runs', () => {
  const backup = (hours: number) => ({
    facts: {
      processGroups: [
        group('restic', { startedAt: now - hours * 3600, cpuSeconds: 900, readBytes: 1e7, writeBytes: 1e7 }),
      ],
    },
  });
  const own = ({ keys }: ReturnType<typeof told>) => keys.filter((key) => key.includes('restic'));
  expect(own(told(backup(2)))).toEqual(['job.backup_running process:restic']);
  expect(own(told(backup(9)))).toEqual(['backup.slow process:restic']);
});

describe('a resolver of this machine that failed', () => {
  const units: Facts['units'] = [
    { name: 'unbound.service', load: 'loaded', active: 'failed', sub: 'failed', changedAt: now - 240 },
    { name: 'certbot.service', load: 'loaded', active: 'failed', sub: 'failed', changedAt: now - 100 },
  ].map((unit) => unit as NonNullable<Facts['units']>[number]);
  const facts: Facts = {
    units,
    resolver: { nameservers: ['127.0.0.1'], search: [], options: [] } as unknown as Facts['resolver'],
    listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' }],
    clock: { synchronized: false },
    certificates: [
      certificate('/etc/ssl/shop.pem', {
        usedBy: ['nginx'],
        issuer: "CN=R11,O=Let's Encrypt",
        notAfter: now + 20 * day,
      }),
    ],
  };

  it('is one story with the names that are not found, and what needs them', () => {
    const { rootCauses } = told({ facts });
    const [root] = rootCauses.filter(({ problem }) => problem === 'svc.unit_failed');
    expect(root?.subject.name).toBe('unbound.service');
    expect(root!.symptoms).toContain('net.dns_fail file:/etc/resolv.conf');
    expect(rootCauses.filter(({ problem }) => problem === 'net.dns_fail')).toEqual([]);
  });

  it('is not its own effect, whatever leads back to it', () => {
    // Mail that piles up for want of names fills the disk for which the resolver then fails.
    const full: Facts = {
      ...facts,
      filesystems: [
        {
          mount: '/',
          source: '/dev/vda1',
          type: 'ext4',
          options: ['rw'],
          size: 1e10,
          used: 1e10,
          available: 0,
        },
      ] as unknown as Facts['filesystems'],
    };
    const { rootCauses } = told({
      facts: full,
      series: {
        'fs.used_percent{/}': 100,
        'fs.available{/}': 0,
        'fs.inodes_used_percent{/}': 100,
        'mail.queue': 5000,
      },
    });
    expect(rootCauses.length).toBeGreaterThan(0);
    for (const { key, symptoms } of rootCauses) expect(symptoms).not.toContain(key);
  });
});
