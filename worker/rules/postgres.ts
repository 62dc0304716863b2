// PostgreSQL: memory settings that do not fit, dead rows, slots that keep WAL.
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { filesystemOf } from './filesystems.ts';
import { evidence, makeFinding, ramBytes } from './finding.ts';
import type { Rule } from './rule.ts';
import { numberOf, settingOf } from './settings.ts';

const GiB = 1024 ** 3;

/** shared_buffers > 40 % of RAM (PG docs: start at 25 %), or shared_buffers + work_mem × max_connections > RAM (OWN). */
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
    if (buffers <= 0.4 * ram && worst <= ram) return [];
    const group = picture.facts.processGroups?.find((g) => g.name === 'postgres');
    return [
      makeFinding(picture, 'db.pg_memory_config', {
        subject: { kind: 'process', name: group?.name ?? 'postgres' },
        since: group?.startedAt ?? picture.from,
        latent: true,
        severity: worst > ram || buffers > 0.6 * ram ? 'critical' : 'warning',
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

/** Dead rows >= 10 % and > 10,000 (APA). */
export const postgresBloat: Rule = {
  id: 'db.pg_bloat',
  find(picture): Finding[] {
    const s = picture.facts.postgresql;
    const dead = numberOf(s, 'n_dead_tup');
    const live = numberOf(s, 'n_live_tup');
    if (dead === undefined || live === undefined || dead <= 10_000 || dead < 0.1 * (dead + live)) return [];
    const table = settingOf(s, 'worst_table');
    return [
      makeFinding(picture, 'db.pg_bloat', {
        subject: { kind: 'database', name: 'postgresql' },
        severity: 'info',
        summary: `${formatPercent((100 * dead) / (dead + live))} of the rows${table ? ` of ${table}` : ''} are dead and wait for vacuum.`,
        evidence: [
          evidence('dead rows', dead, 'count', 'facts.postgresql.n_dead_tup', 'below 10 %'),
          evidence('live rows', live, 'count', 'facts.postgresql.n_live_tup'),
        ],
      }),
    ];
  },
};

/**
 * An inactive replication slot that keeps more than 1 GiB of WAL (APA; size OWN), or a fifth of the filesystem that the data directory
 * lies on (OWN): a small one would be full before that.
 */
export const postgresSlot: Rule = {
  id: 'db.pg_slot',
  find(picture): Finding[] {
    const s = picture.facts.postgresql;
    const kept = numberOf(s, 'inactive_slot_bytes') ?? 0;
    const slots = numberOf(s, 'inactive_slots') ?? 0;
    const directory = s?.['data_directory'];
    const fs = typeof directory === 'string' ? filesystemOf(picture, directory) : undefined;
    const most = Math.min(GiB, fs && fs.size > 0 ? fs.size / 5 : GiB);
    if (kept <= most) return [];
    return [
      makeFinding(picture, 'db.pg_slot', {
        subject: { kind: 'database', name: 'postgresql' },
        summary: `${slots > 1 ? `${slots} replication slots are` : 'A replication slot is'} not in use${
          s?.['inactive_slot'] ? ` (${slots > 1 ? 'the largest: ' : ''}${s['inactive_slot']})` : ''
        } and ${slots > 1 ? 'keep' : 'keeps'} ${formatBytes(kept)} of WAL that nobody fetches${kept > GiB || !fs ? '' : `, of the ${formatBytes(fs.size)} of ${fs.mount}`}.`,
        evidence: [
          evidence('inactive replication slots', slots, 'count', 'facts.postgresql.inactive_slots', '0'),
          evidence(
            'WAL that they keep',
            kept,
            'bytes',
            'facts.postgresql.inactive_slot_bytes',
            `below ${formatBytes(most)}`,
          ),
        ],
      }),
    ];
  },
};
