// content/verified.json: what was executed, when and with which tools. Written by the runner alone; the badge on a page comes from it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArticleResult } from './article.ts';
import type { Article } from './fences.ts';

export interface Entry {
  /** Day of the run, UTC. */
  at: string;
  system: string;
  /** run + checked + skipped. */
  fences: number;
  run: number;
  checked: number;
  skipped: number;
  skips: { reason: string }[];
  /** hashOf the article as it was executed. */
  hash: string;
  tools: Record<string, string>;
}
export type Verified = Record<string, Entry>;

export const contentRoot = join(import.meta.dirname, '../../content');
const path = join(contentRoot, 'verified.json');

/** SHA-256 of what is executed, as hex: the article's fences with their options and outputs. Prose may be mended without a run. */
export function hashOf({ fences }: Article): string {
  const executed = fences.map(({ language, flags, meta, body }) => [language, [...flags], [...meta], body]);
  return createHash('sha256').update(JSON.stringify(executed)).digest('hex');
}

/** The record as it stands; empty when there is none yet. */
export function readRecord(): Verified {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Verified) : {};
}

/** The entry of an article whose fences all passed. */
export function entryOf(article: Article, { results, tools }: ArticleResult): Entry {
  const count = (outcome: string) => results.filter((r) => r.outcome === outcome).length;
  const release = readFileSync('/etc/os-release', 'utf8');
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(release)?.[1] ?? '';
  return {
    at: new Date().toISOString().slice(0, 10),
    system: `${field('NAME').replace(' GNU/Linux', '')} ${field('VERSION_ID')}`,
    fences: results.length,
    run: count('run'),
    checked: count('checked'),
    skipped: count('skipped'),
    skips: results.filter((r) => r.outcome === 'skipped').map((r) => ({ reason: r.detail ?? '' })),
    hash: hashOf(article),
    tools,
  };
}

/** Puts entries into the record and takes out those given as undefined. Several runners may do so at once. */
export function writeRecord(changes: Record<string, Entry | undefined>): void {
  const lock = `${path}.lock`;
  for (let attempt = 0; ; attempt++) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
      if (age > 10_000 || attempt > 200) break;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
  try {
    const merged: Record<string, Entry | undefined> = { ...readRecord(), ...changes };
    const rows = Object.entries(merged)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(`${path}.new`, `${JSON.stringify(Object.fromEntries(rows), null, 1)}\n`);
    renameSync(`${path}.new`, path);
  } finally {
    rmdirSync(lock);
  }
}
