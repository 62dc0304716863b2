// Chosen lines of configuration files, as `grep -r . /etc` shows them: path:line. Blocks have lost their closing brackets.
import type { Report } from '#core/report.ts';
import { sectionOf } from './lookup.ts';

export const configSection = 'grep -r . /etc';

export interface ConfigLine {
  path: string;
  /** Trimmed, without its comment. */
  text: string;
}

const parsed = new WeakMap<Report, ConfigLine[]>();

export function configLines(report: Report): ConfigLine[] {
  let lines = parsed.get(report);
  if (!lines) {
    lines = (sectionOf(report, configSection)?.body ?? '').split('\n').flatMap((line) => {
      const at = line.indexOf(':');
      // What is available but not enabled is no part of the configuration, nor are copies that an editor or a package left.
      if (
        line[0] !== '/' ||
        at < 0 ||
        /-available\/|\.(bak|old|orig|save|dpkg-\w+|rpmnew|rpmsave)$|~$/.test(line.slice(0, at))
      )
        return [];
      const text = line
        .slice(at + 1)
        .replace(/(^|[\s;{])#.*$/, '$1')
        .trim();
      return text === '' ? [] : [{ path: line.slice(0, at), text }];
    });
    parsed.set(report, lines);
  }
  return lines;
}

/** The lines of files whose path matches, file by file. */
export function configFiles(report: Report, path: RegExp): [path: string, lines: string[]][] {
  const files = new Map<string, string[]>();
  for (const line of configLines(report)) {
    if (!path.test(line.path)) continue;
    const list = files.get(line.path);
    if (list) list.push(line.text);
    else files.set(line.path, [line.text]);
  }
  return [...files];
}

/** `name = value` or `name value`, with quotes and a final semicolon taken off. */
export function setting(text: string): [name: string, value: string] | undefined {
  const found = /^([\w.-]{1,80})(?:\s{0,40}=\s{0,40}|\s{1,80})(.{0,1000})$/.exec(text);
  if (!found) return undefined;
  const value = found[2]!.replace(/;\s*$/, '').trim();
  return [found[1]!, /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value];
}

/** The words of a directive; one in quotes may have spaces, and loses its quotes. */
export function configWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']\S*)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}
