// A port scan: which TCP ports are open from here, against which should be. The finding is the difference.
import type { ProbeSettings } from '#core/probes.ts';
import { probeTarget } from '#core/probeTarget.ts';
import { type Attempt, conduct, ProbeFailure, type Verdict } from './attempt.ts';
import { parsePorts, writePorts } from '#core/portRange.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { resolveHost } from './resolve.ts';
import { type Scan, scanPorts } from './scan.ts';

type Settings = ProbeSettings<'ports'>;

export const portsProbe: Probe<'ports'> = {
  kind: 'ports',
  run: (settings, context) =>
    conduct('ports', probeTarget('ports', settings), (attempt) => look(settings, attempt, context)),
};

async function look(settings: Settings, attempt: Attempt, context: ProbeContext): Promise<Verdict> {
  const range = parsePorts(settings.range);
  if ('problem' in range) throw new ProbeFailure('prober-error', range.problem);
  const { expectedOpen } = settings;
  const ports = [...new Set([...range.ports, ...expectedOpen])];
  const [address = ''] = await resolveHost(settings.host, settings, attempt, context);
  attempt.details.address = address;
  attempt.note(`> connect to ${ports.length} ports of ${address}, ${settings.rate} a second`);
  const options = { rate: settings.rate, timeoutMs: settings.timeoutMs, signal: context.signal };
  const since = performance.now();
  const scan = await scanPorts(address, ports, options);
  await confirm(scan, expectedOpen, address, options);
  attempt.phase('scan', since);
  return judge(settings, address, ports.length, scan, attempt);
}

/** A lost packet must not look like a change: what differs from what is expected is asked once more. */
async function confirm(
  scan: Scan,
  expectedOpen: number[],
  address: string,
  options: Parameters<typeof scanPorts>[2],
): Promise<void> {
  if (scan.unreachable > 0 && scan.open.length + scan.refused === 0) return;
  const open = new Set(scan.open);
  const doubtful = [
    ...expectedOpen.filter((port) => !open.has(port)),
    ...scan.open.filter((port) => !expectedOpen.includes(port)),
  ];
  if (doubtful.length === 0 || options.signal.aborted) return;
  const second = await scanPorts(address, doubtful, options);
  if (second.skipped > 0) return;
  for (const port of doubtful) open.delete(port);
  for (const port of second.open) open.add(port);
  scan.open = [...open].sort((one, other) => one - other);
}

function judge(settings: Settings, address: string, asked: number, scan: Scan, attempt: Attempt): Verdict {
  const { expectedOpen } = settings;
  const opened = scan.open.filter((port) => !expectedOpen.includes(port));
  const closed = expectedOpen.filter((port) => !scan.open.includes(port)).sort((one, other) => one - other);
  const { refused, filtered, unreachable, skipped, open } = scan;
  Object.assign(attempt.details, { asked, open, opened, closed, refused, filtered, unreachable, skipped });
  attempt.note(
    `< open: ${writePorts(open) || 'none'}; ${refused} refused, ${filtered} silent, ${unreachable} without a route`,
  );
  const nobody = open.length === 0 && refused === 0;
  if (nobody && unreachable > 0) {
    return { code: 'connect-unreachable', summary: `${address} cannot be reached: no route to the host` };
  }
  if (skipped > 0 && opened.length === 0) {
    const seconds = Math.round(settings.totalTimeoutMs / 1000);
    return {
      code: 'prober-error',
      summary: `The scan did not end within ${seconds} s: ${skipped} of ${asked} ports were not asked`,
    };
  }
  if (nobody && expectedOpen.length > 0) {
    return {
      code: 'connect-timeout',
      summary: `No port of ${address} answers: filtered, or the host is down`,
    };
  }
  const changes = [
    opened.length > 0 ? `open and not expected: ${writePorts(opened)}` : '',
    closed.length > 0 ? `expected and not open: ${writePorts(closed)}` : '',
  ].filter((part) => part !== '');
  if (changes.length > 0)
    return { code: 'ports-changed', summary: `Of ${asked} ports, ${changes.join('; ')}` };
  return {
    code: 'ok',
    summary: `${open.length} of ${asked} ports are open, as expected${open.length > 0 ? `: ${writePorts(open)}` : ''}`,
  };
}
