import { expect, test } from 'vitest';
import { FormError, parseArticle } from './fences.ts';

const article = (body: string) => parseArticle('commands/x', `---\ntitle: x\n---\n${body}\n`);

test('headings carry their fixed ids, and a comment in a fence is no heading', () => {
  const { headings } = article('## Read it {#read}\n### Plain\n```sh\n# no heading\n```');
  expect(headings).toEqual([
    { level: 2, text: 'Read it', id: 'read', line: 4 },
    { level: 3, text: 'Plain', id: undefined, line: 5 },
  ]);
});

test('the words of a fence are flags and pairs, quoted or not', () => {
  const fence = article('```nginx title="/etc/nginx/a b.conf" check="nginx -t" wrap\nserver {}\n```')
    .fences[0]!;
  expect(fence.language).toBe('nginx');
  expect(fence.meta.get('title')).toBe('/etc/nginx/a b.conf');
  expect(fence.meta.get('check')).toBe('nginx -t');
  expect([...fence.flags]).toEqual(['wrap']);
});

test('commands, continuations, here-documents and output are told apart', () => {
  const body = [
    '```console',
    '# echo a \\',
    '>   b',
    'a b',
    '# cat <<EOF',
    '> x',
    '> EOF',
    'x',
    '# true',
    '```',
  ];
  const steps = article(body.join('\n')).fences[0]!.steps;
  expect(steps.map((s) => [s.command, s.expected])).toEqual([
    ['echo a \\\n  b', ['a b']],
    ['cat <<EOF\nx\nEOF', ['x']],
    ['true', []],
  ]);
});

test('output that starts with > is output unless the shell would ask for more', () => {
  const steps = article('```console\n# diff a b\n> new\n# for i in 1; do\n>   echo $i\n> done\n1\n```')
    .fences[0]!.steps;
  expect(steps[0]!.expected).toEqual(['> new']);
  expect(steps[1]!.command).toBe('for i in 1; do\n  echo $i\ndone');
});

test('a step knows the lines of its output, also in an indented fence', () => {
  const parsed = article('1. one\n\n   ```console\n   # id -u\n   0\n   ```');
  const step = parsed.fences[0]!.steps[0]!;
  expect(step.expected).toEqual(['0']);
  expect(parsed.lines[step.at]).toBe('   0');
});

test.each([
  ['```console\noutput first\n```', 'starts with'],
  ['```console\n# id\n$ id\n```', 'one prompt'],
  ['```console\n# id', 'never closed'],
])('a malformed fence is refused with its line: %j', (body, message) => {
  expect(() => article(body)).toThrow(FormError);
  expect(() => article(body)).toThrow(message);
});

test('an article without frontmatter is refused', () => {
  expect(() => parseArticle('commands/x', '## Hello')).toThrow('no frontmatter');
});
