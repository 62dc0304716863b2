// What comes together from one deed is one finding, not one a file.
import { expect, test } from 'vitest';
import { explain, replay } from '#worker/judge/explain.ts';
import { handmade, handmadeMonitor } from '#worker/picture/handmade.ts';

const setuidOf = (files: string[]) => ({ count: files.length, hash: files.join(), files });

function found(before: string[], after: string[]) {
  const facts = (i: number) => ({ setuid: setuidOf(i < 5 ? before : after) });
  return replay(handmade({ facts })).findings.filter(({ id }) => id === 'sec.suid_new');
}

test('programs that came with one package are one finding, which counts them', () => {
  expect(found(['/bin/su'], ['/bin/su', '/tmp/x'])).toMatchObject([
    { summary: '/tmp/x now runs with the rights of its owner.', subject: { name: '/tmp/x' } },
  ]);
  const [two] = found(['/bin/su'], ['/bin/su', '/usr/bin/at', '/usr/bin/cu']);
  expect(two!.summary).toBe('2 more programs run with the rights of their owner: /usr/bin/at, /usr/bin/cu.');
  // Fifty-nine: beyond forty one event stands for the rest.
  const many = found(
    [],
    Array.from({ length: 59 }, (_, i) => `/usr/bin/p${String(i).padStart(2, '0')}`),
  );
  expect(many.map(({ summary }) => summary)).toEqual([
    '59 more programs run with the rights of their owner: /usr/bin/p00, /usr/bin/p01, /usr/bin/p02 and 56 more.',
  ]);
});

test('a private file that is read by http and https of one name is one leak; another name or file is another', () => {
  const leak = (target: string, file: string) =>
    handmadeMonitor({
      kind: 'exposed',
      name: `files of ${target}`,
      target,
      state: 'down',
      code: 'exposed-file',
      summary: `Anyone can read ${file}`,
    });
  const summaries = replay(
    handmade({}),
    ['https://a.example.org/', 'http://a.example.org/', 'http://b.example.org/']
      .map((target) => leak(target, '/.git/HEAD (Git repository)'))
      .concat(leak('https://a.example.org:8443/', '/.env (settings)')),
  ).findings.map(({ summary }) => summary);
  expect(summaries.sort()).toEqual([
    'Anyone can read private files of http://a.example.org/ and https://a.example.org/: /.git/HEAD (Git repository).',
    'Anyone can read private files of http://b.example.org/: /.git/HEAD (Git repository).',
    'Anyone can read private files of https://a.example.org:8443/: /.env (settings).',
  ]);
});

test('a change that only sums up others is neither a finding nor named before one', () => {
  const files = (n: number) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`/etc/nginx/${i}.conf`, 'a']));
  const { problems, rootCauses } = explain(
    handmade({
      facts: (i) => ({
        configHashes: files(i < 5 ? 1 : 80),
        cronJobs: [],
        setuid: setuidOf(i < 5 ? ['/bin/su'] : ['/bin/su', '/tmp/x']),
      }),
    }),
  );
  expect(problems.filter(({ id }) => id === 'change.config')).toHaveLength(40);
  expect(rootCauses[0]!.before).toHaveLength(3);
  expect(JSON.stringify([problems, rootCauses])).not.toContain('more changes of this kind');
});

test('sites that were slow together stay so until they are quick; one that never was slow is not one of them', () => {
  const names = ['a', 'b', 'c'];
  const took = (slow: number, later: number) => (i: number) => (i < 25 ? 300 : i < 31 ? slow : later);
  const told = (later: number) =>
    replay(
      handmade({
        reports: 40,
        series: {
          'probe.ms{a}': took(1500, later),
          'probe.ms{b}': took(1600, later),
          'probe.ms{c}': took(300, 800),
        },
      }),
      names.map((name) =>
        handmadeMonitor({
          kind: 'http',
          name,
          about: { process: 'nginx', port: 443, host: `${name}.example` },
        }),
      ),
    ).findings.flatMap(({ id, subject, evidence }) =>
      id === 'svc.http_slow' ? [[subject.name, ...evidence.map(({ what }) => what)]] : [],
    );
  expect(told(800)).toEqual([['nginx', 'time of an answer, a', 'time of an answer, b']]);
  expect(told(400)).toEqual([]);
});
