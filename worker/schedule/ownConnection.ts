// Whether the place that probes is itself online. A failed look counts only when something else answered: without that proof, the fault may
// lie here. Being offline is a state of the region; it ends when the proof succeeded twice in a row.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ProbeCode } from '#core/probes.ts';
import { askDns } from '#worker/probes/dnsClient.ts';
import { splitHostPort } from '#worker/probes/hostPort.ts';
import { runProbe } from '#worker/probes/index.ts';

/** A proof, or its failure, holds for so long. */
const freshMs = 5000;
/** Time for a control target to answer. */
const patienceMs = 3000;
/** Proofs in a row that end being offline. */
const confirmations = 2;

/** Codes that a broken way on our side would bring about, too. With any other the target itself has answered. */
const needProof: ReadonlySet<ProbeCode> = new Set<ProbeCode>([
  'dns-nxdomain',
  'dns-nodata',
  'dns-servfail',
  'dns-refused',
  'dns-timeout',
  'connect-refused',
  'connect-timeout',
  'connect-unreachable',
  'connect-reset',
  'answer-timeout',
  'ping-loss',
  'ping-timeout',
  'ping-slow',
  'http-slow',
  'http-timeout',
  'tls-timeout',
  'domain-lookup',
]);

export interface OwnConnection {
  /** Whether this failure says something about the target, as far as can be told from here. */
  believes(code: ProbeCode): Promise<boolean>;
  /** Another machine answered. */
  reached(): void;
  readonly online: boolean;
}

export interface ConnectionOptions {
  /** `host:port` (TCP connect) or a URL (any answer); one that answers is enough. `['none']`: always believed. */
  controls: readonly string[];
  /** Instead of /etc/resolv.conf, for the default. */
  nameServers?: readonly string[];
  onChange?(online: boolean): void;
}

/**
 * Without controls, the name servers of the system prove it, and any other machine that answered within five seconds; a machine without
 * name servers is believed. Throws an Error that names a control target it cannot read.
 */
export function ownConnection(options: ConnectionOptions): OwnConnection {
  const trusting = options.controls.includes('none');
  const given = trusting ? [] : options.controls.map(controlTarget);
  const defaults =
    trusting || given.length ? [] : (options.nameServers ?? systemNameServers()).map(nameServer);
  const checks = [...given, ...defaults];
  let online = true;
  let reachedAt = -Infinity;
  let checkedAt = -Infinity;
  let checking: Promise<void> | undefined;
  let proofs = 0;

  const check = async (): Promise<void> => {
    const proven = await anyOf(checks);
    checkedAt = performance.now();
    proofs = proven ? proofs + 1 : 0;
    const next = proven && (online || proofs >= confirmations);
    // Offline, it asks by itself: looks that succeed need no proof, and would never end it.
    if (!next) setTimeout(() => void checkSoon(), freshMs).unref();
    if (next === online) return;
    online = next;
    options.onChange?.(online);
  };
  const checkSoon = (): Promise<void> => (checking ??= check().finally(() => (checking = undefined)));

  return {
    async believes(code) {
      if (!checks.length || !needProof.has(code)) return true;
      const now = performance.now();
      if (!given.length && online && now - reachedAt < freshMs) return true;
      // A proof from before the failure proves nothing: the connection may have gone between the two.
      if (checking || now - checkedAt > (online ? 0 : freshMs)) await checkSoon();
      return online;
    },
    reached() {
      reachedAt = performance.now();
    },
    get online() {
      return online;
    },
  };
}

type Check = (signal: AbortSignal) => Promise<boolean>;

/** Resolves as soon as one has answered; false when all are silent. */
async function anyOf(checks: readonly Check[]): Promise<boolean> {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException('out of time', 'TimeoutError')),
    patienceMs,
  );
  try {
    await Promise.any(
      checks.map(async (one) => {
        if (!(await one(controller.signal))) throw new Error('no answer');
      }),
    );
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

function controlTarget(text: string): Check {
  const any = { allow: () => true };
  if (/^https?:\/\//.test(text)) {
    const settings = { url: text, status: '100-599', verify: false, redirects: 0, timeoutMs: patienceMs };
    return async (signal) => (await runProbe('http', settings, { ...any, signal })).ok;
  }
  const target = splitHostPort(text);
  if (!target?.port) throw new Error(`REGION_CONTROLS: '${text}' is neither host:port nor a URL.`);
  const settings = { ...target, timeoutMs: patienceMs };
  return async (signal) => (await runProbe('port', settings, { ...any, signal })).ok;
}

/** Asks for the name servers of the root, which every resolver can tell. */
function nameServer(address: string): Check {
  return async (signal) => {
    const question = { name: '.', type: 'NS', recursion: true } as const;
    const reply = await askDns({ address, port: 53 }, question, signal, patienceMs);
    return reply.rcode === 'NOERROR';
  };
}

/** systemd-resolved answers on loopback; whom it asks stands in a file of its own. */
function systemNameServers(): string[] {
  for (const file of ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf']) {
    try {
      const lines = readFileSync(file, 'utf8').split('\n');
      const found = lines.flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
      return found.filter((address) => isIP(address.replace(/%.*$/, '')) !== 0);
    } catch {
      continue;
    }
  }
  return [];
}
