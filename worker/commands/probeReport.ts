// A probe's result as text for a terminal: the verdict, the phases as bars, what was found, what was said.
import { probeCodes, type ProbeResult } from '#core/probes.ts';
import { articleFor } from '#core/codeArticles.ts';
import { plain } from '#worker/probes/escapes.ts';

const barWidth = 40;
const lineWidth = 150;
const words = { ok: 'OK', degraded: 'DEGRADED', failed: 'FAILED' };

/** Several lines, ending with one. */
export function reportText(result: ProbeResult): string {
  const word = result.ok ? words.ok : result.degraded ? words.degraded : words.failed;
  const lines = [`${word}  ${result.kind} ${result.target}`, `${result.summary}`, ''];
  lines.push(`code: ${result.code} (${probeCodes[result.code]})`);
  const article = result.ok ? undefined : articleFor(result.kind, result.code);
  if (article !== undefined) lines.push(`article: ${article}`);
  lines.push(...phaseLines(result), ...detailLines(result.details));
  if (!result.ok && result.transcript.length > 0)
    lines.push('', 'transcript:', ...result.transcript.map((line) => `  ${line}`));
  return `${lines.join('\n')}\n`;
}

/** Each bar begins where the one before ended. */
function phaseLines({ kind, phases, ms }: ProbeResult): string[] {
  if (phases.length === 0) return [];
  const total = Math.max(
    phases.reduce((sum, phase) => sum + phase.ms, 0),
    0.01,
  );
  let before = 0;
  const lines = phases.map((phase) => {
    const from = Math.min(barWidth - 1, Math.round((before / total) * barWidth));
    before += phase.ms;
    const to = Math.max(from + 1, Math.round((before / total) * barWidth));
    const bar = `${' '.repeat(from)}${'█'.repeat(to - from)}`;
    return `  ${phase.name.padEnd(11)}${phase.ms.toFixed(1).padStart(9)} ms  ${bar}`;
  });
  return [
    '',
    ...lines,
    `  ${(kind === 'ping' ? 'mean' : 'in all').padEnd(11)}${ms.toFixed(1).padStart(9)} ms`,
  ];
}

function detailLines(details: Record<string, unknown>): string[] {
  const lines: string[] = [];
  for (const [key, value] of Object.entries(details)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value) && value.some((item) => typeof item === 'object')) {
      lines.push(`  ${key}:`, ...value.slice(0, 20).map((item) => `    ${short(item)}`));
    } else lines.push(`  ${key}: ${short(value, key)}`);
  }
  return lines.length > 0 ? ['', ...lines] : [];
}

function short(value: unknown, key = ''): string {
  const text = plain(flat(value, key).replace(/\s+/g, ' '));
  return text.length > lineWidth ? `${text.slice(0, lineWidth)}…` : text;
}

/** Details keep times as epoch seconds. */
const times =
  /^(notBefore|notAfter|expire?sAt|expires|registered|changed|lastBeat|dueAt|thisUpdate|nextUpdate|revokedAt)$/;

function flat(value: unknown, key = ''): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => flat(item)).join(', ');
  if (typeof value === 'number' && times.test(key)) {
    return `${new Date(value * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return parts
    .map(([name, item]) => `${name} ${isPlainObject(item) ? `(${flat(item)})` : flat(item, name)}`)
    .join(', ');
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
