// The stage of a story: simulated servers whose agents report each minute, places that look from outside, people who get messages. All
// that lies between is the product itself on a real database; only the clock is the story's own.
import { gzipSync } from 'node:zlib';
import { vi } from 'vitest';
import type { IncidentBody } from '#core/diagnosis.ts';
import { findingKey } from '#core/diagnosis.ts';
import type { JobData, JobName } from '#core/jobs.ts';
import type { ProbeCode, ProbeKind, ProbeResult } from '#core/probes.ts';
import { giveToRegions } from '#prisma/leases.ts';
import { ensurePartitions } from '#prisma/partitions.ts';
import type { SendOptions } from '#prisma/queue.ts';
import type { WorkerContext } from '#worker/context.ts';
import { watchSilence } from '#worker/housekeeping.ts';
import { judgeServer } from '#worker/judge/judge.ts';
import { watchMaintenance } from '#worker/maintenance.ts';
import { deliverNotification } from '#worker/notify.ts';
import { parseReports } from '#worker/parse/parse.ts';
import { grades } from '#worker/probes/grades.ts';
import { setUpMonitors } from '#worker/discover/setUp.ts';
import { storeLooks } from '#worker/evaluate/storeLooks.ts';
import { epochOfStart, Machine } from '../scenarios/machine.ts';
import type { ChannelKind } from './people.ts';

/** Seconds of the story before something happens: five reports. */
export const calm = 300;
/** The clock of a story moves on by so many seconds. */
const tick = 10;
const places = ['fra', 'nyc'] as const;

/** What a look is about, as a story picks it. */
export interface Look {
  server: string;
  kind: ProbeKind;
  name: string;
  target: string;
  host: string;
  port: number | undefined;
  region: string;
}

export interface Answer {
  code: ProbeCode;
  summary?: string;
  details?: Record<string, unknown>;
  ms?: number;
}

type Outside = (look: Look) => Answer | undefined;

interface OnStage {
  id: string;
  machine: Machine;
  address: string;
  /** Its address of IPv6. */
  sixth?: string;
  /** Seconds after the full minute at which it reports. */
  second: number;
  reports: 'sent' | 'kept' | 'none';
  kept: { at: number; text: string }[];
}

interface Watched {
  id: string;
  serverId: string;
  look: Omit<Look, 'region'>;
  interval: number;
  closed: boolean;
}

interface Waiting {
  name: JobName;
  data: unknown;
  at: number;
  key: string;
}

export interface OpenNow {
  server: string;
  root: string;
  severity: string;
  title: string;
  folds: string[];
  body: IncidentBody;
  id: string;
}

export class Stage {
  /** Seconds since what happens happens. */
  now = -calm;
  readonly organizationId: string;
  /** Workers that take turns; one when the story does not say otherwise. */
  readonly contexts: WorkerContext[];
  readonly servers = new Map<string, OnStage>();
  /** Channels that do not work now. */
  readonly broken = new Set<ChannelKind>();
  maintained = false;
  #turn = 0;
  #outside: Outside[] = [];
  #waiting: Waiting[] = [];
  #watched: Watched[] = [];
  #last = new Map<string, string>();
  /** Monitors that are looked at from everywhere until then. */
  #again = new Map<string, number>();
  #stale = true;

  constructor(organizationId: string, contexts: WorkerContext[]) {
    this.organizationId = organizationId;
    this.contexts = contexts.map((context) => ({ ...context, queue: this.#queue() }));
  }

  get context(): WorkerContext {
    return this.contexts[this.#turn++ % this.contexts.length]!;
  }
  get #db() {
    return this.contexts[0]!.db;
  }
  /** Epoch seconds. */
  get at(): number {
    return epochOfStart + calm + this.now;
  }

  async server(name: string, address: string, setup: (m: Machine) => void, sixth?: string): Promise<void> {
    const machine = new Machine(this.servers.size + 3);
    machine.name = name;
    setup(machine);
    const data = {
      organizationId: this.organizationId,
      hostname: name,
      tokenHash: `${this.organizationId} ${name}`,
    };
    const { id } = await this.#db.server.create({ data: { ...data, reportedFrom: address } });
    const second = (this.servers.size * tick) % 60;
    const more = sixth && { sixth };
    this.servers.set(name, { id, machine, address, ...more, second, reports: 'sent', kept: [] });
  }

  machine(name = 'web1'): Machine {
    const { machine } = this.servers.get(name)!;
    this.#pass(machine);
    return machine;
  }

  /** From now on what is looked at answers like this, where the answer is not undefined. The newest word counts. */
  outside(answer: Outside): void {
    this.#outside.unshift(answer);
  }
  /** All answers as they should. */
  wellOutside(): void {
    this.#outside = [];
  }

  /** A monitor that a person made. */
  async monitor(server: string, kind: ProbeKind, name: string, target: string, settings: object) {
    const about = { host: new URL(target).hostname, port: 443, process: 'nginx' };
    const made = { kind, name, target, settings, about, key: name, origin: 'manual', interval: 60 };
    const { id: serverId } = this.servers.get(server)!;
    const { id } = await this.#db.monitor.create({
      data: { ...made, organizationId: this.organizationId, serverId, reason: 'a person wants it' },
    });
    await giveToRegions(this.#db, { monitorIds: [id], soon: true });
    this.#stale = true;
  }

  reports(how: OnStage['reports'], name = 'web1'): void {
    const server = this.servers.get(name)!;
    server.reports = how;
  }

  /** What is looked at seldom is due now. */
  async lookNow(kinds: readonly ProbeKind[]): Promise<void> {
    await this.#findMonitors();
    for (const place of places)
      await this.#look(
        place,
        this.#watched.filter((m) => kinds.includes(m.look.kind)),
      );
    await this.#drain();
  }

  async until(second: number, happens: ReadonlyMap<number, () => void | Promise<void>>): Promise<void> {
    for (; this.now < second; this.now += tick) {
      vi.setSystemTime(this.at * 1000);
      await happens.get(this.now)?.();
      const minute = (((this.now % 60) + 60) % 60) as number;
      for (const server of this.servers.values()) if (server.second === minute) await this.#report(server);
      await this.#findMonitors();
      for (const [i, place] of places.entries()) {
        vi.setSystemTime(this.at * 1000 + 200 + 100 * i);
        const regular = minute === 20 + 20 * i;
        await this.#look(
          place,
          this.#watched.filter((m) => this.#isDue(m, place, regular)),
        );
      }
      vi.setSystemTime(this.at * 1000 + 1000);
      if (this.now % 30 === 0) await watchSilence(this.context);
      if (this.maintained && minute % 20 === 0) await watchMaintenance(this.context, {});
      await this.#drain();
    }
  }

  async open(): Promise<OpenNow[]> {
    const rows = await this.#db.incident.findMany({
      where: { organizationId: this.organizationId, state: 'open' },
      include: { server: true },
      orderBy: { openedAt: 'asc' },
    });
    return rows.map((row) => {
      const body = row.body as unknown as IncidentBody;
      return {
        id: row.id,
        server: row.server!.hostname,
        root: row.rootKey,
        severity: row.severity,
        title: row.title,
        folds: body.problems.slice(1).map(findingKey),
        body,
      };
    });
  }

  #pass(machine: Machine): void {
    const seconds = this.now + calm - machine.now;
    if (seconds > 0) machine.pass(seconds);
  }

  async #report(server: OnStage): Promise<void> {
    this.#pass(server.machine);
    const { machine, address, sixth, id } = server;
    if (server.reports === 'none') {
      machine.log = [];
      return;
    }
    const number = [...this.servers.values()].indexOf(server);
    const text = machine
      .report()
      .replace(
        '=== ip route',
        sixth
          ? `2: eth0    inet6 ${sixth}/64 scope global \\       valid_lft forever preferred_lft forever\n=== ip route`
          : '=== ip route',
      )
      .replaceAll('192.0.2.10', address)
      .replaceAll('192.0.2.', `${address.split('.').slice(0, 3).join('.')}.`)
      .replace('0123456789abcdef0123456789abcdef', `${number}123456789abcdef0123456789abcdef`)
      .replace('00000000-0000-4000', `0000000${number}-0000-4000`);
    server.kept.push({ at: this.at, text });
    if (server.reports === 'kept') return;
    const db = this.#db;
    for (const one of server.kept) {
      const times = { receivedAt: new Date(this.at * 1000 + 100), reportedAt: new Date(one.at * 1000) };
      await db.report.create({
        data: { serverId: id, ...times, bytes: one.text.length, body: gzipSync(one.text, { level: 1 }) },
      });
    }
    server.kept = [];
    await parseReports(this.context, [id]);
    await this.#drain();
  }

  async #findMonitors(): Promise<void> {
    if (!this.#stale) return;
    this.#stale = false;
    const names = new Map([...this.servers].map(([name, { id }]) => [id, name]));
    const rows = await this.#db.monitor.findMany({
      where: { organizationId: this.organizationId, retiredAt: null },
    });
    this.#watched = rows.map(({ id, serverId, kind, name, target, about, interval, settings }) => {
      const { host, port } = about as { host?: string; port?: number };
      return {
        id,
        serverId: serverId!,
        interval,
        closed: (settings as { expect?: string }).expect === 'closed',
        look: {
          server: names.get(serverId!)!,
          kind: kind as ProbeKind,
          name,
          target,
          host: host ?? '',
          port: port ?? undefined,
        },
      };
    });
  }

  /** Each minute, at once when it is new, and again soon while what is seen is not sure. What is slow to change is asked by `lookNow`. */
  #isDue({ id, interval }: Watched, place: string, regular: boolean): boolean {
    if (!this.#last.has(`${id} ${place}`) || (this.#again.get(id) ?? -Infinity) >= this.now) return true;
    return regular && interval <= 60;
  }

  async #look(region: string, monitors: readonly Watched[]): Promise<void> {
    if (!monitors.length) return;
    const at = new Date();
    const looks = monitors.map((monitor) => {
      const result = this.#answer(monitor, region);
      const key = `${monitor.id} ${region}`;
      const before = this.#last.get(key);
      this.#last.set(key, result.code);
      if (before !== undefined && before !== result.code) this.#lookAgain(monitor);
      return { monitorId: monitor.id, at, result };
    });
    await storeLooks(this.context, region, looks);
  }

  /** What has changed is confirmed from everywhere, and its siblings are asked once. */
  #lookAgain({ id, serverId }: Watched): void {
    for (const { id: other, interval, serverId: its } of this.#watched)
      if (its === serverId && interval <= 60)
        this.#again.set(other, Math.max(this.#again.get(other) ?? 0, this.now + tick));
    this.#again.set(id, this.now + 3 * tick);
  }

  #answer({ look, closed }: Watched, region: string): ProbeResult {
    const own = { ...look, region };
    const said = this.#outside.map((answer) => answer(own)).find((one) => one !== undefined);
    const answer: Answer = said ?? { code: 'ok' };
    const good = closed && /^connect-/.test(answer.code);
    const code = good ? 'ok' : answer.code;
    const grade = grades[code];
    return {
      kind: look.kind,
      target: look.target,
      ok: grade === 'up',
      code,
      ...(grade === 'degraded' && { degraded: true }),
      summary: answer.summary ?? words(own, code),
      ms: answer.ms ?? 40,
      phases: [],
      details: answer.details ?? {},
      transcript: [],
    };
  }

  #queue() {
    const send = async <N extends JobName>(
      name: N,
      data: JobData<N>,
      { key, startAfter }: SendOptions = {},
    ): Promise<void> => {
      const id = `${name} ${key ?? JSON.stringify(data)}`;
      if (this.#waiting.some((job) => job.key === id)) return;
      this.#waiting.push({ name, data, key: id, at: startAfter?.getTime() ?? 0 });
    };
    return {
      send,
      sendAll: async (name: JobName, jobs: readonly { data: never; key: string }[]) => {
        for (const { data, key } of jobs) await send(name, data, { key });
      },
    } as unknown as WorkerContext['queue'];
  }

  async #drain(): Promise<void> {
    for (let round = 0; round < 50; round++) {
      const due = this.#waiting.filter(({ at }) => at <= Date.now());
      if (!due.length) return;
      this.#waiting = this.#waiting.filter((job) => !due.includes(job));
      for (const job of due) await this.#work(job);
    }
    throw new Error('The jobs of this story do not end.');
  }

  async #work(job: Waiting): Promise<void> {
    const { name, data } = job;
    if (name === 'discover') {
      await setUpMonitors(this.context, (data as JobData<'discover'>).serverId, new Date());
      this.#stale = true;
    } else if (name === 'judgeReported') {
      for (const id of (data as JobData<'judgeReported'>).serverIds) await this.#judge(id, { onlyNew: true });
    } else if (name === 'diagnose') await this.#judge((data as JobData<'diagnose'>).serverId, {});
    else if (name === 'notify') {
      const { notificationId } = data as JobData<'notify'>;
      try {
        await Promise.all(
          this.contexts.map((context) => deliverNotification(this.#asWorking(context), notificationId)),
        );
      } catch {
        this.#waiting.push({ ...job, at: Date.now() + 60_000 });
      }
    } else if (name === 'parse') await parseReports(this.context, (data as JobData<'parse'>).serverIds);
  }

  /** Nobody answers at the mail server while it is broken. */
  #asWorking(context: WorkerContext): WorkerContext {
    if (!this.broken.has('email')) return context;
    return { ...context, environment: { ...context.environment, SMTP_URL: 'smtp://127.0.0.1:9' } };
  }

  /** With several workers all of them judge at once, as when the same job is done twice. */
  async #judge(serverId: string, how: { onlyNew?: boolean }): Promise<void> {
    await Promise.all(this.contexts.map((context) => judgeServer(context, serverId, how)));
  }
}

/** What the probes themselves would say. */
function words({ target, host, port }: Look, code: ProbeCode): string {
  const where = port === undefined || /^https?:/.test(target) ? host : target;
  const told: Partial<Record<ProbeCode, string>> = {
    ok: 'As expected',
    'connect-refused': `${where} refused the connection: nothing listens there`,
    'connect-timeout': `${where} did not answer within 10 s: filtered, or the host is down`,
    'ping-timeout': `No reply from ${host} to 5 echo requests`,
    'dns-nxdomain': `${host} does not exist`,
    'http-timeout': `${host} took the connection and did not answer within 10 s`,
  };
  return told[code] ?? `${target}: ${code}`;
}

export async function prepare(context: WorkerContext): Promise<void> {
  // Heard of whenever a story asks: their clock is not the story's.
  await context.db.region.createMany({
    data: places.map((name) => ({ name, lastSeenAt: new Date('2100-01-01T00:00:00Z') })),
  });
  await ensurePartitions(context.db, new Date(epochOfStart * 1000));
}
