// PostgreSQL: memory settings that do not fit, dead rows, slots that keep WAL.
import { gaugeOf, limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { filesystemOf } from './filesystems.ts';
import { normalOf } from './boundOf.ts';
import { evidence, makeFinding, ramBytes } from './finding.ts';
import { gauge, now } from './gauge.ts';
import type { Rule } from './rule.ts';
import { numberOf, settingOf } from './settings.ts';

/** shared_buffers, alone or with work_mem × max_connections, against the RAM. */
export const postgresMemory: Rule = {
  id: 'db.pg_memory_config',
  find(picture): Finding[] {
    const s = picture.facts.postgresql;
    const buffers = numberOf(s, 'shared_buffers');
    const ram = ramBytes(picture);
    if (!buffers || !ram) return [];
    const work = numberOf(s, 'work_mem') ?? 4 * 1024 ** 2;
    const connections = numberOf(s, 'max_connections') ?? 100;
    const worst = buffers + work * connections;
    const limits = limitsOf('db.pg_memory_config');
    const percent = ram / 100;
    const isGrave = worst > limits.whole * percent;
    if (buffers <= limits.buffers * percent && !isGrave) return [];
    const group = picture.facts.processGroups?.find((g) => /^(postgres|postmaster)$/.test(g.name));
    return [
      makeFinding(picture, 'db.pg_memory_config', {
        subject: { kind: 'process', name: group?.name ?? 'postgres' },
        since: group?.startedAt ?? picture.from,
        latent: true,
        severity: isGrave || buffers > limits.grave * percent ? 'critical' : 'warning',
        confidence: 0.85,
        summary: `PostgreSQL may take ${formatBytes(worst)} (shared_buffers ${formatBytes(buffers)}, ${connections} connections with ${formatBytes(work)} each) of ${formatBytes(ram)}.`,
        evidence: [
          evidence(
            'shared_buffers',
            buffers,
            'bytes',
            'facts.postgresql.shared_buffers',
            'about 25 % of RAM',
          ),
          evidence(
            'work_mem × max_connections',
            work * connections,
            'bytes',
            'facts.postgresql.work_mem',
            `below ${formatBytes(Math.max(0, ram - buffers))}`,
          ),
          evidence('RAM', ram, 'bytes', 'mem.total'),
        ],
      }),
    ];
  },
};

/** Dead rows, as a part of all and many. */
export const postgresBloat: Rule = {
  id: 'db.pg_bloat',
  find(picture, state): Finding[] {
    const s = picture.facts.postgresql;
    const dead = numberOf(s, 'n_dead_tup');
    const live = numberOf(s, 'n_live_tup');
    if (dead === undefined || live === undefined || dead <= limitsOf('db.pg_bloat').rows) return [];
    const subject = { kind: 'database', name: 'postgresql' } as const;
    const share = (100 * dead) / (dead + live);
    const run = gauge(picture, state, { id: 'db.pg_bloat', entity: subject, points: now(picture, share) });
    if (!run) return [];
    const table = settingOf(s, 'worst_table');
    return [
      makeFinding(picture, 'db.pg_bloat', {
        subject,
        bound: run.bound,
        severity: 'info',
        summary: `${formatPercent(share)} of the rows${table ? ` of ${table}` : ''} are dead and wait for vacuum.`,
        evidence: [
          evidence('dead rows', dead, 'count', 'facts.postgresql.n_dead_tup', normalOf(run.bound)),
          evidence('live rows', live, 'count', 'facts.postgresql.n_live_tup'),
        ],
      }),
    ];
  },
};

/** An inactive replication slot that keeps much WAL: a small filesystem is full before it keeps what is much on a large one. */
export const postgresSlot: Rule = {
  id: 'db.pg_slot',
  find(picture, state): Finding[] {
    const s = picture.facts.postgresql;
    const kept = numberOf(s, 'inactive_slot_bytes') ?? 0;
    const slots = numberOf(s, 'inactive_slots') ?? 0;
    const directory = s?.['data_directory'];
    const fs = typeof directory === 'string' ? filesystemOf(picture, directory) : undefined;
    const part = ((fs?.size ?? 0) * limitsOf('db.pg_slot').part) / 100;
    const small = part > 0 && part < gaugeOf('db.pg_slot').raise;
    const subject = { kind: 'database', name: 'postgresql' } as const;
    const run = gauge(picture, state, {
      id: 'db.pg_slot',
      entity: subject,
      points: now(picture, kept),
      ...(small && { raise: part, clear: part / 2 }),
    });
    if (!run) return [];
    return [
      makeFinding(picture, 'db.pg_slot', {
        subject,
        bound: run.bound,
        summary: `${slots > 1 ? `${slots} replication slots are` : 'A replication slot is'} not in use${
          s?.['inactive_slot'] ? ` (${slots > 1 ? 'the largest: ' : ''}${s['inactive_slot']})` : ''
        } and ${slots > 1 ? 'keep' : 'keeps'} ${formatBytes(kept)} of WAL that nobody fetches${fs && small ? `, of the ${formatBytes(fs.size)} of ${fs.mount}` : ''}.`,
        evidence: [
          evidence('inactive replication slots', slots, 'count', 'facts.postgresql.inactive_slots', '0'),
          evidence(
            'WAL that they keep',
            kept,
            'bytes',
            'facts.postgresql.inactive_slot_bytes',
            normalOf(run.bound),
          ),
        ],
      }),
    ];
  },
};
