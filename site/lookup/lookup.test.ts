import { expect, test } from 'vitest';
import { lookUp, makeLookup } from './lookup.ts';
import type { LookupEntry } from './prepared.ts';
import { bodyWords, mentionsOf, programsOf } from './entry.ts';
import { intentOf } from './ranking.ts';
import { corrections, edits, spellingsOf } from './spelling.ts';
import { stem } from './words.ts';

const entry = (url: string, title: string, more: Partial<LookupEntry> = {}): LookupEntry => ({
  url,
  title,
  kind: url.startsWith('/commands/') ? 'command' : 'problem',
  area: 'storage',
  names: [],
  errors: [],
  rules: [],
  text: '',
  mentions: [],
  body: '',
  ...more,
});
const index = makeLookup([
  entry('/problems/filesystem-almost-full/', 'Filesystem almost full: find the space', {
    names: ['disk full', 'enospc'],
    errors: ['no space left on device'],
    rules: [{ id: 'disk.full', title: 'A filesystem is full', anchor: 'act-now' }],
  }),
  entry('/problems/inodes-exhausted/', 'Inodes ran out', { errors: ['no space left on device'] }),
  entry('/commands/df/', 'df: free space of filesystems', { names: ['df', 'coreutils'] }),
  entry('/files/proc-meminfo/', '/proc/meminfo: where memory goes', { names: ['/proc/meminfo'] }),
  entry('/problems/high-load-average/', 'Load average far above the core count', {
    names: ['load average'],
    rules: [{ id: 'cpu.load_high', title: 'Load is high', anchor: 'check' }],
  }),
  entry('/problems/swap-thrashing/', 'Server is swapping heavily', { mentions: ['vm.swappiness'] }),
]);
const first = (query: string) => lookUp(index, query)[0]?.entry.url;

test('exact names come first: commands with their options, paths, settings', () => {
  expect(first('df')).toBe('/commands/df/');
  expect(first('df -h')).toBe('/commands/df/');
  expect(first('/proc/meminfo')).toBe('/files/proc-meminfo/');
  expect(first('vm.swappiness')).toBe('/problems/swap-thrashing/');
});

test('a line of a terminal is found with its prompt, with sudo, and by each program that an article is about', () => {
  const lvm = entry('/commands/lvm/', 'pvs, vgs, lvs and friends: work with LVM', {
    names: ['lvm', 'lvextend', ...programsOf('pvs, vgs, lvs and friends: work', '# vgs\n# lvs -a\n$ pvs\n')],
  });
  const sudo = entry('/howto/create-admin-user/', 'Create an account with sudo', { names: ['sudo'] });
  const more = makeLookup([
    sudo,
    lvm,
    entry('/commands/df/', 'df: free space', { names: ['df'] }),
    entry('/commands/crontab/', 'crontab: jobs', { names: ['crontab', 'crontab -l', 'crontab -r'] }),
  ]);
  const firstOf = (query: string) => lookUp(more, query)[0]?.entry.url;
  for (const query of [
    'sudo df -h',
    '# df -h',
    '$ sudo -n df -h',
    'root@web1:~# df -h',
    '[anna@web1 ~]$ df -h',
  ])
    expect(firstOf(query), query).toBe('/commands/df/');
  for (const query of ['lvextend -r -L +10G /dev/vg0/data', 'sudo lvs -a'])
    expect(firstOf(query), query).toBe('/commands/lvm/');
  for (const query of ['sudo not working', 'sudo'])
    expect(firstOf(query), query).toBe('/howto/create-admin-user/');
  expect(programsOf('kill, pkill and signals: stop a process', '# kill 1\n$ pkill -x a\n')).toEqual([
    'kill',
    'pkill',
  ]);
});

test('a rule id leads to the heading of that rule', () => {
  expect(lookUp(index, 'cpu.load_high')[0]).toMatchObject({ anchor: 'check' });
  expect(lookUp(index, 'load average')[0]?.anchor).toBeUndefined();
});

test('a pasted log line finds the message in it', () => {
  expect(first('rsync: write failed on "/srv/x": No space left on device (28)')).toBe(
    '/problems/filesystem-almost-full/',
  );
  expect(first('no space left')).toBe('/problems/filesystem-almost-full/');
});

test('slips of the finger, endings and questions are forgiven', () => {
  expect(first('laod averge')).toBe('/problems/high-load-average/');
  expect(first('why is my disk full?')).toBe('/problems/filesystem-almost-full/');
  expect(first('swaps')).toBe('/problems/swap-thrashing/');
  expect(first('memory')).toBe('/files/proc-meminfo/');
  expect(lookUp(index, 'zebra')).toEqual([]);
  expect(lookUp(index, 'x')).toEqual([]);
  expect(lookUp(index, '\\(*?[')).toEqual([]);
});

test('a slip of the finger is one edit, a swap of neighbours too; more than allowed is not counted on', () => {
  expect(edits('laod', 'load', 2)).toBe(1);
  expect(edits('sytemd', 'systemd', 2)).toBe(1);
  expect(edits('filesytsme', 'filesystem', 2)).toBe(2);
  expect(edits('memory', 'network', 2)).toBe(3);
});

test('a word that is not known becomes the nearest known ones, the most used first; short ones and figures stay', () => {
  const spellings = spellingsOf(
    new Map([
      ['load', 9],

      ['road', 9],
      ['interrupt', 3],
      ['cat', 5],
    ]),
  );
  expect([...corrections('laod', spellings).keys()]).toEqual(['load']);
  expect([...corrections('interupts', spellings).keys()]).toEqual(['interrupt']);
  expect([...corrections('car', spellings)]).toEqual([]);
  expect([...corrections('load1', spellings)]).toEqual([]);
});

test('other words for the same, turns of phrase, and words run together or torn apart lead there, too', () => {
  expect(first('drive exhausted')).toBe('/problems/filesystem-almost-full/');
  expect(first('ran out of space')).toBe('/problems/filesystem-almost-full/');
  expect(first('diskfull')).toBe('/problems/filesystem-almost-full/');
  expect(first('mem info')).toBe('/files/proc-meminfo/');
});

test('a whole that is used more than its parts is joined, and a word of one article alone may be a slip', () => {
  const firewall = Array.from({ length: 6 }, (_, at) => entry(`/problems/firewall-${at}/`, 'Firewall'));
  const more = makeLookup([
    entry('/problems/alarm/', 'False fire alarm on the wall'),
    ...firewall,
    entry('/concepts/swap/', 'Swap and swappiness'),
    entry('/commands/iotop/', 'iotop', { body: '||swapin' }),
  ]);
  const firstOf = (query: string) => lookUp(more, query)[0]?.entry.url;
  expect(firstOf('fire wall')).toBe('/problems/firewall-0/');
  expect(firstOf('fire alarm')).toBe('/problems/alarm/');
  expect(firstOf('swapines')).toBe('/concepts/swap/');
  expect(firstOf('swapin')).toBe('/commands/iotop/');
});

test('who asks how or what gets a guide or an explanation, who names a symptom what repairs it', () => {
  expect(intentOf('how do i add swap')).toBe('instruct');
  expect(intentOf('what does iowait mean')).toBe('explain');
  expect(intentOf('what is eating my disk')).toBe('repair');
  expect(intentOf('disk full')).toBe('repair');
  const alike = ['problem', 'concept', 'howto'].map((kind) => entry(`/${kind}/swap/`, 'Swap', { kind }));
  const others = Array.from({ length: 60 }, (_, at) => entry(`/problems/other-${at}/`, `Other ${at}`));
  const three = makeLookup([...alike, ...others]);
  const kindOf = (query: string) => lookUp(three, query)[0]?.entry.kind;
  expect(kindOf('how to use swap')).toBe('howto');
  expect(kindOf('what is swap')).toBe('concept');
  expect(kindOf('swap trouble')).toBe('problem');
});

test('the words of the text are listed by how often they stand there, those of preparations not at all', () => {
  const [often = '', , seldom = ''] = bodyWords(
    `${'Latency counts. '.repeat(8)}\n\`\`\`console setup\nhidden\n\`\`\`\n\`\`\`console\nprinted\n\`\`\`\n`,
  ).split('|');
  expect(often.split(' ')).toEqual(['latency', 'count']);
  expect(seldom.split(' ')).toEqual(['print']);
});

test('endings do not count', () => {
  for (const [a, b] of [
    ['interrupts', 'interrupt'],
    ['swapping', 'swap'],
    ['processes', 'process'],
    ['addresses', 'address'],
    ['queries', 'query'],
    ['leaking', 'leak'],
    ['files', 'file'],
    ['expired', 'expires'],
    ['grew', 'growing'],
    ['panicked', 'panic'],
    ['kicked', 'kick'],
  ] as const)
    expect(stem(a)).toBe(stem(b));
  expect(stem('full')).toBe('full');
  expect(stem('status')).not.toBe(stem('stat'));
});

test('an article is found by the identifiers that it writes about, not by its code', () => {
  expect(
    mentionsOf(
      'Set `vm.swappiness` in `/etc/sysctl.conf`; `ListenOverflows` counts.\n```console\n# cat a_b_c\n```\n`vm.swappiness`',
    ),
  ).toEqual(['vm.swappiness', '/etc/sysctl.conf', 'listenoverflows']);
});
