// A snapshot as text for a person: facts, samples, events, and what could not be read.
import { metric, metrics, type Unit } from '#core/metrics.ts';
import type { Sample, Snapshot } from '#core/snapshot.ts';
import { harmlessLine } from '#core/steering.ts';

const sizes = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** 1536000 → 1.54 MB. */
function bytes(value: number): string {
  const step = Math.min(Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1) / 3)), sizes.length - 1);
  return `${short(value / 1000 ** step)} ${sizes[step]}`;
}

const short = (value: number) =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(Math.abs(value) < 100 ? 3 : 4)));

/** A value with its unit, as it is said: 23.4 %, 1.5 MB/s, 12 ms. */
function withUnit(value: number, unit: Unit): string {
  if (unit === 'bytes') return bytes(value);
  if (unit === 'bytes/s') return `${bytes(value)}/s`;
  if (unit === 'count' || unit === 'ratio') return short(value);
  const sign: Partial<Record<Unit, string>> = { percent: '%', seconds: 's', celsius: '°C', '/s': '/s' };
  return `${short(value)} ${sign[unit] ?? unit}`;
}

/** The whole snapshot; `colour` for a terminal. Control characters of the server are taken out. */
export function showSnapshot(snapshot: Snapshot, colour: boolean): string {
  const bold = (text: string) => (colour ? `\x1b[1m${text}\x1b[0m` : text);
  const dim = (text: string) => (colour ? `\x1b[2m${text}\x1b[0m` : text);
  const out: string[] = [];
  const time = (at: number) => new Date(at * 1000).toISOString().replace('.000Z', 'Z');
  const { facts, samples, events, partial, agent } = snapshot;
  out.push(
    `${bold(clean(facts.host?.hostname ?? 'unknown server'))}  ${time(snapshot.at)}  agent ${clean(agent.version ?? '?')}  ${clean(agent.rhythm ?? '')}`,
  );

  out.push('', bold('Facts'));
  for (const [name, value] of Object.entries(facts)) {
    if (Array.isArray(value)) {
      out.push(`  ${name} ${dim(`(${value.length})`)}`);
      for (const item of value) out.push(`    ${oneLine(item)}`);
    } else out.push(`  ${name.padEnd(14)} ${oneLine(value)}`);
  }

  out.push('', bold('Samples'));
  out.push(...sampleLines(samples).map((line) => `  ${line}`));

  out.push('', bold('Events'), ...(events.length === 0 ? ['  none'] : []));
  for (const { at, kind, subject, text } of events) {
    out.push(`  ${dim(time(at))}  ${kind.padEnd(20)} ${subject ? `${clean(subject)}: ` : ''}${clean(text)}`);
  }

  out.push('', bold('Not read, or only in part'), ...(partial.length === 0 ? ['  none'] : []));
  for (const { section, reason } of partial) out.push(`  ${clean(section)}: ${clean(reason)}`);
  return `${out.join('\n')}\n`;
}

function sampleLines(samples: readonly Sample[]): string[] {
  const order = new Map(Object.keys(metrics).map((name, index) => [name, index]));
  const rows = samples
    .toSorted((a, b) => order.get(a.metric)! - order.get(b.metric)! || (a.subject < b.subject ? -1 : 1))
    .map(
      ({ metric: name, subject, value }) =>
        [name, clean(subject), withUnit(value, metric(name).unit)] as const,
    );
  const width = (column: 0 | 1 | 2, most: number) =>
    Math.min(most, Math.max(0, ...rows.map((row) => row[column].length)));
  const [first, second, third] = [width(0, 40), width(1, 40), width(2, 20)];
  return rows.map(
    ([name, subject, value]) => `${name.padEnd(first)}  ${subject.padEnd(second)}  ${value.padStart(third)}`,
  );
}

/** A fact in one line: `name=web1 size=1.5 GB`. */
function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return clean(String(value));
  if (Array.isArray(value)) return value.map((item) => oneLine(item)).join(',');
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) =>
      typeof field === 'object' && field !== null
        ? `${clean(name)}={${oneLine(field)}}`
        : `${clean(name)}=${clean(String(field))}`,
    )
    .join(' ');
}

/** A server may not send escape sequences to the terminal of whoever reads this. */
const clean = (text: string) => harmlessLine(text.slice(0, 300));
