// Containers: `docker ps` each minute, `docker inspect` for restarts, exit code and health. podman answers the same way.
import { z } from 'zod';
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { integer, lines, notUnderstood } from './lines.ts';
import { timeIn } from './reportTime.ts';

type Container = NonNullable<Facts['containers']>[number];

export const dockerPs: Collector = {
  section: /^(docker|podman) (container )?(ps|ls)\b/,
  parse({ body }) {
    const left: string[] = [];
    const containers: Container[] = [];
    for (const line of lines(body)) {
      const [id, name, image, status, ports] = line.split('|');
      if (!/^[0-9a-f]{12,64}$/.test(id ?? '') || !name || !image || status === undefined) {
        left.push(line);
        continue;
      }
      const listed = ports?.split(', ').filter(Boolean) ?? [];
      containers.push({
        id: id!.slice(0, 12),
        name,
        image,
        ...readStatus(status),
        ...(listed.length > 0 ? { ports: listed } : {}),
      });
    }
    if (containers.length === 0 && left.length > 0)
      throw new ParseError('No line has id, name, image and status.');
    return { facts: { containers }, partial: notUnderstood(left) };
  },
};

/** `Up 3 hours (healthy)`, `Exited (137) 2 days ago`, `Restarting (1) 5 seconds ago`, `Up 2 minutes (Paused)`, `Created`. */
function readStatus(
  status: string,
): Pick<Container, 'state' | 'health' | 'exitCode' | 'restarts' | 'longGone' | 'justEnded'> {
  const health = /\((healthy|unhealthy|health: starting)\)/.exec(status)?.[1];
  const code = /^(?:Exited|Restarting) \((-?\d{1,10})\)/.exec(status)?.[1];
  const word = status.split(' ')[0]!.toLowerCase();
  const state = /\(Paused\)/.test(status) ? 'paused' : ({ up: 'running', removal: 'removing' }[word] ?? word);
  return {
    state,
    restarts: 0,
    ...(health ? { health: health === 'health: starting' ? 'starting' : health } : {}),
    ...(word === 'exited'
      ? {
          longGone: /\b([4-9]|\d\d) weeks ago|\b(months?|years?) ago/.test(status),
          ...(/ (seconds?|a second|a minute|[12] minutes?) ago/i.test(status) ? { justEnded: true } : {}),
        }
      : {}),
    // docker ps does not tell how often; 0 is filled in with what docker inspect said (joinFacts.ts).
    exitCode: Number(code ?? 0),
  };
}

const inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  RestartCount: z.number().catch(0),
  Config: z.object({ Image: z.string() }).optional().catch(undefined),
  State: z.object({
    Status: z.string(),
    OOMKilled: z.boolean().catch(false),
    ExitCode: z.number().catch(0),
    StartedAt: z.string().catch(''),
    Health: z.object({ Status: z.string() }).optional().catch(undefined),
  }),
});

export const dockerInspect: Collector = {
  section: /^(docker|podman) (container )?inspect\b/,
  parse({ body }) {
    const containers: Container[] = [];
    let bad = 0;
    const rows = body.split('\n').filter((line) => /^[0-9a-f]{12,64}\|/.test(line));
    containers.push(...rows.flatMap((line) => fromRow(line) ?? []));
    for (const item of rows.length > 0 ? [] : objects(body)) {
      const parsed = inspected.safeParse(item);
      if (!parsed.success) {
        bad++;
        continue;
      }
      const { Id, Name, RestartCount, Config, State } = parsed.data;
      const startedAt = timeIn(State.StartedAt, 0);
      containers.push({
        id: Id.slice(0, 12),
        name: Name.replace(/^\//, ''),
        image: Config?.Image ?? '',
        state: State.Status,
        restarts: RestartCount,
        exitCode: State.ExitCode,
        oomKilled: State.OOMKilled,
        ...(State.Health && State.Health.Status !== 'none' ? { health: State.Health.Status } : {}),
        ...(startedAt !== undefined && startedAt > 0 ? { startedAt } : {}),
      });
    }
    if (containers.length === 0 && bad > 0) throw new ParseError('It is not the JSON of docker inspect.');
    return { facts: { containers }, partial: bad > 0 ? [`${bad} containers were not understood.`] : [] };
  },
};

/** `id|/name|restarts|killed for memory|exit code|started`, as the agent asks for it: the whole JSON holds the environment. */
function fromRow(line: string): Container | undefined {
  const [id = '', name = '', restarts, oomKilled, code, started = ''] = line.split('|');
  if (integer(restarts) === undefined) return undefined;
  const startedAt = timeIn(started, 0);
  return {
    id: id.slice(0, 12),
    name: name.replace(/^\//, ''),
    image: '',
    state: '',
    restarts: Number(restarts),
    oomKilled: oomKilled === 'true',
    ...(integer(code) === undefined ? {} : { exitCode: Number(code) }),
    ...(startedAt !== undefined && startedAt > 0 ? { startedAt } : {}),
  };
}

/** One array, or one object a line (`--format '{{json .}}'`). Throws ParseError. */
function objects(body: string): unknown[] {
  try {
    const json: unknown = JSON.parse(body.trim() || '[]');
    return Array.isArray(json) ? json : [json];
  } catch {
    try {
      return lines(body).map((line): unknown => JSON.parse(line));
    } catch {
      throw new ParseError('The JSON is cut off or damaged.');
    }
  }
}
