// One `npm start` a data folder. A second one would share its database, and end it for the first when it ends.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** When that process began, as the system counts: a later one may have its number. */
  began: z.string(),
  address: z.string(),
});

/**
 * Holds the folder for this process until what it returns is called. `address` is told to whoever comes second. Throws an Error with a
 * sentence for the one who started it when another process holds the folder; one that was killed holds nothing.
 */
export function holdFolder(folder: string, address: string): () => void {
  const file = join(folder, 'holder.json');
  const own = { pid: process.pid, began: beginningOf(process.pid), address };
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, `${JSON.stringify(own)}\n`, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 3) throw error;
    }
    const holder = holderOf(file);
    if (holder)
      throw new Error(
        `The data folder ${folder} is in use: Rootnote runs there already, at ${holder.address} (process ${holder.pid}). It goes on undisturbed. Stop it first, or choose another folder: ROOTNOTE_DATA=other npm start`,
      );
    rmSync(file, { force: true });
  }
}

/** Who holds the folder; undefined when that process is gone, or when the file was not written to its end. */
function holderOf(file: string): z.infer<typeof holderSchema> | undefined {
  try {
    const holder = holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const lives = holder.pid !== process.pid && beginningOf(holder.pid) === holder.began;
    return lives ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Of a process that lives: boot and clock ticks since then at its start, where the system tells them; '' of one that is gone. */
function beginningOf(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Of another user: it lives.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return '';
  }
  if (!existsSync('/proc/self/stat')) return 'lives';
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}
