// /etc/os-release: which distribution, which version. https://www.freedesktop.org/software/systemd/man/os-release.html
import { type Collector, ParseError } from './collector.ts';
import { lines } from './lines.ts';

export const osRelease: Collector = {
  section: /^cat \/(etc|usr\/lib)\/os-release$/,
  parse({ body }) {
    const values = new Map<string, string>();
    for (const line of lines(body)) {
      const found = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
      if (found) values.set(found[1]!, unquote(found[2]!));
    }
    const id = values.get('ID') ?? values.get('NAME')?.toLowerCase().split(' ')[0];
    if (!id) throw new ParseError('Neither ID nor NAME is there.');
    const version = values.get('VERSION_ID') ?? values.get('BUILD_ID');
    const like = values.get('ID_LIKE')?.split(/\s+/);
    return {
      facts: {
        os: {
          id,
          name: values.get('PRETTY_NAME') ?? values.get('NAME') ?? id,
          ...(like ? { idLike: like } : {}),
          ...(version ? { version } : {}),
        },
      },
    };
  },
};

/** CentOS 6 and others of its time have only one line in words. */
export const redhatRelease: Collector = {
  section: 'cat /etc/redhat-release',
  parse({ body }, report) {
    if (
      report.sections.some(
        (section) => section.name === 'cat /etc/os-release' && section.body.includes('ID='),
      )
    )
      return {};
    const found = /^(.{1,60}?)(?: Linux)? release (\d[\d.]*)/.exec(body.trim());
    if (!found) throw new ParseError('The word "release" is missing.');
    const id =
      { 'Red Hat Enterprise': 'rhel', CentOS: 'centos', Rocky: 'rocky', AlmaLinux: 'almalinux' }[found[1]!] ??
      'rhel';
    return { facts: { os: { id, idLike: ['rhel'], name: body.trim().split('\n')[0]!, version: found[2]! } } };
  },
};

function unquote(text: string): string {
  const quoted = /^"(.*)"$|^'(.*)'$/.exec(text.trim());
  return (quoted?.[1] ?? quoted?.[2] ?? text.trim()).replace(/\\(["$`\\])/g, '$1');
}
