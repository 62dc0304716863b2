// Changes of the machine and its network: processors, memory, disks, arrays, mounts, interfaces, addresses, routes.
import type { Facts, Filesystem, MdArray, NetInterface } from '#core/facts.ts';
import { formatBytes } from '#core/format.ts';
import { type Change, difference } from './difference.ts';

const gigabytes = (bytes: number) => `${Math.round(bytes / 1e8) / 10} GB`;

export function hardwareChanges(before: Facts, after: Facts): Change[] {
  const changes: Change[] = [];
  if (before.cpu && after.cpu && before.cpu.count !== after.cpu.count) {
    changes.push({
      kind: 'cpu.changed',
      subject: '',
      text: `The number of processors changed from ${before.cpu.count} to ${after.cpu.count}`,
    });
  }
  // The kernel's own share moves by a few pages from boot to boot.
  const [old, now] = [before.memory?.total ?? 0, after.memory?.total ?? 0];
  if (old > 0 && now > 0 && Math.abs(old - now) > old * 0.02) {
    changes.push({
      kind: 'memory.changed',
      subject: '',
      text: `The memory changed from ${formatBytes(old)} to ${formatBytes(now)}`,
      data: { from: old, to: now },
    });
  }
  const disks = (facts: Facts) => facts.blockDevices?.filter(({ type, size }) => type === 'disk' && size > 0);
  const { added, removed, both } = difference(
    disks(before),
    disks(after),
    ({ name, serial }) => `${name} ${serial ?? ''}`,
  );
  for (const { name, size, model } of added)
    changes.push({
      kind: 'disk.added',
      subject: name,
      text: `The disk ${name} (${model ? `${model}, ` : ''}${gigabytes(size)}) was added`,
    });
  for (const { name, size } of removed)
    changes.push({
      kind: 'disk.removed',
      subject: name,
      text: `The disk ${name} (${gigabytes(size)}) is gone`,
    });
  for (const [was, is] of both) {
    if (was.size !== is.size)
      changes.push({
        kind: 'disk.resized',
        subject: is.name,
        text: `The disk ${is.name} changed from ${gigabytes(was.size)} to ${gigabytes(is.size)}`,
      });
  }
  for (const [was, is] of difference(before.md, after.md, ({ name }) => name).both)
    changes.push(...arrayChange(was, is));
  return [...changes, ...mountChanges(before.filesystems, after.filesystems)];
}

function arrayChange(old: MdArray, now: MdArray): Change[] {
  const { name: subject } = now;
  const changes: Change[] = difference(old.failed, now.failed, (member) => member).added.map((member) => ({
    kind: 'raid.member_failed',
    subject,
    text: `${member} failed in the array ${subject}`,
  }));
  const [was, is] = [old.slots - old.active, now.slots - now.active];
  if (is > was)
    changes.push({
      kind: 'raid.degraded',
      subject,
      text: `The array ${subject} runs with ${now.active} of ${now.slots} disks`,
    });
  if (is < was)
    changes.push({
      kind: 'raid.recovered',
      subject,
      text: `The array ${subject} runs with ${now.active} of ${now.slots} disks again`,
    });
  if (old.action !== now.action) {
    changes.push(
      now.action === undefined
        ? { kind: 'raid.action_ended', subject, text: `The ${old.action} of ${subject} ended` }
        : { kind: 'raid.action_started', subject, text: `A ${now.action} of ${subject} started` },
    );
  }
  return changes;
}

function mountChanges(before: Filesystem[] | undefined, after: Filesystem[] | undefined): Change[] {
  const { added, removed, both } = difference(before, after, ({ mount }) => mount);
  return [
    ...added.map(({ mount, source }) => ({
      kind: 'filesystem.mounted',
      subject: mount,
      text: `${source} was mounted on ${mount}`,
    })),
    ...removed.map(({ mount, source }) => ({
      kind: 'filesystem.unmounted',
      subject: mount,
      text: `${mount} (${source}) is no longer mounted`,
    })),
    ...both.flatMap(([old, now]): Change[] => {
      const { mount: subject } = now;
      if (old.readOnly !== now.readOnly) {
        return [
          {
            kind: now.readOnly ? 'filesystem.readonly' : 'filesystem.writable',
            subject,
            text: `${subject} is ${now.readOnly ? 'read-only' : 'writable'} now`,
          },
        ];
      }
      if (
        old.size > 0 &&
        now.size > 0 &&
        Math.abs(old.size - now.size) > old.size * 0.02 &&
        now.type !== 'tmpfs' &&
        now.type !== 'zfs'
      ) {
        return [
          {
            kind: 'filesystem.resized',
            subject,
            text: `${subject} changed from ${gigabytes(old.size)} to ${gigabytes(now.size)}`,
          },
        ];
      }
      return [];
    }),
  ];
}

export function networkChanges(before: Facts, after: Facts): Change[] {
  // Ends of container links come and go with every container.
  const lasting = (facts: Facts) =>
    facts.interfaces?.filter(({ name }) => !/^(veth|cali|lxc|tap|vnet)/.test(name));
  const { added, removed, both } = difference(lasting(before), lasting(after), ({ name }) => name);
  const changes: Change[] = [
    ...added.map(({ name }) => ({
      kind: 'interface.added',
      subject: name,
      text: `The interface ${name} was added`,
    })),
    ...removed.map(({ name }) => ({
      kind: 'interface.removed',
      subject: name,
      text: `The interface ${name} is gone`,
    })),
    ...both.flatMap(([old, now]) => interfaceChange(old, now)),
  ];
  const gateways = (facts: Facts) =>
    facts.routes
      ?.filter(({ destination }) => destination === 'default')
      .map(({ family, gateway, device }) => `IPv${family} ${gateway ?? 'none'} on ${device}`);
  const routes = difference(gateways(before), gateways(after), (text) => text);
  for (const route of routes.added)
    changes.push({ kind: 'route.added', subject: 'default', text: `The default route is now ${route}` });
  for (const route of routes.removed)
    changes.push({ kind: 'route.removed', subject: 'default', text: `The default route ${route} is gone` });
  const [old, now] = [before.resolver?.nameservers.join(', '), after.resolver?.nameservers.join(', ')];
  if (old !== undefined && now !== undefined && old !== now) {
    changes.push({
      kind: 'resolver.changed',
      subject: '',
      text: `The name servers changed from ${old || 'none'} to ${now || 'none'}`,
    });
  }
  for (const [was, is] of difference(before.bonds, after.bonds, ({ name }) => name).both) {
    for (const slave of is.slaves) {
      const past = was.slaves.find(({ name }) => name === slave.name);
      if (past && past.up !== slave.up)
        changes.push({
          kind: slave.up ? 'bond.slave_up' : 'bond.slave_down',
          subject: is.name,
          text: `${slave.name} of ${is.name} is ${slave.up ? 'up again' : 'down'}`,
        });
    }
  }
  return changes;
}

function interfaceChange(old: NetInterface, now: NetInterface): Change[] {
  const { name: subject } = now;
  const changes: Change[] = [];
  if (old.up !== now.up)
    changes.push({
      kind: now.up ? 'interface.up' : 'interface.down',
      subject,
      text: `${subject} is ${now.up ? 'up' : 'down'}`,
    });
  if (old.speed !== undefined && now.speed !== undefined && old.speed !== now.speed) {
    changes.push({
      kind: 'interface.speed',
      subject,
      text: `The speed of ${subject} changed from ${old.speed} to ${now.speed} Mbit/s`,
      data: { from: old.speed, to: now.speed },
    });
  }
  if (old.duplex && now.duplex && old.duplex !== now.duplex) {
    changes.push({
      kind: 'interface.duplex',
      subject,
      text: `${subject} changed from ${old.duplex} to ${now.duplex} duplex`,
    });
  }
  // Without a single address the run before or this one did not ask for addresses.
  if (old.addresses.length === 0 || now.addresses.length === 0) return changes;
  // Temporary IPv6 addresses change by design, and those of the link follow the hardware.
  const lasting = ({ addresses }: NetInterface) =>
    addresses
      .filter(({ scope, family }) => scope !== 'link' && !(family === 6 && scope === 'temporary'))
      .map(({ address, prefix }) => `${address}/${prefix}`);
  const { added, removed } = difference(lasting(old), lasting(now), (address) => address);
  for (const address of added)
    changes.push({ kind: 'interface.address_added', subject, text: `${subject} got the address ${address}` });
  for (const address of removed)
    changes.push({
      kind: 'interface.address_removed',
      subject,
      text: `${subject} lost the address ${address}`,
    });
  return changes;
}
