// What a bench must not leave behind when it is interrupted: folders, processes, databases.
import { type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const cleanings = new Set<() => unknown>();
let interrupted = false;

/** From the signal on nothing new may be started. */
export const isInterrupted = (): boolean => interrupted;

/** Does this, the newest first, at SIGINT, SIGTERM and SIGHUP; then the bench ends as a shell says of a signal: 128 and its number. */
export function whenInterrupted(clean: () => unknown): void {
  if (!cleanings.size)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => void endAt(signal));
  cleanings.add(clean);
}

async function endAt(signal: NodeJS.Signals): Promise<void> {
  if (interrupted) return;
  interrupted = true;
  console.error(`\nInterrupted (${signal}); removing what was made.`);
  for (const clean of [...cleanings].reverse()) {
    try {
      await clean();
    } catch (error) {
      console.error(error);
    }
  }
  process.exit(128 + constants.signals[signal]);
}

/** A folder that is gone after an interruption; at an ordinary end whoever asked for it removes it. */
export function temporaryFolder(name = 'rootnote-bench'): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  whenInterrupted(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same for a process. */
export function endWithBench<T extends ChildProcess>(child: T): T {
  whenInterrupted(() => child.kill('SIGKILL'));
  return child;
}
