// What one look makes of its monitor.
import type { ProbeResult } from '#core/probes.ts';
import type { Look } from '#worker/schedule/prober.ts';
import { evaluate, type EvaluateOutput, evaluationSchema } from './evaluate.ts';
import { boundedDetails } from './lookEvidence.ts';
import type { MonitorRow } from './monitorRows.ts';
import { essence, isCalm } from './quiet.ts';

/** While nothing changes, the words of a monitor are written anew this often: they hold figures. */
const wordsMs = 10 * 60_000;

/** What a look makes of its monitor; undefined when it makes nothing new of it. */
export function judgeLook(
  monitor: MonitorRow,
  { at, result }: Look,
  region: string,
  heard: { name: string; organizationId: string | null }[],
): EvaluateOutput | undefined {
  if (monitor.state === 'paused' || saysNothing(monitor, result)) return undefined;
  const { ok, degraded, code, summary, details } = result;
  const lookers = new Set(monitor.regions);
  const regions = heard
    .filter((one) => lookers.has(one.name))
    .filter(({ organizationId }) => !organizationId || organizationId === monitor.organizationId)
    .map(({ name }) => name);
  const fresh = at.getTime() - (monitor.writtenAt?.getTime() ?? 0) < wordsMs;
  if (ok && fresh && monitor.state === 'up' && isCalm(monitor.evaluation, region, regions)) return undefined;
  const before = withTimes(monitor, region);
  const output = evaluate({
    state: monitor.state,
    evaluation: before,
    result: {
      region,
      at: at.getTime() / 1000,
      ok,
      code,
      summary,
      details: ok ? {} : boundedDetails(details),
      ...(degraded && { degraded }),
    },
    regions,
    interval: monitor.interval,
  });
  const quiet =
    !output.transition &&
    !output.notes.length &&
    !output.lookAgainSeconds &&
    fresh &&
    essence(output.evaluation) === essence(before);
  return quiet ? undefined : output;
}

/** The stored evaluation with the times of looks that did not touch it. This region's own time stays the one that was evaluated. */
function withTimes(monitor: MonitorRow, region: string): unknown {
  const parsed = evaluationSchema.safeParse(monitor.evaluation);
  if (!parsed.success) return {};
  for (const [name, record] of Object.entries(parsed.data.regions)) {
    if (name !== region) record.at = Math.max(record.at, Number(monitor.heard?.[name] ?? 0));
  }
  return parsed.data;
}

/**
 * Whether a file is exposed or a certificate is good cannot be seen while the server does not answer at all. That is told by the
 * monitors of the port and the page; the state of this one stays what it was.
 */
function saysNothing(monitor: MonitorRow, { ok, code }: ProbeResult): boolean {
  if (ok || monitor.state === 'pending') return false;
  if (monitor.kind === 'exposed') return code !== 'exposed-file';
  if (monitor.kind === 'tls') return code.startsWith('connect-') || code.startsWith('dns-');
  return monitor.kind === 'domain' && code === 'domain-lookup';
}
