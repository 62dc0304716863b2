import { markdownToHtml } from 'satteri';
import { expect, test } from 'vitest';
import { tables } from './tables.ts';

const render = (markdown: string) =>
  markdownToHtml(markdown, { hastPlugins: [tables as never] }).html.replace(/\s*\n\s*/g, '');

test('an empty corner is no heading', () => {
  const html = render('| | a |\n|---|---|\n| b | c |');
  expect(html).toContain('<tr><td></td><th>a</th></tr>');
});

test('only tables of four columns or more may scroll', () => {
  expect(render('| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |')).not.toContain('wide-table');
  expect(render('| a | b | c | d |\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |')).toMatch(
    /^<div class="wide-table" tabindex="0" role="group" aria-label="Table"><table style="--name:1">/,
  );
});

test('a table knows the longest word of its names', () => {
  expect(
    render('| column | b |\n|---|---|\n| `buff/cache` and more | a very long text |\n| x | y |'),
  ).toContain('<table style="--name:10">');
});
