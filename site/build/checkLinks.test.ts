import { expect, test } from 'vitest';
import { brokenLinks, readPage } from './checkLinks.ts';

const page = (html: string) => readPage(html);

test('links, ids and refreshes are read; scripts are not', () => {
  const read = page(
    '<h2 class="a" id="check">x</h2><a class="b" href="/a/?x=1&#38;y">a</a><script>"<a href=\\"/no/\\">"</script><meta http-equiv="refresh" content="0; url=/b/#c">',
  );
  expect(read.links).toEqual(['/a/?x=1&y', '/b/#c']);
  expect([...read.ids]).toEqual(['check']);
});

test('missing pages, missing slashes and missing headings are named', () => {
  const pages = new Map([
    ['/a/', page('<h2 id="check">x</h2><a href="#check">up</a><a href="/b/#none">b</a><a href="/b">b</a>')],
    [
      '/b/',
      page('<a href="/a/#check">a</a><a href="../gone/">x</a><a href="/portal/x">p</a><a href="/f.md">f</a>'),
    ],
  ]);
  expect(brokenLinks(pages, new Set(['/f.md']))).toEqual([
    '/a/: /b/#none has no such heading',
    '/a/: /b is no page (links end with a slash)',
    '/b/: ../gone/ is no page (links end with a slash)',
  ]);
});
