import { expect, test } from 'vitest';
import { anchorsOf, headingsOf, splitFrontmatter } from './headings.ts';

const article = `Text.

## Is it \`real\`? {#check}

\`\`\`console
# df {#not-a-heading}
## nor this
\`\`\`

1. in a list

   ~~~~bash
   ## no
   ~~~
   ~~~~

<a id="old-name"></a>

### Ids are optional here
## Last {#verify}
`;

test('headings outside fences, with ids and plain titles', () => {
  expect(headingsOf(article)).toEqual([
    { depth: 2, title: 'Is it real?', id: 'check' },
    { depth: 3, title: 'Ids are optional here' },
    { depth: 2, title: 'Last', id: 'verify' },
  ]);
});

test('anchors are heading ids and ids of HTML', () => {
  expect(anchorsOf(article)).toEqual(['check', 'verify', 'old-name']);
});

test('frontmatter is cut off', () => {
  expect(splitFrontmatter('---\ntitle: x\n---\nbody')).toEqual({ frontmatter: 'title: x', body: 'body' });
  expect(splitFrontmatter('body')).toEqual({ frontmatter: '', body: 'body' });
});
