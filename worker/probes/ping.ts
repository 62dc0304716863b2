// Echo requests: loss, round-trip times, jitter. Probes that start together share one fping process.
import type { ProbeSettings } from '#core/probes.ts';
import { probeTarget } from '#core/probeTarget.ts';
import { type Attempt, conduct, ProbeFailure, round, type Verdict, within } from './attempt.ts';
import { type Echo, pingMany } from './icmp.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { resolveHost } from './resolve.ts';

type Settings = ProbeSettings<'ping'>;

const periodMs = 200;
const longestWaitMs = 2000;

export const pingProbe: Probe<'ping'> = {
  kind: 'ping',
  run: (settings, context) =>
    conduct('ping', probeTarget('ping', settings), async (attempt) => {
      const addresses = await resolveHost(settings.host, settings, attempt, context);
      return look(settings, addresses[0] as string, attempt, context);
    }),
};

async function look(
  settings: Settings,
  address: string,
  attempt: Attempt,
  context: ProbeContext,
): Promise<Verdict> {
  const { count, timeoutMs } = settings;
  const waitMs = Math.max(50, Math.min(longestWaitMs, timeoutMs - (count - 1) * periodMs - 100));
  attempt.details.address = address;
  attempt.note(`> ${count} echo requests to ${address}, ${periodMs} ms apart`);
  const late = 'The echo requests did not finish in time';
  const echo = await within<Echo>(context.signal, 'ping-timeout', late, (done, fail) => {
    enqueue(address, count, waitMs, done, fail);
    return undefined;
  });
  if ('failure' in echo) throw echo.failure;
  return judge(settings, address, echo.times, attempt);
}

function judge(settings: Settings, address: string, times: (number | null)[], attempt: Attempt): Verdict {
  const replies = times.filter((time) => time !== null);
  const loss = round(((times.length - replies.length) / times.length) * 100);
  attempt.note(`< ${times.map((time) => (time === null ? 'lost' : `${time} ms`)).join(', ')}`);
  Object.assign(attempt.details, { sent: times.length, received: replies.length, lossPercent: loss });
  if (replies.length === 0) {
    return { code: 'ping-timeout', summary: `No reply from ${address} to ${times.length} echo requests` };
  }
  const mean = round(replies.reduce((sum, time) => sum + time, 0) / replies.length);
  const jitter = jitterOf(replies);
  Object.assign(attempt.details, {
    minMs: Math.min(...replies),
    meanMs: mean,
    maxMs: Math.max(...replies),
    jitterMs: jitter,
  });
  attempt.phases.push({ name: 'echo', ms: mean });
  if (loss > settings.maxLossPercent) {
    const counts = `${times.length - replies.length} of ${times.length}`;
    return { code: 'ping-loss', summary: `${counts} echo requests were lost (${loss} %)`, ms: mean };
  }
  if (settings.maxMs !== undefined && mean > settings.maxMs) {
    return {
      code: 'ping-slow',
      summary: `Replies took ${mean} ms on average, more than ${settings.maxMs} ms`,
      ms: mean,
    };
  }
  return { code: 'ok', summary: `${mean} ms on average, ${loss} % lost, jitter ${jitter} ms`, ms: mean };
}

/** Mean difference between one reply and the next. */
function jitterOf(replies: number[]): number {
  if (replies.length < 2) return 0;
  let sum = 0;
  for (let index = 1; index < replies.length; index += 1) {
    sum += Math.abs((replies[index] as number) - (replies[index - 1] as number));
  }
  return round(sum / (replies.length - 1));
}

interface Waiting {
  address: string;
  done: (echo: Echo) => void;
  fail: (error: Error) => void;
}

/** Requests that come within this time go into one process. */
const gatherMs = 10;
const mostInOne = 1000;
const batches = new Map<string, Waiting[]>();

function enqueue(
  address: string,
  count: number,
  waitMs: number,
  done: Waiting['done'],
  fail: Waiting['fail'],
): void {
  const key = `${count} ${waitMs}`;
  const send = (): void => {
    const batch = batches.get(key) ?? [];
    batches.delete(key);
    void flush(batch, count, waitMs);
  };
  let batch = batches.get(key);
  if (!batch) {
    batch = [];
    batches.set(key, batch);
    setTimeout(() => (batches.get(key) === batch ? send() : undefined), gatherMs);
  }
  batch.push({ address, done, fail });
  if (batch.length >= mostInOne) send();
}

async function flush(batch: Waiting[], count: number, waitMs: number): Promise<void> {
  // One request a ms to any host, so a full batch needs a second a round; then the wait, then room for the start.
  const limit = AbortSignal.timeout(count * Math.max(periodMs, batch.length * 2) + waitMs + 2000);
  try {
    const addresses = batch.map((waiting) => waiting.address);
    const found = await pingMany(addresses, { count, periodMs, waitMs, signal: limit });
    for (const { address, done, fail } of batch) {
      const echo = found.get(address);
      if (echo) done(echo);
      else fail(new ProbeFailure('prober-error', `No word about ${address}`));
    }
  } catch (error) {
    for (const { fail } of batch) fail(error as Error);
  }
}
