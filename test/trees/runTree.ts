// Runs the agent on the tree of a machine, with its programs first in PATH, and keeps what it printed.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Box, Tree } from './box.ts';
import { counters, filesOf } from './files.ts';
import { programsOf } from './programs.ts';

const script = resolve(import.meta.dirname, '../../agent/rootnote.sh');

export interface Played {
  texts: string[];
  /** What each run said to stderr, and which programs of the tree were asked. */
  errors: string[];
  calls: Set<string>;
}

export function playTree(tree: Tree): Played {
  const b = tree.box();
  const base = mkdtempSync(join(tmpdir(), 'tree-'));
  chmodSync(base, 0o755);
  const played: Played = { texts: [], errors: [], calls: new Set() };
  try {
    b.pass(tree.every ?? 60);
    for (let run = 0; run < (tree.runs ?? 6); run++) {
      b.ahead = (tree.every ?? 60) - 1;
      tree.each?.(b, run);
      b.pass(b.ahead);
      b.ahead = 0;
      const { text, error, calls } = runOnce(tree, b, join(base, String(run)), tree.rhythm?.(run) ?? 'daily');
      played.texts.push(text);
      played.errors.push(error);
      for (const call of calls) played.calls.add(call);
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
  return played;
}

function runOnce(
  tree: Tree,
  b: Box,
  at: string,
  rhythm: string,
): { text: string; error: string; calls: string[] } {
  const [root, second, bin] = [join(at, 'root'), join(at, 'second'), join(at, 'bin')];
  const { files, links } = filesOf(b);
  for (const [path, text] of files) put(root, path, text);
  for (const [path, target] of links) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // What a process holds though its name is gone has to lie somewhere, for its size to be asked.
    const held = target.endsWith(' (deleted)') && path.includes('/fd/') ? join(root, target) : target;
    if (!existsSync(join(root, path))) symlinkSync(held, join(root, path));
  }
  for (const [path, age] of Object.entries(b.ages)) {
    // What stat tells is held against the clock of that machine, what find is asked for against this one.
    const when = (path.startsWith('var/backups') ? b.now : Date.now() / 1000) - age;
    if (existsSync(join(root, path))) utimesSync(join(root, path), when, when);
  }
  const programs = programsOf(b);
  b.pass(1);
  if (!tree.still) {
    for (const [path, text] of counters(b)) put(second, path, text);
    programs.set(
      'sleep',
      `#!/bin/sh\ncase $1 in 0.* | 1) cp -a ${second}/. ${root}/ ;; *) exec /usr/bin/sleep "$@" ;; esac\n`,
    );
  }
  for (const [name, text] of programs) {
    put(bin, name, text);
    chmodSync(join(bin, name), 0o755);
  }
  const calls = join(at, 'calls');
  writeFileSync(calls, '');
  chmodSync(calls, 0o666);
  const [shell = 'dash', ...applet] = (tree.shell ?? 'dash').split(' ');
  const words = [`/usr/bin/${shell}`, ...applet];
  if (tree.nobody) {
    words.unshift('/usr/bin/setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups');
    if (existsSync(join(root, 'etc/shadow'))) chmodSync(join(root, 'etc/shadow'), 0o600);
  }
  const done = spawnSync(words[0]!, [...words.slice(1), script, '--print', '--rhythm', rhythm], {
    env: { PATH: `${bin}:${process.env['PATH']}`, ROOT: root, CALLS: calls, HOME: '/nonexistent' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return {
    text: done.stdout,
    error: done.stderr,
    calls: readFileSync(calls, 'utf8').split('\n').filter(Boolean),
  };
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
