// Reports as a person names them: files plain or gzip'd, one or several in each, directories of them, standard input.
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ReportError, reportLimits } from '#core/report.ts';
import { asWritten } from '#core/reportText.ts';
import { readReport } from '#worker/parse/read.ts';
import { atMoment, inOrder, momentOf, type Moment } from '#worker/parse/reportOrder.ts';
import { InputError, unreadable } from './inputError.ts';
import { bytesOf, unpacked } from './readBytes.ts';

/** Bytes of a file of reports at most, unpacked: weeks of minutes. */
export const mostBytes = reportLimits.bytes * 16;

/** A report that waits for its turn: only its time is known; the text is read again when it is needed. */
export interface Waiting extends Moment {
  from: string;
  text(): string;
}

/** Where standard input comes from, and who hears of a file in a directory that is no report. */
export interface Source {
  stdin(): Buffer;
  leftOut(message: string): void;
}

/** The reports of these paths (`-` is standard input), in order of time. Throws InputError and ReportError, in sentences. */
export function findReports(paths: readonly string[], source: Source): Waiting[] {
  newest = undefined;
  const found = [...new Set(paths)].flatMap((path) => find(path, source));
  if (found.length === 0) throw new InputError(`There is no report in ${paths.join(', ')}.`);
  const told = new Map(found.map((report) => [report.text, report.at]));
  return inOrder(found).map((report) => {
    const { at, text } = report;
    return told.get(text) === at ? report : { ...report, text: () => atMoment(text(), at) };
  });
}

function find(path: string, source: Source): Waiting[] {
  if (path === '-')
    return split('Standard input', () => unpacked(source.stdin(), 'Standard input', mostBytes), source, true);
  const stats = statOf(path);
  // What comes through a pipe, as <(…) does, comes once.
  if (!stats.isDirectory()) return split(path, () => textOf(path), source, !stats.isFile());
  return filesIn(path)
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => ({ entry, file: join(entry.parentPath, entry.name) }))
    .filter(({ entry, file }) => entry.isFile() || (entry.isSymbolicLink() && leadsToFile(file)))
    .map(({ file }) => file)
    .sort()
    .flatMap((file) => {
      try {
        return split(file, () => textOf(file), source);
      } catch (error) {
        // A directory may hold other files; a report among them that is broken is still named.
        if (error instanceof ReportError || error instanceof InputError) {
          source.leftOut(`Left out: ${error.message}`);
          return [];
        }
        throw error;
      }
    });
}

const textOf = (path: string) => unpacked(bytesOf(path, mostBytes), path, mostBytes);

function filesIn(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true, recursive: true });
  } catch (error) {
    throw unreadable(path, error);
  }
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A link may lead nowhere, or in a circle. */
function leadsToFile(link: string): boolean {
  try {
    return statSync(link).isFile();
  } catch {
    return false;
  }
}

/** The file that was cut last: its reports come one after the other, and are not all kept in memory. */
let newest: { from: string; texts: string[] } | undefined;

/** A file may hold several reports one after the other, as `cat` makes it. */
function split(from: string, read: () => string, source: Source, once = false): Waiting[] {
  return cut(read()).map((piece, i) => {
    const whole = asWritten(piece);
    const text = alone(whole);
    const first = /^rootnote 1( .*)?$/m.exec(text.slice(0, 500));
    if (!first || first.index !== 0) throw new ReportError(`${from} ${whyNoReport(piece)}`);
    if (!/^=== (?!end)/m.test(text))
      throw new ReportError(`${from} has the first line of a report and nothing below it.`);
    if (text !== whole)
      source.leftOut(
        `Left out: in ${from} another report begins before the one in front of it ends; put it into a file of its own.`,
      );
    const at = Number(/ epoch=(\d{1,12})\b/.exec(first[0])?.[1] ?? Number.NaN);
    const kept = once ? text : undefined;
    return {
      at: Number.isFinite(at) ? at : readReport(text).at,
      ...momentOf(text),
      from,
      text() {
        if (kept !== undefined) return kept;
        if (newest?.from !== from) newest = { from, texts: cut(read()) };
        return alone(asWritten(newest.texts[i]!));
      },
    };
  });
}

function whyNoReport(text: string): string {
  if (text.trim() === '') return 'is empty.';
  if (text.slice(257, 262) === 'ustar') return 'is a tar archive: unpack it and name its folder.';
  const format = /^rootnote (\d{1,6})\b/.exec(text)?.[1];
  if (format) return `is a report of format ${format}; this version reads format 1.`;
  return 'is not a report of the agent: its first line does not start with "rootnote 1".';
}

/** What follows the end of a report up to the first line of the next one belongs to none. */
function cut(text: string): string[] {
  const [ends, begins] = [/^=== end[\r\n]/gm, /^rootnote 1 /gm];
  const starts = [0];
  while (ends.test(text)) {
    begins.lastIndex = ends.lastIndex;
    const next = begins.exec(text);
    if (!next) break;
    starts.push(next.index);
    ends.lastIndex = next.index;
  }
  return starts.map((start, i) => text.slice(start, starts[i + 1]));
}

/**
 * Up to where another report begins in one that has no end; all of it where none does. What a server sent may look like that, too, so the
 * other one is said and not read.
 */
function alone(text: string): string {
  const sections = text.search(/^=== /m);
  const other = sections < 0 ? -1 : text.slice(sections).search(/^rootnote 1 agent=\S+ .*\bepoch=\d/m);
  return other < 0 ? text : text.slice(0, sections + other);
}
