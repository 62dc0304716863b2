// Accounts, and who may become root: /etc/passwd, /etc/group, sudoers.
import type { Facts } from '#core/facts.ts';
import { type Collector, ParseError } from './collector.ts';
import { columns, lines, notUnderstood } from './lines.ts';
import { sectionOf } from './lookup.ts';

type User = NonNullable<Facts['users']>[number];

export const accounts: Collector = {
  section: 'cat /etc/passwd',
  with: ['cat /etc/group'],
  // Only root may see who has an empty password.
  anyExit: true,
  parse(_section, report) {
    const body = sectionOf(report, 'cat /etc/passwd')?.body ?? '';
    if (body.trim() === '') return {};
    const users: User[] = [];
    const left: string[] = [];
    const groups: string[] = lines(sectionOf(report, 'cat /etc/group')?.body ?? '');
    for (const row of lines(body)) {
      // One section may hold both tables: an account has seven fields, a group four.
      // The second field is empty when the account has no password at all; the agent shows no hash.
      const [name = '', password, uid, gid, , home, shell] = row.split(':');
      if (home !== undefined && name !== '' && /^\d{1,10}$/.test(uid ?? '')) {
        users.push({
          name,
          uid: Number(uid),
          gid: Number(gid) || 0,
          home,
          shell: shell ?? '',
          ...(password === '' ? { emptyPassword: true } : {}),
        });
      } else if (home === undefined && /^\d{1,10}$/.test(uid ?? '')) groups.push(row);
      // `+` and `-` at the beginning stand for accounts of a directory (NIS), and have no numbers.
      else if (!/^[+#-]/.test(row)) left.push(row);
    }
    if (users.length === 0) throw new ParseError('No line looks like an account.');
    return {
      facts: { users: users.slice(0, 5000), admins: adminGroups(groups, users) },
      partial: notUnderstood(left),
    };
  },
};

/** Groups whose members may do anything, as distributions set them up. docker and lxd are root by another way. */
const powerful = /^(root|sudo|wheel|admin|docker|lxd|incus-admin|podman|libvirt)$/;

function adminGroups(rows: string[], users: User[]): NonNullable<Facts['admins']> {
  const admins = users.filter(({ uid }) => uid === 0).map(({ name }) => ({ name, via: 'uid 0' }));
  for (const row of rows) {
    const [group = '', , gid, members = ''] = row.split(':');
    if (!powerful.test(group)) continue;
    const primary = users
      .filter((user) => user.uid !== 0 && String(user.gid) === gid)
      .map(({ name }) => name);
    for (const name of new Set([...members.split(',').filter(Boolean), ...primary])) {
      if (!users.some((user) => user.name === name && user.uid === 0))
        admins.push({ name, via: `group ${group}` });
    }
  }
  return admins;
}

/** Rules of sudoers, with the file in front when there are several. Settings and comments are left out. */
export const sudoers: Collector = {
  section: /^(cat|grep) .*\/etc\/sudoers/,
  parse({ body }) {
    const rules: string[] = [];
    const admins: NonNullable<Facts['admins']> = [];
    const joined = body.replace(/\\\n\s*/g, ' ');
    for (const line of lines(joined)) {
      const text = line.replace(/^\/etc\/[^:]{1,200}:/, '').trim();
      if (text === '' || /^(#|@include|Defaults|Cmnd_Alias|Host_Alias|Runas_Alias)/.test(text)) continue;
      rules.push(text.slice(0, 500));
      const [who = '', rest = ''] = columns(text, 2);
      if (!/^(User_Alias|root$)/.test(who) && /(^|=|\s|\))ALL\s*$/.test(rest) && !who.startsWith('%')) {
        admins.push({ name: who, via: 'sudoers' });
      }
    }
    return { facts: { sudoers: rules.slice(0, 500), ...(admins.length > 0 ? { admins } : {}) } };
  },
};
