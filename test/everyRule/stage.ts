// A stage for the agent's real script: a tree of files for ROOT, and programs that answer what a real one answered to these very
// arguments. To any other arguments they fail, so that a question which the agent no longer asks (or asks otherwise) is noticed.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const script = resolve(import.meta.dirname, '../../agent/rootnote.sh');

/** Path to content. A path that ends in a slash is a folder; behind an @ stand the age of the file in seconds and its mode. */
export type Files = Record<string, string>;
/** Program to arguments (a shell pattern) to what it prints; a first line `exit N` is its exit code. */
export type Programs = Record<string, Record<string, string>>;

/** What the agent prints on this machine at this moment (epoch seconds), as root. */
export function reportOf(files: Files, programs: Programs, now: number, rhythm = 'daily'): string {
  const base = mkdtempSync(join(tmpdir(), 'rootnote-stage-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const [path, age] = name.split('@') as [string, string?];
      const target = join(base, 'root', path);
      mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true });
      if (path.endsWith('/')) continue;
      writeFileSync(target, content);
      const [seconds, mode] = age?.split(':') ?? [];
      if (seconds) utimesSync(target, now - Number(seconds), now - Number(seconds));
      if (mode) chmodSync(target, Number.parseInt(mode, 8));
    }
    const bin = join(base, 'bin');
    mkdirSync(bin);
    const date = new Date(now * 1000).toISOString().slice(0, 19);
    const always: Programs = {
      id: { '-u': '0' },
      date: { '+%s %z': `${now} +0000`, '+%FT%T%z_%Z': `${date}+0000_UTC` },
    };
    for (const [name, answers] of Object.entries({ ...programs, ...always })) program(bin, name, answers);
    // The second reading of a counter needs no second here: the time between two reports gives the rates.
    shell(bin, 'sleep', 'case $1 in 0.*) exit ;; *) exec /bin/sleep "$@" ;; esac');
    shell(bin, 'setpriv', 'while [ "$1" != psql ]; do shift; done; exec "$@"');
    const run = spawnSync('dash', [script, '--print', '--rhythm', rhythm], {
      env: { PATH: `${bin}:/usr/bin:/bin`, HOME: base, ROOT: join(base, 'root') },
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (run.status !== 0 || !run.stdout.endsWith('=== end\n'))
      throw new Error(`The agent ended with ${run.status}: ${run.stderr.slice(0, 500)}`);
    return run.stdout;
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function shell(bin: string, name: string, body: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

function program(bin: string, name: string, answers: Record<string, string>): void {
  const cases = Object.entries(answers).map(([pattern, text], i) => {
    const code = /^exit (\d+)\n/.exec(text)?.[1];
    const file = join(bin, `.${name}.${i}`);
    writeFileSync(file, code ? text.slice(text.indexOf('\n') + 1) : text);
    const quoted = pattern.replace(/[^\w*\-./+%:=,@]/g, (c) => `\\${c}`);
    return `${quoted || "''"}) cat "${file}"; exit ${code ?? 0} ;;`;
  });
  shell(
    bin,
    name,
    `case "$*" in\n${cases.join('\n')}\nesac\necho "$0 was not recorded with: $*" >&2; exit 64`,
  );
}
