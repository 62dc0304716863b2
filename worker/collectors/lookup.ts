// Finding sections in a report. The agent shows small files either each in a section `cat PATH`, or many in one section
// `grep …` with lines `PATH:value`; here both are the same.
import type { Report, Section } from '#core/report.ts';

/** The report with each `/proc/…:value` and `/sys/…:value` line of a `grep` section as a section of its own. */
export function withSingleFiles(report: Report): Report {
  const sections: Section[] = [];
  for (const section of report.sections) {
    if (!section.name.startsWith('grep ')) {
      sections.push(section);
      continue;
    }
    const files = new Map<string, string[]>();
    const rest: string[] = [];
    let before = '';
    for (const line of section.body.split('\n')) {
      // A value that is told twice in a row is one value.
      if (line === before) continue;
      before = line;
      const at = line.startsWith('/proc/') || line.startsWith('/sys/') ? pathEnd(line) : -1;
      if (at < 0) {
        rest.push(line);
        continue;
      }
      const path = line.slice(0, at);
      const values = files.get(path);
      if (values) values.push(line.slice(at + 1));
      else files.set(path, [line.slice(at + 1)]);
    }
    for (const [path, values] of files) {
      sections.push({ name: `cat ${path}`, reading: section.reading, body: values.join('\n') });
    }
    if (section.failure || rest.some((line) => line.trim() !== '')) {
      sections.push({ ...section, body: rest.join('\n') });
    }
  }
  return { ...report, sections };
}

/** The path ends at the first colon after which it does not go on: a bus address (`0000:00:1f.2/x`) has colons in it. */
function pathEnd(line: string): number {
  let at = line.indexOf(':');
  if (line.indexOf('/', at) < 0) return at > 0 ? at : -1;
  while (at > 0) {
    const goesOn = /^:[\w.:-]{0,200}\//.exec(line.slice(at, at + 202));
    if (!goesOn) return at;
    at = line.indexOf(':', at + goesOn[0].length);
  }
  return -1;
}

const indexes = new WeakMap<Report, Map<string, Section[]>>();

function indexOf(report: Report): Map<string, Section[]> {
  let index = indexes.get(report);
  if (!index) {
    index = new Map();
    for (const section of report.sections) {
      const same = index.get(section.name);
      if (same) same.push(section);
      else index.set(section.name, [section]);
    }
    indexes.set(report, index);
  }
  return index;
}

/** A section by its header: the given reading, or the last one there is. */
export function sectionOf(report: Report, name: string | RegExp, reading?: 1 | 2): Section | undefined {
  const named =
    typeof name === 'string'
      ? indexOf(report).get(name)
      : report.sections.filter((one) => name.test(one.name));
  return reading === undefined ? named?.at(-1) : named?.find((section) => section.reading === reading);
}

export function matches(pattern: string | RegExp, name: string): boolean {
  return typeof pattern === 'string' ? pattern === name : pattern.test(name);
}

/** The content of one file, trimmed. */
export function fileOf(report: Report, path: string): string | undefined {
  return sectionOf(report, `cat ${path}`)?.body.trim();
}

/** A file that holds one whole number. */
export function numberIn(report: Report, path: string): number | undefined {
  const text = fileOf(report, path);
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** Path and trimmed content of all files whose path matches. */
export function filesOf(report: Report, path: RegExp): [path: string, content: string][] {
  return report.sections.flatMap(({ name, body }) =>
    name.startsWith('cat ') && path.test(name.slice(4))
      ? [[name.slice(4), body.trim()] as [string, string]]
      : [],
  );
}
