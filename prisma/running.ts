// What `npm start` runs with, kept in the data folder while it runs: command lines beside it find the same database and address.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EnvironmentError } from '#core/environment.ts';

const runningSchema = z.object({
  DATABASE_URL: z.string(),
  AUTH_SECRET: z.string(),
  PUBLIC_URL: z.string(),
});
export type RunningVariables = z.infer<typeof runningSchema>;

const fileIn = (data: string): string => join(data, 'running.json');

/** Only the owner can read it: it holds the password of the database, as the files beside it do. */
export function announceRunning(data: string, variables: RunningVariables): void {
  rmSync(fileIn(data), { force: true });
  writeFileSync(fileIn(data), `${JSON.stringify(variables)}\n`, { mode: 0o600 });
}

export function forgetRunning(data: string): void {
  rmSync(fileIn(data), { force: true });
}

/**
 * The variables of a command line, completed by those of the `npm start` whose data folder it shares (ROOTNOTE_DATA, else `data`).
 * A DATABASE_URL of its own says that another installation is meant: then nothing is added. Throws EnvironmentError when the file in the
 * data folder cannot be used.
 */
export function besideRunning(
  variables: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const file = fileIn(variables.ROOTNOTE_DATA || 'data');
  if (variables.DATABASE_URL || !existsSync(file)) return variables;
  const given = Object.entries(variables).filter(([, value]) => value);
  return { ...readRunning(file), ...Object.fromEntries(given) };
}

function readRunning(file: string): RunningVariables {
  try {
    return runningSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new EnvironmentError(
      `${file}, which tells how Rootnote runs on this data folder, cannot be read. Start \`npm start\` again, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}
