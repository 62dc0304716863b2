// Keys that may log in: user, fingerprint and kind of each line of authorized_keys.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { lines, notUnderstood } from './lines.ts';
import { sectionOf } from './lookup.ts';

/** `/home/alice/.ssh/authorized_keys:SHA256:… (ED25519)`; MD5 with colons is what ssh-keygen before 6.8 prints. */
const row =
  /^\/{0,2}(\/.{1,300}?):(SHA256:[\w+/=]{20,60}|(?:MD5:)?(?:[0-9a-f]{2}:){15}[0-9a-f]{2}) ?\(?([\w-]{0,30})\)?/;

export const authorizedKeys: Collector = {
  section: /^ssh-keygen /,
  with: ['cat /etc/passwd'],
  anyExit: true,
  parse(_section, report) {
    const found: NonNullable<Facts['authorizedKeys']> = [];
    const left: string[] = [];
    const homes = new Map(
      lines(sectionOf(report, 'cat /etc/passwd')?.body ?? '').map((line) => {
        const fields = line.split(':');
        return [fields[5] ?? '', fields[0] ?? ''];
      }),
    );
    const rows = lines(sectionOf(report, /^ssh-keygen /)?.body ?? '');
    for (const line of rows) {
      const [, path, hash, type] = row.exec(line) ?? [];
      if (!path || !hash) {
        left.push(line);
        continue;
      }
      const home = path.replace(/^\/(?=\/)/, '').replace(/\/\.ssh\/.*$/, '');
      // Without the accounts, the folder has the name of its owner.
      const user = homes.get(home) ?? home.slice(home.lastIndexOf('/') + 1);
      found.push({ user, hash, ...(type ? { type } : {}) });
    }
    if (found.length === 0 && left.length > 0) throw new ParseError('No line has a file and a fingerprint.');
    if (sectionOf(report, /^ssh-keygen /) === undefined) return {};
    return { facts: { authorizedKeys: found.slice(0, 2000) }, partial: notUnderstood(left) };
  },
};
