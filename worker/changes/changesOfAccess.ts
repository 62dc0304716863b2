// Changes of who can reach the server and what they may do: ports, accounts, rights, keys, sshd, firewall.
import type { Facts, Listener } from '#core/facts.ts';
import { firstEphemeralPort } from '#worker/picture/residents.ts';
import { type Change, difference } from './difference.ts';

const where = (address: string) =>
  ({
    '0.0.0.0': 'all IPv4 addresses',
    '::': 'all addresses',
    '127.0.0.1': 'this machine only',
    '::1': 'this machine only',
  })[address] ?? address;

export function listenerChanges(before: Facts, after: Facts): Change[] {
  const key = ({ protocol, address, port }: Listener) => `${protocol} ${address} ${port}`;
  // Ports that the kernel lends to whoever sends a datagram come and go with every look-up of a name.
  const steady = (list: Listener[] | undefined) =>
    list?.filter(
      ({ protocol, port, process }) =>
        protocol === 'tcp' || port < firstEphemeralPort || process !== undefined,
    );
  const { added, removed } = difference(steady(before.listeners), steady(after.listeners), key);
  const say = (one: Listener, what: string) => {
    const port = `${one.protocol.toUpperCase()} port ${one.port}`;
    return `${one.process ?? 'A program'} ${what} on ${port} (${where(one.address)})`;
  };
  const data = ({ protocol, address, port, process }: Listener) => ({
    protocol,
    address,
    port,
    ...(process ? { process } : {}),
  });
  return [
    ...added.map((one) => ({
      kind: 'listener.opened',
      subject: key(one),
      text: say(one, 'now listens'),
      data: data(one),
    })),
    ...removed.map((one) => ({
      kind: 'listener.closed',
      subject: key(one),
      text: say(one, 'no longer listens'),
      data: data(one),
    })),
  ];
}

export function accessChanges(before: Facts, after: Facts): Change[] {
  return [
    ...userChanges(before, after),
    ...adminChanges(before, after),
    ...sshdChanges(before.sshd, after.sshd),
    ...firewallChanges(before.firewall, after.firewall),
    ...setuidChanges(before.setuid, after.setuid),
  ];
}

function userChanges(before: Facts, after: Facts): Change[] {
  const { added, removed, both } = difference(before.users, after.users, ({ name }) => name);
  const changes: Change[] = [
    ...added.map(({ name, uid }) => ({
      kind: 'user.added',
      subject: name,
      text: `The account ${name} (uid ${uid}) was added`,
    })),
    ...removed.map(({ name }) => ({
      kind: 'user.removed',
      subject: name,
      text: `The account ${name} was removed`,
    })),
  ];
  for (const [old, now] of both) {
    const { name } = now;
    for (const field of ['uid', 'shell', 'home'] as const) {
      if (old[field] === now[field]) continue;
      changes.push({
        kind: 'user.changed',
        subject: name,
        text: `The ${field} of ${name} changed from ${old[field]} to ${now[field]}`,
      });
    }
    if (!old.emptyPassword && now.emptyPassword) {
      changes.push({ kind: 'user.changed', subject: name, text: `The account ${name} now has no password` });
    }
  }
  return changes;
}

function adminChanges(before: Facts, after: Facts): Change[] {
  const admins = difference(before.admins, after.admins, ({ name, via }) => `${name} ${via}`);
  const rules = difference(before.sudoers, after.sudoers, (rule) => rule);
  const keys = difference(before.authorizedKeys, after.authorizedKeys, ({ user, hash }) => `${user} ${hash}`);
  return [
    ...admins.added.map(({ name, via }) => ({
      kind: 'admin.added',
      subject: name,
      text: `${name} may now act as root (${via})`,
    })),
    ...admins.removed.map(({ name, via }) => ({
      kind: 'admin.removed',
      subject: name,
      text: `${name} may no longer act as root (${via})`,
    })),
    ...rules.added.map((rule) => ({
      kind: 'sudoers.added',
      subject: rule.split(' ')[0]!,
      text: `New sudo rule: ${rule}`,
    })),
    ...rules.removed.map((rule) => ({
      kind: 'sudoers.removed',
      subject: rule.split(' ')[0]!,
      text: `A sudo rule is gone: ${rule}`,
    })),
    ...keys.added.map(({ user, hash, type }) => ({
      kind: 'key.added',
      subject: user,
      text: `A new key may log in as ${user}: ${type ? `${type} ` : ''}${hash}`,
      data: { hash },
    })),
    ...keys.removed.map(({ user, hash }) => ({
      kind: 'key.removed',
      subject: user,
      text: `A key may no longer log in as ${user}: ${hash}`,
      data: { hash },
    })),
  ];
}

function sshdChanges(before: Facts['sshd'], after: Facts['sshd']): Change[] {
  if (!before || !after) return [];
  return Object.keys({ ...before, ...after }).flatMap((name) => {
    const [from, to] = [before[name], after[name]];
    if (from === to) return [];
    return [
      {
        kind: 'sshd.changed',
        subject: name,
        text: `sshd: ${name} changed from ${from ?? 'not set'} to ${to ?? 'not set'}`,
        data: { from: from ?? '', to: to ?? '' },
      },
    ];
  });
}

function firewallChanges(before: Facts['firewall'], after: Facts['firewall']): Change[] {
  if (!before || !after || before.rules > 0 === after.rules > 0) return [];
  return after.rules > 0
    ? [{ kind: 'firewall.on', subject: after.tool, text: `The firewall has rules now (${after.tool})` }]
    : [{ kind: 'firewall.off', subject: before.tool, text: 'The firewall has no rules any more' }];
}

function setuidChanges(before: Facts['setuid'], after: Facts['setuid']): Change[] {
  if (!before || !after || before.hash === after.hash) return [];
  const { added, removed } = difference(before.files, after.files, (path) => path);
  if (added.length + removed.length === 0) {
    return [
      {
        kind: 'setuid.changed',
        subject: '',
        text: `The programs that run as root changed: ${before.count} before, ${after.count} now`,
      },
    ];
  }
  return [
    ...added.map((path) => ({
      kind: 'setuid.added',
      subject: path,
      text: `${path} now runs with the rights of its owner`,
    })),
    ...removed.map((path) => ({
      kind: 'setuid.removed',
      subject: path,
      text: `${path} no longer runs with the rights of its owner`,
    })),
  ];
}
