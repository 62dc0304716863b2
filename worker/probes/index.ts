// The outside view: probes, one file a kind, and the one way to run them.
import { probeTarget } from '#core/probeTarget.ts';
import { probeSettings, type ProbeKind, type ProbeResult, type ProbeSettings } from '#core/probes.ts';
import { conduct, ProbeFailure } from './attempt.ts';
import { dnsProbe } from './dns.ts';
import { domainProbe } from './domain.ts';
import { exposedProbe } from './exposed.ts';
import { heartbeatProbe } from './heartbeat.ts';
import { httpProbe } from './http.ts';
import { pingProbe } from './ping.ts';
import { portProbe } from './port.ts';
import { portsProbe } from './ports.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { tlsProbe } from './tls.ts';

export const probes = {
  ping: pingProbe,
  port: portProbe,
  ports: portsProbe,
  tls: tlsProbe,
  dns: dnsProbe,
  domain: domainProbe,
  http: httpProbe,
  exposed: exposedProbe,
  heartbeat: heartbeatProbe,
} satisfies { [K in ProbeKind]: Probe<K> };

/** A probe that ignores its signal is given up this long after its time. */
const graceMs = 1000;

/**
 * Checks the settings, runs the probe within its time limit, and never throws: wrong settings and faults of the probe
 * come back as `prober-error`. `rawSettings` is what the database or the command line holds.
 */
export async function runProbe(
  kind: ProbeKind,
  rawSettings: unknown,
  context: ProbeContext,
): Promise<ProbeResult> {
  const parsed = probeSettings[kind].safeParse(rawSettings);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || kind}: ${issue.message}`);
    return failed(kind, kind, `The settings cannot be used: ${problems.join('; ')}`);
  }
  // The table pairs each kind with its probe, which TypeScript cannot follow through a variable key.
  const probe = probes[kind] as unknown as Probe<ProbeKind>;
  const settings = parsed.data as ProbeSettings;
  const controller = new AbortController();
  const limit = limitOf(settings);
  const release = followSignal(context.signal, controller);
  let timer: NodeJS.Timeout | undefined;
  try {
    const hung = new Promise<ProbeResult>((resolve) => {
      const giveUp = (): void =>
        resolve(failed(kind, probeTarget(kind, settings), `The probe did not end after ${limit} ms`));
      timer = setTimeout(() => {
        controller.abort(new DOMException('out of time', 'TimeoutError'));
        timer = setTimeout(giveUp, graceMs);
      }, limit);
    });
    return await Promise.race([probe.run(settings, { ...context, signal: controller.signal }), hung]);
  } catch (error) {
    return await failed(kind, kind, `The probe itself failed: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
    release();
  }
}

const followers = new WeakMap<AbortSignal, Set<AbortController>>();

/**
 * Aborts the controller when the signal fires. Thousands of probes share one signal, so it gets one listener in all: the list of
 * listeners of an AbortSignal is searched from its start each time.
 */
function followSignal(signal: AbortSignal, controller: AbortController): () => void {
  if (signal.aborted) {
    controller.abort(signal.reason);
    return () => undefined;
  }
  let all = followers.get(signal);
  if (all === undefined) {
    const fresh = new Set<AbortController>();
    followers.set(signal, fresh);
    signal.addEventListener('abort', () => fresh.forEach((follower) => follower.abort(signal.reason)), {
      once: true,
    });
    all = fresh;
  }
  const set = all;
  set.add(controller);
  return () => void set.delete(controller);
}

/** Milliseconds for the whole probe. */
function limitOf(settings: ProbeSettings): number {
  if ('totalTimeoutMs' in settings) return settings.totalTimeoutMs;
  return 'timeoutMs' in settings ? settings.timeoutMs : 1000;
}

function failed(kind: ProbeKind, target: string, summary: string): Promise<ProbeResult> {
  return conduct(kind, target, () => Promise.reject(new ProbeFailure('prober-error', summary)));
}
