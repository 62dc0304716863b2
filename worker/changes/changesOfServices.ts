// Changes of what runs: systemd units and containers.
import type { Facts, Unit } from '#core/facts.ts';
import { type Change, difference } from './difference.ts';

export function unitChanges(before: Facts, after: Facts): Change[] {
  const { both, added } = difference(before.units, after.units, ({ name }) => name);
  const changes: Change[] = both.flatMap(([old, now]) => unitChange(old, now));
  for (const unit of added) if (unit.active === 'failed') changes.push(failed(unit));
  return changes;
}

function failed({ name, result, exitStatus, exitCode }: Unit): Change {
  const why =
    result && result !== 'success'
      ? ` (${result}${exitStatus ? `, ${exitCode ?? 'exit'} ${exitStatus}` : ''})`
      : '';
  return {
    kind: 'unit.failed',
    subject: name,
    text: `${name} failed${why}`,
    ...(result ? { data: { result } } : {}),
  };
}

function unitChange(old: Unit, now: Unit): Change[] {
  const { name } = now;
  const change = (kind: string, text: string): Change[] => [{ kind, subject: name, text }];
  if (old.active !== 'failed' && now.active === 'failed') return [failed(now)];
  if (old.active === 'failed' && now.active === 'active')
    return change('unit.recovered', `${name} runs again`);
  // A one-shot job is meant to end; only what was running counts as stopped.
  if (old.sub === 'running' && now.active === 'inactive')
    return change('unit.stopped', `${name} was stopped`);
  if (old.active === 'inactive' && now.sub === 'running')
    return change('unit.started', `${name} was started`);
  if (old.restarts !== undefined && now.restarts !== undefined && now.restarts > old.restarts) {
    const times = now.restarts - old.restarts;
    return [
      {
        kind: 'unit.restarted',
        subject: name,
        text: `systemd restarted ${name} ${times === 1 ? 'once' : `${times} times`} because it ended by itself`,
        data: { times },
      },
    ];
  }
  const again = old.startedAt !== undefined && now.startedAt !== undefined && now.startedAt > old.startedAt;
  // Where systemd counts nothing (before 235), what ended by itself shows in the pause before its next start.
  const runs = now.restarts === undefined ? /^(running|auto-restart)$/ : /^running$/;
  if (again && runs.test(old.sub) && runs.test(now.sub))
    return [
      {
        ...change('unit.restarted', `${name} was restarted`)[0]!,
        at: now.startedAt,
        ...([old.sub, now.sub].includes('auto-restart') && { data: { byItself: true } }),
      },
    ];
  return [];
}

export function containerChanges(before: Facts, after: Facts): Change[] {
  const { added, removed, both } = difference(before.containers, after.containers, ({ id }) => id);
  // A container is never given another image: it is made anew, under its old name.
  const gone = new Map(removed.map((one) => [one.name, one]));
  const anew = new Set(added.map(({ name }) => name));
  const changes: Change[] = [
    ...added.map(({ name, image }) => {
      const old = gone.get(name);
      if (!old)
        return { kind: 'container.added', subject: name, text: `The container ${name} (${image}) was added` };
      return {
        kind: 'container.replaced',
        subject: name,
        text:
          old.image === image
            ? `The container ${name} was made anew (${image})`
            : `The container ${name} was made anew from ${image}; it was ${old.image}`,
        data: { from: old.image, to: image },
      };
    }),
    ...removed
      .filter(({ name }) => !anew.has(name))
      .map(({ name }) => ({
        kind: 'container.removed',
        subject: name,
        text: `The container ${name} was removed`,
      })),
  ];
  for (const [old, now] of both) {
    const { name: subject } = now;
    if (old.state !== now.state) {
      const code = now.state === 'exited' && now.exitCode !== undefined ? ` with code ${now.exitCode}` : '';
      changes.push({
        kind: `container.${now.state === 'running' ? 'started' : now.state}`,
        subject,
        text: `The container ${subject} is ${now.state}${code}; it was ${old.state}`,
      });
    }
    if (old.health !== now.health && now.health !== undefined && old.health !== undefined) {
      changes.push({
        kind: `container.${now.health}`,
        subject,
        text: `The container ${subject} is ${now.health}; it was ${old.health}`,
      });
    }
    if (now.restarts > old.restarts) {
      changes.push({
        kind: 'container.restarted',
        subject,
        text: `The container ${subject} restarted`,
        data: { restarts: now.restarts, times: now.restarts - old.restarts },
      });
    }
  }
  return changes;
}
