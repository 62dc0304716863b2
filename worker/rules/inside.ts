// What the inside says about an address that does not answer from outside: bound to loopback only, alive behind a firewall, or not there.
import type { Evidence } from '#core/diagnosis.ts';
import { evidence } from './finding.ts';
import { portOf } from './outside.ts';
import type { MonitorState, Picture } from './rule.ts';

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
  if (mine.length === 0)
    return { text: `Inside, nobody listens on port ${port}.`, evidence: shown('nobody listens') };
  const open = mine.filter((l) => !loopback.test(l.address));
  if (open.length === 0) {
    const where = [...new Set(mine.map((l) => `${l.address}:${port}`))].join(', ');
    return {
      text: `Inside, ${who} runs and listens on ${where} only: nobody from outside can reach it there.`,
      evidence: shown(where),
    };
  }
  const where = `${open[0]!.address}:${port}`;
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
