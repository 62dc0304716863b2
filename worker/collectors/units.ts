// Services of systemd: `systemctl list-units` each minute, `systemctl show` with all that diagnosis needs.
import type { Unit } from '#core/facts.ts';
import type { Report } from '#core/report.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, integer, lines, notUnderstood, pairs } from './lines.ts';
import { timeIn, zoneOffsetOf } from './reportTime.ts';

export const unitList: Collector = {
  section: /^systemctl list-units/,
  parse({ body }) {
    const units: Unit[] = [];
    const left: string[] = [];
    for (const line of lines(body)) {
      // A failed or missing unit has a mark in front when the output is not plain.
      const [name, load, active, sub, description] = columns(line.replace(/^\s*[●*×○↻]\s+/u, ''), 5);
      if (!name || !load || !active || !sub || !/\.[a-z]+$/.test(name)) {
        if (name !== 'UNIT') left.push(line);
      } else if (load !== 'not-found') {
        units.push({ name: unescapeUnit(name), active, sub, ...(description ? { description } : {}) });
      }
    }
    if (units.length === 0 && left.length > 0) throw new ParseError('No line looks like a unit.');
    return { facts: { units }, partial: notUnderstood(left) };
  },
};

export const unitShow: Collector = {
  section: /^systemctl show\b.*[*.]/,
  parse({ name, body }, report) {
    const units: Unit[] = [];
    const samples: Sample[] = [];
    for (const block of body.split(/\n\s*\n/)) {
      const unit = readUnit(pairs(block, '='), report);
      if (!unit) continue;
      units.push(unit);
      if (unit.restarts !== undefined && unit.active !== 'inactive') {
        samples.push({ metric: 'unit.restarts', subject: unit.name, value: unit.restarts });
      }
    }
    // Asked for failed units alone, none may be left.
    if (units.length === 0 && body.trim() === '' && name.includes(' --state=')) return {};
    if (units.length === 0) throw new ParseError('There is no block with Id= and ActiveState=.');
    return { facts: { units }, samples };
  },
};

function readUnit(values: Map<string, string>, report: Report): Unit | undefined {
  const name = values.get('Id');
  const active = values.get('ActiveState');
  if (!name || !active || values.get('LoadState') === 'not-found') return undefined;
  const offset = zoneOffsetOf(report);
  const time = (key: string) => timeIn(values.get(key) ?? '', offset);
  // `infinity`, or 2^64 - 1 on old systems, is no limit.
  const limit = (key: string) => {
    const value = integer(values.get(key));
    return value !== undefined && value > 0 && value < 2 ** 60 ? value : undefined;
  };
  const code = integer(values.get('ExecMainCode'));
  const unit: Unit = {
    name: unescapeUnit(name),
    active,
    sub: values.get('SubState') ?? '',
    enabled: values.get('UnitFileState') || undefined,
    result: values.get('Result') || undefined,
    restarts: integer(values.get('NRestarts')),
    exitStatus: integer(values.get('ExecMainStatus')),
    exitCode: code ? ({ 1: 'exited', 2: 'killed', 3: 'dumped' }[code] ?? String(code)) : undefined,
    mainPid: integer(values.get('MainPID')) || undefined,
    changedAt: time('StateChangeTimestamp') ?? time('InactiveEnterTimestamp'),
    startedAt: time('ActiveEnterTimestamp'),
    memoryMax: limit('MemoryMax') ?? limit('MemoryLimit'),
    tasksMax: limit('TasksMax'),
    description: values.get('Description') || undefined,
  };
  return Object.fromEntries(
    Object.entries(unit).filter(([, value]) => value !== undefined),
  ) as unknown as Unit;
}

/** `dev-disk-by\x2dlabel-data.mount` is how systemd writes a dash inside a name. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
