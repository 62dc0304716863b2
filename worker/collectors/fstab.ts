// /etc/fstab: what should be mounted.
import { type Collector, ParseError } from './collector.ts';
import { columns, lines, notUnderstood, unescapeOctal } from './lines.ts';

export const fstab: Collector = {
  section: 'cat /etc/fstab',
  parse({ body }) {
    const rows = lines(body)
      .filter((line) => !line.trimStart().startsWith('#'))
      .map((line) => columns(line));
    const found = rows.flatMap(([source, mount, type, options]) =>
      source && mount && type
        ? [
            {
              source: unescapeOctal(source),
              mount: unescapeOctal(mount),
              type,
              options: (options ?? 'defaults').split(','),
            },
          ]
        : [],
    );
    if (found.length === 0 && rows.length > 0)
      throw new ParseError('No line has a device, a mount point and a type.');
    const left = rows.filter(([, , type]) => !type).map((row) => row.join(' '));
    return { facts: { fstab: found }, partial: notUnderstood(left) };
  },
};

/** /proc/swaps: what is used as swap. */
export const swaps: Collector = {
  section: 'cat /proc/swaps',
  parse({ body }) {
    const rows = lines(body)
      .slice(1)
      .map((line) => columns(line));
    const found = rows.flatMap(([device, type, size, used, priority]) =>
      device && type && Number.isFinite(Number(size))
        ? [
            {
              device: unescapeOctal(device),
              type,
              size: Number(size) * 1024,
              used: Number(used) * 1024 || 0,
              priority: Number(priority) || 0,
            },
          ]
        : [],
    );
    if (found.length < rows.length && found.length === 0)
      throw new ParseError('No line has a device and a size.');
    const left = rows.filter(([, type, size]) => !type || !Number.isFinite(Number(size)));
    return { facts: { swaps: found }, partial: notUnderstood(left.map((row) => row.join(' '))) };
  },
};
