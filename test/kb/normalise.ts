// Makes two runs comparable: what differs from machine to machine without a meaning is replaced.
import { release } from 'node:os';

/** The kernel release that articles show: Debian 12's. The sandbox shares the kernel of whatever machine it runs on. */
export const shownKernel = '6.1.0-37-amd64';

/** Output of a command as an article may show it: no colours, no carriage returns, no kernel of this machine. */
export function readable(output: string): string[] {
  const lines = output
    .replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b\(B|\x0f/g, '')
    .replace(/[^\n]*\r(?!\n)/g, '')
    .replaceAll('\r', '')
    .replaceAll(release(), shownKernel)
    // Control groups of the sandbox as the machine outside sees them.
    .replace(/\/kb-[0-9a-f]{8}\/in(?=\/|$)/gm, '')
    // What a shell at a prompt says: no script, no line, no process id.
    .replace(/^\/dev\/fd\/3: line \d+: +\d+ (\w[\w ]*?)( \(core dumped\))? {2,}.*$/gm, '$1$2')
    .replace(/^\/dev\/fd\/3: (?:eval: )?line \d+: +/gm, '-bash: ')
    .split('\n')
    .map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A line with addresses and identifiers replaced, for comparing only. */
export function comparable(line: string): string {
  return line
    .trimEnd()
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>')
    .replace(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<mac>');
}

/** A span of time as systemd prints it, in one or two units: how many depends on the hour at which it is asked. */
const span =
  /\b\d+ ?(?:years?|months?|weeks?|days?|y|w|h|min|s)(?: \d+ ?(?:months?|weeks?|days?|w|h|min|s))*(?= (?:left|ago)\b)/g;

/** A line's shape: numbers with their unit, days and months become #, runs of blanks become one. */
export function shape(line: string): string {
  return comparable(line)
    .replace(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, '#')
    .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g, '#')
    .replace(/\b0x[0-9a-f]+\b/gi, '#')
    .replace(span, '#')
    .replace(/[-+]?\d+(?:[.,:]\d+)*(?:[KMGTP]i?B?\b|[KMGT]i?\b|[mnu]?s\b|B\b|min\b|%)?/g, '#')
    .replace(/#(?:\s*#)+/g, '#')
    .replace(/-{3,}/g, '---')
    .replace(/\s+/g, ' ')
    .trim();
}
