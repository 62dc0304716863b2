// What the tools of such servers print, as their sources and their users show it.
import { createHash } from 'node:crypto';
import type { Host } from './host.ts';

/** Sections of the agent that several cases fill by themselves. */
export const errorLog = 'tail -n 300 /var/log/*/error.log';
export const suidFiles = 'find / -xdev -perm -4000';

interface Drive {
  model: string;
  serial?: string;
  hours?: number;
  passed?: boolean;
  temperature?: number;
}

/** A SATA drive: raw values by attribute number; those that are left out are 0. */
export function sata(h: Host, device: string, drive: Drive, raw: Record<number, number> = {}): void {
  const { model, serial = `WD-${device}`, hours = 31_204, passed = true, temperature = 34 } = drive;
  const names: Record<number, string> = {
    1: 'Raw_Read_Error_Rate',
    5: 'Reallocated_Sector_Ct',
    9: 'Power_On_Hours',
    187: 'Reported_Uncorrect',
    188: 'Command_Timeout',
    194: 'Temperature_Celsius',
    197: 'Current_Pending_Sector',
    198: 'Offline_Uncorrectable',
    199: 'UDMA_CRC_Error_Count',
  };
  const values: Record<number, number> = { 9: hours, 194: temperature, ...raw };
  smartctl(h, device, {
    smartctl: { version: [7, 3], exit_status: passed ? 0 : 8 },
    device: { name: `/dev/${device}`, type: 'sat', protocol: 'ATA' },
    model_name: model,
    serial_number: serial,
    rotation_rate: 5400,
    smart_status: { passed },
    ata_smart_attributes: {
      table: Object.entries(names).map(([id, name]) => ({
        id: Number(id),
        name,
        value: 100,
        worst: 100,
        thresh: id === '5' ? 10 : 0,
        when_failed: '',
        raw: { value: values[Number(id)] ?? 0, string: String(values[Number(id)] ?? 0) },
      })),
    },
    power_on_time: { hours },
    temperature: { current: temperature },
    ata_smart_self_test_log: {
      standard: {
        table: [
          {
            type: { value: 1, string: 'Short offline' },
            status: { value: 0, string: 'Completed without error', passed: true },
            lifetime_hours: hours - 90,
          },
        ],
      },
    },
  });
}

export function nvme(h: Host, device: string, model: string, log: Record<string, number> = {}): void {
  smartctl(h, device, {
    smartctl: { version: [7, 4], exit_status: 0 },
    device: { name: `/dev/${device}`, type: 'nvme', protocol: 'NVMe' },
    model_name: model,
    serial_number: `S4${device.toUpperCase()}`,
    smart_status: { passed: !log['critical_warning'], nvme: { value: log['critical_warning'] ?? 0 } },
    nvme_smart_health_information_log: {
      critical_warning: 0,
      temperature: 41,
      available_spare: 100,
      available_spare_threshold: 10,
      percentage_used: 7,
      data_units_read: 81_283_911,
      data_units_written: 121_882_019,
      power_on_hours: 14_220,
      unsafe_shutdowns: 12,
      media_errors: 0,
      num_err_log_entries: 38,
      ...log,
    },
    temperature: { current: log['temperature'] ?? 41 },
    power_on_time: { hours: 14_220 },
  });
}

export function smartctl(h: Host, device: string, answer: object): void {
  h.more.set(
    `smartctl --json -n standby -a /dev/${device}`,
    JSON.stringify({ json_format_version: [1, 0], ...answer }, null, 2),
  );
}

export interface Container {
  name: string;
  image?: string;
  status?: string;
  restarts?: number;
  oom?: boolean;
  exit?: number;
  /** Seconds since its last start. */
  started?: number;
}

/** The 64 digits that Docker gives a container. */
export const identifier = (name: string) => createHash('sha256').update(name).digest('hex');

export function docker(h: Host, list: readonly Container[]): void {
  h.more.set(
    'docker ps -a --no-trunc --format {{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}',
    list
      .map(
        (c) =>
          `${identifier(c.name)}|${c.name}|${c.image ?? `registry.example.net/${c.name}:1.4`}|${c.status ?? 'Up 3 weeks'}`,
      )
      .join('\n'),
  );
  h.more.set(
    'docker inspect',
    list
      .map(
        (c) =>
          `${identifier(c.name)}|/${c.name}|${c.restarts ?? 0}|${c.oom ?? false}|${c.exit ?? 0}|${new Date((h.epoch - (c.started ?? 1_900_000)) * 1000).toISOString()}`,
      )
      .join('\n'),
  );
}

export function zpool(
  h: Host,
  name: string,
  state: string,
  rows: string,
  about = '',
  errors = 'No known data errors',
): void {
  h.more.set(
    'zpool status',
    `  pool: ${name}\n state: ${state}\n${about}config:\n\n\tNAME                                          STATE     READ WRITE CKSUM\n${rows}\n\nerrors: ${errors}`,
  );
}

export function mysql(
  h: Host,
  version: string,
  status: Record<string, number | string>,
  settings: Record<string, number>,
  replica = '',
): void {
  const rows = {
    Innodb_buffer_pool_read_requests: h.count('pool requests', 90_000),
    Innodb_buffer_pool_reads: h.count('pool reads', 90),
    Innodb_row_lock_current_waits: 0,
    Innodb_row_lock_time: 8_400,
    Innodb_row_lock_waits: 190,
    Max_used_connections: 61,
    Questions: h.count('questions', 14_000),
    Slow_queries: 118,
    Threads_cached: 9,
    Threads_connected: 22,
    Threads_created: 91,
    Threads_running: 2,
    Uptime: Math.round(Math.min(h.uptime, 3_900_000)),
    ...status,
  };
  const set = {
    innodb_buffer_pool_size: 4_294_967_296,
    innodb_log_buffer_size: 16_777_216,
    join_buffer_size: 262_144,
    key_buffer_size: 33_554_432,
    max_connections: 151,
    read_buffer_size: 131_072,
    sort_buffer_size: 2_097_152,
    thread_stack: 299_008,
    ...settings,
  };
  const table = (values: object) => Object.entries(values).map(([k, v]) => `${k}\t${v}`);
  h.more.set(
    'mysql',
    [
      ...(replica ? [replica] : []),
      'Variable_name\tValue',
      ...table(rows),
      'Variable_name\tValue',
      ...table(set),
      `version\t${version}`,
    ].join('\n'),
  );
}

export function postgres(
  h: Host,
  more: { age?: number; max?: number; states?: string[]; slots?: string[] } = {},
): void {
  h.more.set(
    'psql',
    [
      `postgres|${more.age ?? 118_220_113}`,
      `billing|${more.age ?? 118_220_113}`,
      `template1|${more.age ?? 118_220_113}`,
      `max_connections|${more.max ?? 100}|`,
      'shared_buffers|524288|8kB',
      'work_mem|8192|kB',
      ...(more.states ?? ['active|3|00:00:00.412', 'idle|21|']),
      ...(more.slots ?? []),
    ].join('\n'),
  );
}

export function redis(h: Host, more: Record<string, string | number> = {}): void {
  const info = {
    redis_version: '7.0.15',
    tcp_port: 6379,
    uptime_in_seconds: 1_882_001,
    connected_clients: 41,
    maxclients: 10_000,
    used_memory: 1_284_001_120,
    used_memory_rss: 1_402_004_480,
    maxmemory: 4_294_967_296,
    maxmemory_policy: 'allkeys-lru',
    rdb_changes_since_last_save: 221,
    rdb_bgsave_in_progress: 0,
    rdb_last_bgsave_status: 'ok',
    aof_enabled: 0,
    total_connections_received: 99_120,
    rejected_connections: 0,
    evicted_keys: 0,
    role: 'master',
    ...more,
  };
  h.more.set(
    'redis-cli',
    Object.entries(info)
      .map(([k, v]) => `${k}:${v}\r`)
      .join('\n'),
  );
}

/** The kernel's words when it kills: for the whole server, or within a cgroup. */
export function oomKill(h: Host, task: string, pid: number, kB: number, group?: string): void {
  const where = group
    ? `constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${group.split('/').pop()},mems_allowed=0,oom_memcg=${group},task_memcg=${group}`
    : 'constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/' +
      task +
      '.service';
  h.kernel(
    4,
    `${task} invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0`,
    31,
  );
  h.kernel(6, `oom-kill:${where},task=${task},pid=${pid},uid=998`, 30);
  h.kernel(
    3,
    `${group ? 'Memory cgroup out of memory' : 'Out of memory'}: Killed process ${pid} (${task}) total-vm:${kB * 2}kB, anon-rss:${kB}kB, file-rss:2048kB, shmem-rss:0kB, UID:998 pgtables:${Math.round(kB / 450)}kB oom_score_adj:0`,
    30,
  );
  h.oomKills++;
}

/** As nginx and others begin a line of a log, seconds ago, on a server of UTC. */
export const slashed = (h: Host, ago: number) =>
  h.at(ago).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');

/** As php-fpm begins a line of its log. */
export const fpmTime = (h: Host, ago: number) =>
  `[${h.at(ago).toUTCString().slice(5, 25).replace(' ', '-').replace(' ', '-')}]`;

/** As `systemctl list-timers` writes a time. */
export const timerTime = (h: Host, ago: number) => {
  const iso = h.at(ago).toISOString();
  return `${h.at(ago).toUTCString().slice(0, 3)} ${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
};

/** As openssl prints a date. */
export const certDate = (h: Host, inDays: number) => {
  const date = h.at(-inDays * 86_400);
  const [month, time] = [date.toUTCString().slice(8, 11), date.toISOString().slice(11, 19)];
  return `${month} ${String(date.getUTCDate()).padStart(2)} ${time} ${date.getUTCFullYear()} GMT`;
};

/** The log of a web server grows by so many visits a minute. */
export const visits = (h: Host, aMinute: number) =>
  h.more.set('stat /var/log/*/access.log', `${h.count('access log', aMinute * 190)} 10 1900`);

/** A unit that has ended with an error. */
export const ended = (h: Host, unit: string, more: Record<string, string>) =>
  h.service(unit, {
    ActiveState: 'failed',
    SubState: 'failed',
    Result: 'exit-code',
    ExecMainCode: '1',
    ExecMainStatus: '1',
    MainPID: '0',
    ...more,
  });

/** What a replica says: in the words of MySQL 8 or, as MariaDB and older ones do, of a slave; `error` stops it, else it is `behind`. */
export function replica(
  words: 'Replica' | 'Slave',
  { error = 0, behind = 0, delay }: { error?: number; behind?: number; delay?: number },
): string {
  const source = words === 'Slave' ? 'Master' : 'Source';
  const said: [string, string | number][] = [
    [`${words}_IO_Running`, 'Yes'],
    [`${words}_SQL_Running`, error ? 'No' : 'Yes'],
    ['Last_Errno', error],
    [`Seconds_Behind_${source}`, error ? 'NULL' : behind],
    ['Last_IO_Errno', 0],
    ['Last_SQL_Errno', error],
  ];
  if (delay !== undefined) said.push(['SQL_Delay', delay]);
  return said.map(([key, value]) => `${key.padStart(30)}: ${value}`).join('\n');
}
