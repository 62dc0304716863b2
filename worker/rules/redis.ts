// Redis: no bound, saves that fail, no password.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { evidence, makeFinding } from './finding.ts';
import type { Rule } from './rule.ts';
import { serviceMemory } from './serviceMemory.ts';
import { isOn, numberOf, settingOf } from './settings.ts';

/** No maxmemory, and a part of the RAM (or of the limit of its service) in use. Latent. */
export const redisNoLimit: Rule = {
  id: 'db.redis_no_maxmemory',
  find(picture): Finding[] {
    const limit = numberOf(picture.facts.redis, 'maxmemory');
    const group = picture.facts.processGroups?.find((g) => /^(redis|valkey)-server/.test(g.name));
    const memory = serviceMemory(
      picture,
      group,
      /^(redis|valkey)(?!.*(sentinel|exporter))[\w.-]*(@.*)?\.service$/,
    );
    if (limit !== 0 || !memory) return [];
    const whole = memory.limited ? 'what its service may hold' : 'the RAM';
    const used = Math.max(numberOf(picture.facts.redis, 'used_memory') ?? 0, group?.rss ?? 0);
    const { share } = limitsOf('db.redis_no_maxmemory');
    if (used <= (share / 100) * memory.bytes) return [];
    return [
      makeFinding(picture, 'db.redis_no_maxmemory', {
        subject: { kind: 'process', name: group?.name ?? 'redis-server' },
        since: group?.startedAt ?? picture.from,
        latent: true,
        summary: `Redis has no memory limit and uses ${formatBytes(used)}, ${formatPercent((100 * used) / memory.bytes)} of ${whole}.`,
        evidence: [
          evidence('maxmemory', 0, 'bytes', 'facts.redis.maxmemory', 'a limit'),
          evidence(
            'memory used by Redis',
            used,
            'bytes',
            'facts.redis.used_memory',
            `below ${formatPercent(share)} of ${whole}`,
          ),
        ],
      }),
    ];
  },
};

/** The last background save failed. */
export const redisBgsave: Rule = {
  id: 'db.redis_bgsave',
  find(picture): Finding[] {
    const status = settingOf(picture.facts.redis, 'rdb_last_bgsave_status', 'aof_last_bgrewrite_status');
    if (status === undefined || /^ok$/i.test(String(status))) return [];
    return [
      makeFinding(picture, 'db.redis_bgsave', {
        subject: { kind: 'database', name: 'redis' },
        summary: `Redis could not write its data to disk (last background save: ${status}).`,
        evidence: [
          evidence('last background save', String(status), '', 'facts.redis.rdb_last_bgsave_status', 'ok'),
        ],
      }),
    ];
  },
};

/** No password and a bind beyond this machine. */
export const redisNoAuth: Rule = {
  id: 'sec.redis_noauth',
  find(picture): Finding[] {
    const s = picture.facts.redis;
    if (!s) return [];
    const password = settingOf(s, 'requirepass', 'password', 'auth');
    const has = password !== undefined && !/^(|0|no|none|off|false|unset|empty)$/i.test(String(password));
    if (password === undefined || has || isOn(settingOf(s, 'protected-mode', 'protected_mode')) === true)
      return [];
    const open = (picture.facts.listeners ?? []).find(
      (l) =>
        l.port === (numberOf(s, 'port', 'tcp_port') ?? 6379) &&
        l.protocol === 'tcp' &&
        !/^(127\.|::1$|\[::1\])/.test(l.address),
    );
    const bind = String(settingOf(s, 'bind') ?? '');
    if (!open && !/(^|\s)(0\.0\.0\.0|\*|::)(\s|$)/.test(bind)) return [];
    return [
      makeFinding(picture, 'sec.redis_noauth', {
        subject: { kind: 'database', name: 'redis' },
        summary: `Redis listens on ${open?.address ?? bind} and asks for no password.`,
        evidence: [
          evidence('password', 'none', '', 'facts.redis.requirepass', 'set'),
          evidence(
            'listens on',
            open ? `${open.address}:${open.port}` : bind,
            '',
            'facts.listeners',
            '127.0.0.1',
          ),
        ],
      }),
    ];
  },
};
