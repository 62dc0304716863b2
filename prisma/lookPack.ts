// Packs looks at a monitor: four bytes a look, so that a year of looks is small. Pure.
//
// A look is one big-endian number of 32 bits: seconds within its span of two hours (13 bits), code (7 bits), milliseconds (12 bits on a
// logarithmic scale: steps of 0.44 %, from 0.01 ms to ten minutes). Spans lie on a fixed grid, so a look is packed without knowing the
// one before it and appended by the database itself.
import type { ProbeCode } from '#core/probes.ts';

/** Seconds of one span of the grid. A day is twelve. */
export const spanSeconds = 7200;
/** A tail of this many bytes becomes a pack before its span is over: rows that every look rewrites stay small. */
export const tailBytes = 960;

export interface PackedLook {
  /** Epoch seconds, whole. */
  at: number;
  code: ProbeCode;
  /** Whether the code is a good one. */
  ok: boolean;
  /** Whether the look says nothing about the target, since the place that probes was at fault. */
  blind: boolean;
  ms: number;
}

/** Stored in packs: a number is never changed or used again; a new code gets the next one. */
const codeNumbers = {
  ok: 0,
  'dns-nxdomain': 1,
  'dns-nodata': 2,
  'dns-servfail': 3,
  'dns-refused': 4,
  'dns-timeout': 5,
  'dns-mismatch': 6,
  'dns-disagree': 7,
  'dns-lame': 8,
  'dns-dnssec': 9,
  'dns-not-here': 10,
  'connect-refused': 11,
  'connect-timeout': 12,
  'connect-unreachable': 13,
  'connect-reset': 14,
  'unexpected-open': 15,
  'ports-changed': 16,
  'answer-mismatch': 17,
  'answer-timeout': 18,
  'starttls-missing': 19,
  'ping-loss': 20,
  'ping-timeout': 21,
  'ping-slow': 22,
  'http-status': 23,
  'http-redirect-loop': 24,
  'http-redirect-limit': 25,
  'http-body': 26,
  'http-json': 27,
  'http-header': 28,
  'http-size': 29,
  'http-slow': 30,
  'http-timeout': 31,
  'http-protocol': 32,
  'http-encoding': 33,
  'http-truncated': 34,
  'exposed-file': 35,
  'tls-handshake': 36,
  'tls-timeout': 37,
  'tls-expired': 38,
  'tls-not-yet-valid': 39,
  'tls-expiring': 40,
  'tls-name': 41,
  'tls-chain': 42,
  'tls-self-signed': 43,
  'tls-untrusted': 44,
  'tls-revoked': 45,
  'tls-weak': 46,
  'tls-changed': 47,
  'domain-expiring': 48,
  'domain-expired': 49,
  'domain-status': 50,
  'domain-nameservers': 51,
  'domain-unpublished': 52,
  'domain-not-found': 53,
  'domain-lookup': 54,
  'heartbeat-missed': 55,
  'target-refused': 56,
  'prober-permission': 57,
  'prober-missing': 58,
  'prober-offline': 59,
  'prober-error': 60,
  'tls-staple': 61,
  'dns-spf': 62,
} as const satisfies Record<ProbeCode, number>;
const codes = new Map<number, ProbeCode>(
  Object.entries(codeNumbers).map(([code, number]) => [number, code as ProbeCode]),
);
/** A good look whose code is another one than `ok`. */
const okOfOtherCode = 127;

const leastMs = 0.01;
const mostMs = 600_000;
const levels = 4095;
const logStep = Math.log(mostMs / leastMs) / levels;

/** The start of the span that a moment lies in; epoch seconds. */
export function spanOf(at: number): number {
  return Math.floor(at / spanSeconds) * spanSeconds;
}

/** `at` in epoch seconds; the fraction is dropped. A good look keeps no code besides its goodness. */
export function packLook({
  at,
  ok,
  code,
  ms,
}: {
  at: number;
  ok: boolean;
  code: ProbeCode;
  ms: number;
}): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  const number = !ok ? codeNumbers[code] : code === 'ok' ? 0 : okOfOtherCode;
  bytes.writeUInt32BE((Math.floor(at - spanOf(at)) * 2 ** 19 + number * 2 ** 12 + levelOf(ms)) >>> 0);
  return bytes;
}

/** `from` is any moment of the span in epoch seconds. Bytes that cannot be a look are left out. */
export function unpackLooks(points: Uint8Array, from: number): PackedLook[] {
  const view = new DataView(points.buffer, points.byteOffset, points.byteLength);
  const start = spanOf(from);
  const looks: PackedLook[] = [];
  for (let offset = 0; offset + 4 <= points.byteLength; offset += 4) {
    const word = view.getUint32(offset);
    const number = (word >>> 12) & 127;
    const ok = number === 0 || number === okOfOtherCode;
    const code = ok ? 'ok' : codes.get(number);
    if (!code) continue;
    const blind = code.startsWith('prober-') || code === 'target-refused';
    looks.push({ at: start + (word >>> 19), ok, code, blind, ms: msOf(word & 4095) });
  }
  return looks;
}

/** Milliseconds → 0…4095. */
export function levelOf(ms: number): number {
  if (!(ms > leastMs)) return 0;
  return Math.min(levels, Math.round(Math.log(ms / leastMs) / logStep));
}

/** 0…4095 → milliseconds with three digits, within 0.25 % and the rounding. */
export function msOf(level: number): number {
  return Number((leastMs * Math.exp(level * logStep)).toPrecision(3));
}
