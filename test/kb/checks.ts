// Checks of fences that are not run: configuration by the program that reads it, scripts by shellcheck.
import { spawnSync } from 'node:child_process';
import type { Fence } from './fences.ts';
import type { Sandbox } from './sandbox.ts';

/** Writes the sample to its `title` path inside the sandbox (or a temporary file) and runs `check`; `{}` is the path. Undefined when fine. */
export async function checkConfig(fence: Fence, sandbox: Sandbox): Promise<string | undefined> {
  const title = fence.meta.get('title');
  const path = title?.startsWith('/') ? title : '/tmp/sample';
  const command = strict(fence.meta.get('check')!).replaceAll('{}', path);
  const sample = Buffer.from(`${fence.body.join('\n')}\n`).toString('base64');
  const wanted = Number(fence.meta.get('exit') ?? 0);
  const { output, status } = await sandbox.run(
    `mkdir -p "$(dirname '${path}')" && echo ${sample} | base64 -d >'${path}' && { ${command}\n}`,
    { limit: Number(fence.meta.get('limit') ?? 20) },
  );
  return status === wanted ? undefined : `${command} ended with ${status}, not ${wanted}:\n${output.trim()}`;
}

/** A misspelled key is only a warning to `systemd-analyze verify`, unless it is told to end with an error. */
const strict = (command: string) =>
  command.replaceAll('systemd-analyze verify', 'systemd-analyze --recursive-errors=no verify');

/** Runs shellcheck over a script of an article. Undefined when fine. */
export function checkScript(fence: Fence): string | undefined {
  const dialect = fence.language === 'bash' ? 'bash' : 'sh';
  const { stdout, status, error } = spawnSync(
    'shellcheck',
    ['-s', dialect, '-S', 'warning', '-f', 'gcc', '-'],
    {
      input: `${fence.body.join('\n')}\n`,
      encoding: 'utf8',
    },
  );
  if (error) return 'shellcheck is not installed';
  return status === 0 ? undefined : stdout.trim();
}
