// A limit on attempts within a sliding window, in the memory of this process.

export class AttemptLimit {
  private readonly most: number;
  private readonly windowMs: number;
  private readonly attempts = new Map<string, number[]>();

  /** At most `most` attempts per key within `windowSeconds`. */
  constructor(most: number, windowSeconds: number) {
    this.most = most;
    this.windowMs = windowSeconds * 1000;
  }

  /** Counts an attempt; false when it is one too many. Refused attempts do not prolong the wait. */
  take(key: string, now = Date.now()): boolean {
    if (this.attempts.size > 10_000) this.forgetOld(now);
    const recent = (this.attempts.get(key) ?? []).filter((at) => at > now - this.windowMs);
    if (recent.length >= this.most) return false;
    this.attempts.set(key, [...recent, now]);
    return true;
  }

  private forgetOld(now: number): void {
    for (const [key, times] of this.attempts) {
      if (times.every((at) => at <= now - this.windowMs)) this.attempts.delete(key);
    }
  }
}
