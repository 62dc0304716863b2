// What the inside says about an address that does not answer from outside: bound to loopback only, alive behind a firewall, or not there.
import { isIPv6 } from 'node:net';
import type { Evidence } from '#core/diagnosis.ts';
import { formatTime } from '#core/format.ts';
import type { Facts, Listener } from '#core/facts.ts';
import { hostPort } from '#core/probeTarget.ts';
import { evidence } from './finding.ts';
import { portOf } from './monitors.ts';
import type { MonitorState, Picture } from './rule.ts';
import { containerAt } from './sites.ts';

const loopback = /^(127\.|::1$|\[::1\])/;
/** Codes of a connection that did not come about. */
const unconnected = /^connect-(refused|timeout|unreachable|reset)$/;

export interface Inside {
  /** One sentence, for the finding's summary. */
  text: string;
  evidence: Evidence[];
}

/** Undefined when the port is not known, when no report lists sockets, and when the connection came about. */
export function insideOf(picture: Picture, monitor: MonitorState): Inside | undefined {
  const port = portOf(monitor);
  const { listeners, firewall } = picture.facts;
  if (port === undefined || !listeners?.length || !unconnected.test(monitor.code)) return undefined;
  const mine = listeners.filter((l) => l.port === port && l.protocol === 'tcp');
  // A server that is probed over loopback on purpose is no different from outside.
  if (loopback.test(monitor.target.replace(/^[a-z]+:\/\//, ''))) return undefined;
  const who = mine.find((l) => l.process)?.process ?? monitor.about.process ?? 'A program';
  const shown = (text: string) => [
    evidence(`inside, port ${port}`, text, '', 'facts.listeners', 'listens for all'),
  ];
  if (mine.length === 0) return nobodyListens(picture, port, shown('nobody listens'));
  const open = mine.filter((l) => !loopback.test(l.address));
  if (open.length === 0) {
    const where = [...new Set(mine.map((l) => hostPort(l.address, port)))].join(', ');
    return {
      text: `Inside, ${who} runs and listens on ${where} only: nobody from outside can reach it there.`,
      evidence: shown(where),
    };
  }
  const sixth = isIPv6(addressOf(monitor) ?? '');
  const reached = open.filter((l) => takes(l, sixth));
  if (addressOf(monitor) !== undefined && reached.length === 0) {
    const where = [...new Set(open.map((l) => hostPort(l.address, port)))].join(', ');
    return {
      text: `Inside, ${who} runs and listens on ${where} only: nobody listens on an IPv${sixth ? 6 : 4} address.`,
      evidence: shown(where),
    };
  }
  const where = hostPort((reached[0] ?? open[0]!).address, port);
  const startedAt = picture.facts.processGroups?.find(({ name }) => name === who)?.startedAt;
  if (startedAt !== undefined && startedAt > monitor.since)
    return {
      text: `Inside, ${who} was started again at ${formatTime(startedAt)} and listens on ${where}: the next looks will tell.`,
      evidence: shown(where),
    };
  const rules =
    firewall && firewall.rules > 0
      ? [evidence('firewall', `${firewall.tool}, ${firewall.rules} rules`, '', 'facts.firewall.rules')]
      : [];
  const what =
    monitor.code === 'connect-refused'
      ? 'what refuses the connection stands before it: a firewall that rejects, or another machine that answers for the address'
      : 'what drops the packets stands between: a firewall, here or at the provider, or the way there';
  return {
    text: `Inside, ${who} runs and listens on ${where}: ${what}.`,
    evidence: [...shown(where), ...rules],
  };
}

/** A container that publishes the port and does not run is why. */
function nobodyListens(picture: Picture, port: number, shown: Evidence[]): Inside {
  const container = containerAt(picture, port);
  if (!container || container.state === 'running')
    return { text: `Inside, nobody listens on port ${port}.`, evidence: shown };
  const { name, state } = container;
  return {
    text: `Inside, nobody listens on port ${port}: the container ${name}, which publishes it, ${stateOf(container)}.`,
    evidence: [...shown, evidence(`container ${name}`, state, '', 'facts.containers.state', 'running')],
  };
}

/** The address that was asked, where the target is one: `192.0.2.1:443`, `[2001:db8::1]:443`, `https://192.0.2.1/`. */
function addressOf({ target, details }: MonitorState): string | undefined {
  if (typeof details['address'] === 'string') return details['address'];
  const host = /^(?:[a-z]+:\/\/)?(?:\[([0-9a-f:.]+)\]|([\d.]+)(?=[:/]|$)|([0-9a-f]*:[0-9a-f:]+)$)/i.exec(
    target,
  );
  return host?.[1] ?? host?.[2] ?? host?.[3];
}

/** A socket on :: takes IPv4, too, unless it was told not to; nginx tells it. */
function takes({ address, process = '' }: Listener, sixth: boolean): boolean {
  if (address === '*') return true;
  if (sixth) return isIPv6(address);
  return !isIPv6(address) || (address === '::' && !/^(nginx|openresty|angie)/.test(process));
}

function stateOf({ state, exitCode }: NonNullable<Facts['containers']>[number]): string {
  return state === 'exited' && exitCode !== undefined ? `has ended with exit ${exitCode}` : `is ${state}`;
}
