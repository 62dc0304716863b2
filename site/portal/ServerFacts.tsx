// What a server is: the facts of its last report.
import { formatBytes, formatCount, formatDuration, formatPercent } from '#core/format.ts';
import type { Facts } from '#core/facts.ts';
import type { ReactNode } from 'react';
import { Age } from './Age.tsx';
import { Meter } from './Meter.tsx';
import { useClock } from './Now.tsx';

interface Props {
  hostname: string;
  facts: Facts;
  samples: { metric: string; subject: string; value: number }[];
}

export function Identity({ hostname, facts, samples }: Props) {
  const { now } = useClock();
  const { os, kernel, cpu, memory, boot, host, clock, packages } = facts;
  const value = (metric: string) => samples.find((one) => one.metric === metric && one.subject === '')?.value;
  const loads = ['cpu.load1', 'cpu.load5', 'cpu.load15'].map(value).filter((load) => load !== undefined);
  const available = value('mem.available');
  const busy = value('cpu.busy');
  return (
    <dl className="identity">
      <Row name="Hostname" fact="hostname">
        {host?.hostname ?? hostname}
      </Row>
      <Row name="System" fact="os">
        {os?.name}
      </Row>
      <Row name="Kernel" fact="kernel">
        {kernel && `${kernel.release}${kernel.architecture ? ` (${kernel.architecture})` : ''}`}
      </Row>
      <Row name="CPU" fact="cpu">
        {cpu && `${cpu.count} × ${cpu.model}`}
        {busy !== undefined && <small> {formatPercent(busy)} busy</small>}
      </Row>
      <Row name="Load" fact="load">
        {loads.length
          ? loads.map((load) => formatCount(Math.round(load * 100) / 100)).join(' · ')
          : undefined}
        {loads.length > 0 && <small> over 1, 5 and 15 min</small>}
      </Row>
      <Row name="Memory" fact="memory">
        {memory && formatBytes(memory.total)}
        {available !== undefined && <small> {formatBytes(available)} available</small>}
      </Row>
      <Row name="Swap">{memory && (memory.swapTotal ? formatBytes(memory.swapTotal) : 'none')}</Row>
      <Row name="Up">{boot && formatDuration(Math.max(0, now - boot.at))}</Row>
      <Row name="Machine">
        {host?.virtualization && host.virtualization !== 'none' ? host.virtualization : host?.product}
      </Row>
      <Row name="Clock">
        {clock?.synchronized === undefined
          ? undefined
          : clock.synchronized
            ? `synchronized${clock.service ? ` by ${clock.service}` : ''}`
            : 'not synchronized'}
      </Row>
      <Row name="Updates">
        {packages?.pending !== undefined &&
          `${packages.pending} pending, ${packages.security ?? 0} for security`}
        {packages?.rebootRequired && <small> reboot required</small>}
      </Row>
    </dl>
  );
}

function Row({ name, fact, children }: { name: string; fact?: string; children: ReactNode }) {
  const known = Array.isArray(children) ? children.some(Boolean) : Boolean(children);
  return (
    <div>
      <dt>{name}</dt>
      <dd data-fact={fact}>{known ? children : <span className="muted">not reported</span>}</dd>
    </div>
  );
}

export function Disks({ facts }: { facts: Facts }) {
  const filesystems = (facts.filesystems ?? [])
    .filter(({ size }) => size > 0)
    .toSorted((a, b) => b.used / b.size - a.used / a.size);
  if (!filesystems.length) return <Missing what="filesystem" fact="disks" />;
  return (
    <ul className="disks" data-fact="disks">
      {filesystems.map((one) => {
        const usable = one.used + one.available;
        return (
          <li key={`${one.source} ${one.mount}`}>
            <Meter label={one.mount} percent={usable ? (100 * one.used) / usable : null} />
            <small>
              {formatBytes(one.available)} of {formatBytes(one.size)} available · {one.type} on {one.source}
              {one.readOnly && ' · read-only'}
              {one.inodes && one.inodesFree !== undefined
                ? ` · ${formatPercent(100 - (100 * one.inodesFree) / one.inodes)} of inodes used`
                : ''}
            </small>
          </li>
        );
      })}
    </ul>
  );
}

export function Interfaces({ facts }: { facts: Facts }) {
  if (!facts.interfaces?.length) return <Missing what="interface" fact="interfaces" />;
  return (
    <table data-fact="interfaces">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Link</th>
          <th scope="col">Addresses</th>
        </tr>
      </thead>
      <tbody>
        {facts.interfaces.map((one) => (
          <tr key={one.name}>
            <th scope="row">{one.name}</th>
            <td>
              {one.up ? 'up' : 'down'}
              {one.speed && one.speed > 0 ? `, ${formatCount(one.speed)} Mbit/s` : ''}
              <small> {one.kind}</small>
            </td>
            <td>
              {one.addresses.map(({ address, prefix }) => (
                <code key={address}>
                  {address}/{prefix}
                </code>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The same port and process on several addresses is one line. */
export function Ports({ facts }: { facts: Facts }) {
  if (!facts.listeners?.length) return <Missing what="listening port" fact="ports" />;
  const lines = Map.groupBy(
    facts.listeners,
    ({ protocol, port, process }) => `${String(port).padStart(5)} ${protocol} ${process ?? ''}`,
  );
  return (
    <table data-fact="ports">
      <thead>
        <tr>
          <th scope="col">Port</th>
          <th scope="col">Process</th>
          <th scope="col">Reachable at</th>
        </tr>
      </thead>
      <tbody>
        {[...lines]
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([key, group]) => {
            const [{ port, protocol, process }] = group as [(typeof group)[number]];
            return (
              <tr key={key}>
                <th scope="row">
                  {port}
                  <small>/{protocol}</small>
                </th>
                <td>{process ?? <span className="muted">unknown</span>}</td>
                <td>{placesOf(group.map(({ address }) => address))}</td>
              </tr>
            );
          })}
      </tbody>
    </table>
  );
}

function placesOf(addresses: string[]): string {
  const places = new Set(addresses.map(placeOf));
  if (places.has(everywhere)) return everywhere;
  return [...places].join(', ');
}

const everywhere = 'every address';

function placeOf(address: string): string {
  if (address === '0.0.0.0') return 'every IPv4 address';
  if (address === '::' || address === '*') return everywhere;
  if (address.startsWith('127.') || address === '::1') return 'this machine only';
  return address;
}

export function Services({ facts }: { facts: Facts }) {
  const units = facts.units ?? [];
  const failed = units.filter(({ active }) => active === 'failed');
  if (!units.length) return <Missing what="unit" fact="units" />;
  return (
    <div data-fact="units">
      <p>
        {failed.length ? `${failed.length} of ${units.length} failed:` : `None of ${units.length} failed.`}
      </p>
      {failed.length > 0 && (
        <ul className="plain">
          {failed.map((unit) => (
            <li key={unit.name}>
              <b>{unit.name}</b> {unit.result ?? unit.sub}
              {unit.restarts ? `, restarted ${unit.restarts} times` : ''}
              {unit.changedAt ? (
                <small>
                  {' '}
                  <Age at={unit.changedAt} />
                </small>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Processes({ facts }: { facts: Facts }) {
  const groups = (facts.processGroups ?? [])
    .toSorted((a, b) => (b.cpuPercent ?? 0) - (a.cpuPercent ?? 0) || b.rss - a.rss)
    .slice(0, 8);
  if (!groups.length) return <Missing what="process" fact="processes" />;
  return (
    <table data-fact="processes">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Count</th>
          <th scope="col">CPU</th>
          <th scope="col">Memory</th>
          <th scope="col">User</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.name}>
            <th scope="row">{group.name}</th>
            <td className="number">{group.count}</td>
            <td className="number">
              {group.cpuPercent === undefined ? '–' : formatPercent(group.cpuPercent)}
            </td>
            <td className="number">{formatBytes(group.rss)}</td>
            <td>{group.users.slice(0, 3).join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function People({ facts }: { facts: Facts }) {
  const humans = (facts.users ?? []).filter(
    ({ uid, shell }) => (uid === 0 || uid >= 1000) && !/nologin|false$/.test(shell),
  );
  if (!facts.users?.length) return <Missing what="user" fact="users" />;
  const admins = new Set(facts.admins?.map(({ name }) => name));
  return (
    <ul className="plain" data-fact="users">
      {humans.map((user) => (
        <li key={user.name}>
          <b>{user.name}</b> <small>{user.shell}</small>
          {(user.uid === 0 || admins.has(user.name)) && <small className="tag">may do everything</small>}
          {user.emptyPassword && <small className="tag">has an empty password</small>}
        </li>
      ))}
    </ul>
  );
}

/** What the agent could not read, and why. */
export function Unread({ facts }: { facts: Facts }) {
  const missing = facts.agent?.missing ?? [];
  if (!missing.length) return null;
  return (
    <details>
      <summary>What the agent could not read ({missing.length})</summary>
      <ul className="plain">
        {missing.map(({ section, reason }) => (
          <li key={section}>
            <code>{section}</code> <small>{reason}</small>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Missing({ what, fact }: { what: string; fact: string }) {
  return (
    <p className="muted" data-fact={fact}>
      No {what} was reported.
    </p>
  );
}
