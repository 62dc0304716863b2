// The report of the agent: plain text in sections. This file splits it; what a section means is read in worker/collectors.
import { asWritten, isDoubled } from './reportText.ts';

/** Bytes that one report may have on the wire and after decompression. An ordinary report has 60 kB. */
export const reportLimits = { compressedBytes: 2 * 1024 * 1024, bytes: 16 * 1024 * 1024, sections: 1000 };

/**
 * How a section ended when it did not end well: exit code (124 is the time limit), a missing program, missing rights. `later` is no
 * fault: of a crowd of processes or sockets the agent leaves it to every fifth minute while nothing is wrong.
 */
export type SectionFailure =
  | { kind: 'exit'; code: number }
  | { kind: 'missing'; what: string }
  | { kind: 'needs'; what: string }
  | { kind: 'later' };

export interface Section {
  /** The literal command or file, as in `=== cat /proc/meminfo`, without the mark of a second reading. */
  name: string;
  /** 1, or 2 for the second reading of a counter about a second later. */
  reading: 1 | 2;
  body: string;
  failure?: SectionFailure;
}

export interface Report {
  /** The key=value pairs of the first line: agent, sha256, rhythm, euid, epoch … */
  header: Record<string, string>;
  sections: Section[];
  /** False when the closing line is missing: the report was cut off. */
  complete: boolean;
  /** The section that the cut hit. It is not among `sections`: half a number is another number, and half a list another list. */
  cutIn?: string;
  /** Some of its lines are there twice, and not all: nobody can tell which. */
  doubled?: true;
}

/** A report that is none: the message says why, in a sentence for the sender. */
export class ReportError extends Error {
  override name = 'ReportError';
}

/**
 * Splits the text of a report into its sections. What cannot be understood stays in a section's body; only the section in which a report
 * was cut off is left out, and the last line of a command that was killed while it wrote.
 * A name that comes twice with the same reading keeps its first body, so that a forged later section cannot replace it; only
 * the lines `path:value` of two `grep` sections are put together.
 * Throws ReportError when the first line is not that of a report.
 */
export function splitReport(raw: string): Report {
  const text = asWritten(raw);
  const endOf = (from: number) => {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  };
  const header = readHeader(text.slice(0, endOf(0)));

  const sections: Section[] = [];
  const seen = new Map<string, Section>();
  let current: Section | undefined;
  /** Pieces of the body between its marks, and where the next one begins. */
  let pieces: string[] = [];
  let start = 0;
  let mark = 0;
  let complete = false;
  const cut = (end: number) => {
    if (start <= end) pieces.push(text.slice(start, end));
  };
  const close = (end: number) => {
    if (!current) return;
    cut(end);
    current.body = pieces.length === 1 ? pieces[0]! : pieces.join('\n');
    const key = `${current.reading} ${current.name}`;
    const before = seen.get(key);
    if (!before && sections.length < reportLimits.sections) {
      seen.set(key, current);
      sections.push(current);
    } else if (before && current.name.startsWith('grep ')) {
      // In a report that was sent twice in one text they say the same once more.
      if (!`\n${before.body}\n`.includes(`\n${current.body}\n`))
        before.body += (before.body && current.body ? '\n' : '') + current.body;
      before.failure ??= current.failure;
    }
    current = undefined;
  };
  // Only lines that begin like a mark are looked at.
  for (let newline = text.indexOf('\n='); newline >= 0; newline = text.indexOf('\n=', newline + 1)) {
    const from = newline + 1;
    if (text.startsWith('=== ', from)) {
      const line = text.slice(from, endOf(from));
      // A mark twice in a row, with nothing in between, is one.
      if (current && start === from && line === text.slice(mark, newline)) {
        start += line.length + 1;
        continue;
      }
      close(newline);
      mark = from;
      if (line === '=== end') {
        complete = true;
        break;
      }
      const second = line.endsWith(' #2');
      current = { name: line.slice(4, second ? -3 : undefined).trim(), reading: second ? 2 : 1, body: '' };
      pieces = [];
      start = from + line.length + 1;
    } else if (current && text.startsWith('=!= ', from)) {
      const end = endOf(from);
      current.failure = readFailure(text.slice(from + 4, end).trim());
      cut(isKilled(current.failure) ? Math.max(start - 1, text.lastIndexOf('\n', newline - 1)) : newline);
      start = end + 1;
    }
  }
  return {
    header,
    sections,
    complete,
    ...(!complete && current ? { cutIn: current.name } : {}),
    ...(isDoubled(text) ? { doubled: true } : {}),
  };
}

/** The pairs of the first line. Throws ReportError when it is not that of a report. */
export function readHeader(line: string): Report['header'] {
  if (!/^rootnote 1( |$)/.test(line)) {
    throw new ReportError(
      'This is not a report of the agent: its first line does not start with "rootnote 1".',
    );
  }
  const header: Report['header'] = {};
  for (const pair of line.split(' ').slice(2)) {
    const equals = pair.indexOf('=');
    if (equals > 0) header[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return header;
}

/** The time limit, and SIGKILL, SIGSEGV, SIGTERM and SIGXFSZ as shells tell them (ksh counts from 256). */
const killed = new Set([124, 137, 139, 143, 153, 281]);

/** Whether the command was stopped in the middle of what it wrote: its last line is half a line. */
const isKilled = (failure: SectionFailure) => failure.kind === 'exit' && killed.has(failure.code);

/** Whether the end of a section is missing: of its bound, or because the command was killed. What it does not list may be there. */
export const isHalf = ({ failure }: Section): boolean =>
  failure !== undefined && ((failure.kind === 'needs' && failure.what === 'cut') || isKilled(failure));

function readFailure(text: string): SectionFailure {
  const [word, ...rest] = text.split(' ');
  if (word === 'exit') return { kind: 'exit', code: Number.parseInt(rest[0] ?? '', 10) || 1 };
  if (word === 'missing') return { kind: 'missing', what: rest.join(' ') };
  if (text === 'later') return { kind: 'later' };
  return { kind: 'needs', what: word === 'needs' ? rest.join(' ') : text };
}
