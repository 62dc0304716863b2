// The page about the agent cannot fall out of step: it holds every line, and what the script reads has a place in the knowledge base.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { articleFiles } from '../articleFiles.ts';
import { articleSchema } from '../articleSchema.ts';
import { isPlanned } from '../unlinkPlanned.ts';
import { lineHtml } from './lineHtml.ts';
import { commandPlaces, filePlaces, makePlaces } from './places.ts';
import { readScript, type ScriptPart } from './readScript.ts';
import { scriptPages } from './scriptPages.ts';

const source = readFileSync(new URL('../../agent/rootnote.sh', import.meta.url), 'utf8');
const blocksOf = (parts: ScriptPart[]) => parts.flatMap(({ blocks }) => blocks);
const linesOf = (parts: ScriptPart[]) => blocksOf(parts).flatMap(({ lines }) => lines);
const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
const linked = (text: string, link: Record<string, string>) =>
  linesOf(readScript(text)).map((line) => lineHtml(line, ({ name }) => link[name]));

test('every line is shown, once, in order, letter by letter', () => {
  const lines = linesOf(readScript(source));
  expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
  expect(`${lines.map((line) => textOf(lineHtml(line, () => '/x/'))).join('\n')}\n`).toBe(source);
});

test('a changed script changes the page', () => {
  const changed = source.replace('show date', 'show uname -a; show date');
  expect(changed).not.toBe(source);
  const words = linesOf(readScript(changed)).flatMap((line) => line.words.map(({ name }) => name));
  expect(words).toContain('uname');
  expect(linesOf(readScript(source)).flatMap((line) => line.words.map(({ name }) => name))).not.toContain(
    'uname',
  );
});

test('commands are linked where they are run, and nowhere else', () => {
  const [, second, third, fourth, fifth] = linked(
    [
      '#!/bin/sh',
      "show df -PTk; x=df; echo 'df' df # df",
      'root dmesg -r && for m in $(lsblk | grep df); do :; done',
      "call 'find /var/spool' mail",
      'show() { "$@"; }; root() { show "$@"; }; call() { shift; "$@"; }',
      '',
    ].join('\n'),
    { df: '/commands/df/', dmesg: '/commands/dmesg/', lsblk: '/commands/lsblk/', find: '/commands/find/' },
  );
  expect(second).toBe('show <a href="/commands/df/">df</a> -PTk; x=df; echo \'df\' df <i># df</i>');
  expect(third).toContain('<a href="/commands/dmesg/">dmesg</a>');
  expect(third).toContain('$(<a href="/commands/lsblk/">lsblk</a> | grep df)');
  expect(fourth).toContain(`'<a href="/commands/find/">find</a> /var/spool'`);
  expect(fifth).not.toContain('href');
});

test('files that are collected are known by their whole path', () => {
  const script =
    'collect() { :; }\nminute() {\n  collect /proc loadavg net/../meminfo /var log/y; collect / var/x # load\n}\n';
  const block = blocksOf(readScript(script)).find(({ functions }) => functions.includes('minute'));
  expect(block?.sources).toEqual([expect.objectContaining({ line: 3, why: 'load' })]);
  expect(block?.sources[0]?.words.map(({ name }) => name)).toEqual([
    '/proc/loadavg',
    '/proc/meminfo',
    '/var/log/y',
    '/var/x',
  ]);
});

test('each function says how often it runs, by who calls it', () => {
  const rhythm = (name: string) =>
    blocksOf(readScript(source)).find(({ functions }) => functions.includes(name))?.rhythm;
  expect(rhythm('minute')).toBe('minute');
  expect(rhythm('databases')).toBe('minute');
  expect(rhythm('certificates')).toBe('daily');
  expect(rhythm('install')).toBeUndefined();
});

test('every address on the page is there once', () => {
  const parts = readScript(source);
  const ids = parts.flatMap(({ id, blocks }) => [id, ...blocks.map((block) => block.id)]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every command and file that the agent reads has its place in an article that is written', () => {
  const articles = articleFiles().map(({ slug, frontmatter }) => ({
    slug,
    data: articleSchema.parse(parse(frontmatter)),
  }));
  const placeOf = makePlaces(articles);
  const read = linesOf(readScript(source))
    .flatMap(({ words }) => words)
    .filter(
      ({ kind, section, name }) => kind !== 'function' && (section || (kind === 'file' && !own.test(name))),
    );
  expect(read.length).toBeGreaterThan(150);
  const homeless = read.filter(({ kind, name }) => kind !== 'function' && !placeOf(kind, name));
  expect([...new Set(homeless.map(({ name }) => name))]).toEqual([]);

  const known = (slug: string) => articles.some((article) => article.slug === slug) || isPlanned(`/${slug}/`);
  const lost = Object.values(commandPlaces)
    .concat(filePlaces.map(([, slug]) => slug))
    .filter((slug) => !known(slug));
  expect(lost, 'named in places.ts, and neither written nor planned').toEqual([]);
});

test('three pages hold the script: what is read and when, how it is read, how it is sent', () => {
  const parts = readScript(source);
  const pages = scriptPages(parts);
  expect(pages.map(({ path }) => path)).toEqual(['/script/', '/script/functions/', '/script/sending/']);
  expect(pages.flatMap((page) => linesOf(page.parts)).map(({ number }) => number)).toEqual(
    linesOf(parts).map(({ number }) => number),
  );
  const functionsOf = (page: number) => blocksOf(pages[page]!.parts).flatMap(({ functions }) => functions);
  expect(functionsOf(0)).toEqual(expect.arrayContaining(['minute', 'hourly', 'daily']));
  expect(functionsOf(1)).toEqual(expect.arrayContaining(['databases', 'certificates']));
  expect(functionsOf(2)).toEqual(expect.arrayContaining(['report', 'post', 'install']));
});

/** Its own state, and places that say nothing about the server. */
const own = /^\/(dev\/null|proc\/self|proc\/PID|(var\/lib|run|etc|usr\/local\/sbin)\/rootnote)/;
