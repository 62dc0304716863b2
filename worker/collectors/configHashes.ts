// `sha256sum` of chosen configuration files: whether they changed, not what is in them.
import { type Collector, ParseError } from './collector.ts';
import { lines, notUnderstood } from './lines.ts';

export const configHashes: Collector = {
  section: /^sha256sum /,
  anyExit: true,
  parse({ body }) {
    const hashes: Record<string, string> = {};
    const left: string[] = [];
    for (const line of lines(body)) {
      // A backslash in front means that the name has escapes.
      const [, hash, path] = /^\\?([0-9a-f]{64}) [ *](\/.{1,500})$/.exec(line) ?? [];
      if (hash && path) hashes[path] = hash.slice(0, 16);
      else left.push(line);
    }
    if (Object.keys(hashes).length === 0 && left.length > 0)
      throw new ParseError('No line has a hash and a path.');
    return { facts: { configHashes: hashes }, partial: notUnderstood(left) };
  },
};
