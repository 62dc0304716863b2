// Live changes: one LISTEN connection for the whole process, shared by everyone who looks at a page.
import { EventEmitter, on } from 'node:events';
import type { Change } from '#core/jobs.ts';
import { type ChangeListener, listen } from '#prisma/notify.ts';

/** `gap`: the connection was lost for a while and changes may have been missed. */
export type ChangeOrGap = Change | 'gap';

export class Changes {
  private readonly url: string;
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private listener: Promise<ChangeListener> | undefined;

  constructor(databaseUrl: string) {
    this.url = databaseUrl;
  }

  /**
   * Resolves when the database is being listened to: what is written from now on will come.
   * The changes then come in batches of those that waited, until `signal` aborts.
   */
  async subscribe(signal: AbortSignal): Promise<AsyncIterable<ChangeOrGap>> {
    await this.open();
    const source = on(this.emitter, 'change', { signal });
    return (async function* () {
      try {
        for await (const [change] of source) yield change as ChangeOrGap;
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    })();
  }

  async close(): Promise<void> {
    await this.listener?.then((open) => open.close()).catch(() => undefined);
    this.listener = undefined;
  }

  private open(): Promise<ChangeListener> {
    this.listener ??= listen(
      this.url,
      (change) => this.emitter.emit('change', change),
      () => this.emitter.emit('change', 'gap'),
    ).catch((error: unknown) => {
      this.listener = undefined;
      throw error;
    });
    return this.listener;
  }
}
