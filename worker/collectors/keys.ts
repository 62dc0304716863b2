// Keys that may log in: user, fingerprint and kind of each line of authorized_keys.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines, notUnderstood } from './lines.ts';

export const authorizedKeys: Collector = {
  section: /^ssh-keygen /,
  anyExit: true,
  parse({ body }) {
    const found: NonNullable<Facts['authorizedKeys']> = [];
    const left: string[] = [];
    for (const line of lines(body)) {
      const [user, hash, type] = columns(line);
      // MD5 with colons is what ssh-keygen before 6.8 prints.
      if (!user || !/^(SHA256:[\w+/=]{20,60}|(MD5:)?([0-9a-f]{2}:){15}[0-9a-f]{2})$/.test(hash ?? ''))
        left.push(line);
      else found.push({ user, hash: hash!, ...(type ? { type: type.replace(/^\((.*)\)$/, '$1') } : {}) });
    }
    if (found.length === 0 && left.length > 0) throw new ParseError('No line has a user and a fingerprint.');
    return { facts: { authorizedKeys: found.slice(0, 2000) }, partial: notUnderstood(left) };
  },
};
