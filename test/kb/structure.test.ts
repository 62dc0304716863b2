import { expect, test } from 'vitest';
import { parseArticle } from './fences.ts';
import { loadCorpus } from './corpus.ts';
import { hashOf, readRecord } from './record.ts';
import { misspellings, plainWords } from './spelling.ts';
import { styleFaults } from './style.ts';
import { faultsBetween, faultsOf, type Corpus } from './structure.ts';

const head = (extra = '') => `---
title: x
kind: howto
area: web
summary: Do a thing.
risk: read-only
reviewed: 2026-11-23
sources: [{ title: man page, url: 'https://man7.org/' }]
minutes: 5
outcome: Done.
reversible: true
${extra}---
`;
const body = `The answer.

## Before you start {#before}
## Steps {#steps}
## Verify {#verify}
## Undo {#undo}
## Next {#next}
`;
const alone: Corpus = { articles: new Map(), planned: new Set(['commands/df']) };
const faults = (text: string) => faultsOf(parseArticle('howto/x', text), alone);

test('a well-formed article has no faults', () => {
  expect(faults(head() + body)).toEqual([]);
});

test.each([
  ['an unknown key', head('colour: red\n') + body, 'colour'],
  ['a missing section', head() + body.replace('## Undo {#undo}\n', ''), '#undo is missing'],
  [
    'a wrong order',
    head() + body.replace('{#undo}', '{#next}').replace('## Next {#next}\n', '## Undo {#undo}\n'),
    'stand as',
  ],
  ['a heading without an id', head() + body.replace(' {#steps}', ''), 'needs an id'],
  ['a banned word', head() + body.replace('The answer.', 'It is easy.'), 'leave out "easy"'],
  ['a long sentence', head() + body.replace('The answer.', `${'word '.repeat(40)}.`), '40 words'],
  ['a name of the machine', head() + body.replace('The answer.', 'See `/root/rootnote-kb/a`.'), 'machine'],
  ['a device that only plays', `${head()}\n\`\`\`bash setup\nkb-vm\n\`\`\`\n${body}`, 'readers must be told'],
  [
    'a virtual machine made by hand',
    `${head()}\n\`\`\`bash setup\nlinux.uml mem=1G &\n\`\`\`\n${body}`,
    'kb-vm',
  ],
  [
    'a related article that nobody plans',
    head('related: [/commands/nothing/]\n') + body,
    'written or planned',
  ],
])('%s is a fault', (_, text, sentence) => {
  expect(faults(text).join('\n')).toContain(sentence);
});

test('words inside code are not judged', () => {
  expect(faults(head() + body.replace('The answer.', 'Run `just simply`.'))).toEqual([]);
});

test('two articles that start alike are a fault', () => {
  const two = ['a', 'b'].map(
    (name) => [`howto/${name}`, parseArticle(`howto/${name}`, head() + body)] as const,
  );
  expect(faultsBetween({ articles: new Map(two), planned: new Set() }).join()).toContain(
    'starts like howto/a',
  );
});

test('every article of the knowledge base has the shape of its kind', () => {
  const corpus = loadCorpus();
  const all = [
    ...[...corpus.articles.values()].flatMap((a) => faultsOf(a, corpus)),
    ...faultsBetween(corpus),
    ...misspellings(corpus.articles.values()),
  ];
  expect(all).toEqual([]);
});

test('the examples of every article were executed as they stand', () => {
  const record = readRecord();
  const stale = [...loadCorpus().articles.values()].filter(
    (article) => record[article.slug]?.hash !== hashOf(article),
  );
  expect(stale.map((article) => article.slug)).toEqual([]);
});

test('a word is right when a dictionary, the field or some code has it', () => {
  const article = (slug: string, text: string) => parseArticle(slug, `${head()}\n${text}\n`);
  const wrong = misspellings([
    article('howto/x', 'The colour and the color of an inode, teh disk, frobnicated by `qzwx`.'),
    article('howto/y', 'Then qzwx runs on db1 with eth0 and MySQL, see /etc/zzyx and example.zzyx.'),
  ]);
  expect(wrong.map((fault) => /"(.*)"/.exec(fault)?.[1])).toEqual(['teh', 'frobnicated']);
  expect(plainWords("the server's CPUs {#abc} <b>bold</b> v1.2")).toEqual(['the', "server's", 'bold']);
});

test('our own style', () => {
  expect(styleFaults('The file system of Nginx is is full.')).toEqual([
    'say "filesystem", not "file system"',
    'say "nginx", not "Nginx"',
    '"is is" stands twice',
  ]);
  expect(styleFaults('The filesystem that that nginx writes to: code code, `x`.')).toEqual([]);
});
