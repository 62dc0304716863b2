import { expect, it } from 'vitest';
import { handmadePicture, startOfTests } from '#worker/picture/handmade.ts';
import { queryClass } from './queryClass.ts';

const since = startOfTests + 300;
const from = (report: number, before: number, now: number) => (report < 5 ? before : now);

it('names the class that makes the growth of what runs at a time', () => {
  const picture = handmadePicture({
    series: {
      'db.class.running{mysql UPDATE cart}': (i) => from(i, 1, 9),
      'db.class.running{mysql SELECT}': 1,
    },
  });
  expect(queryClass(picture, 'mysql', since)).toMatchObject({
    class: 'UPDATE cart',
    of: 'running',
    share: 1,
  });
});

it('tells a count of statements in seconds, also where one of that name was seen to run', () => {
  const picture = handmadePicture({
    series: {
      'db.class.running{mysql SELECT}': 0.5,
      'db.mysql.statements{SELECT}': (i) => from(i, 100, 5000),
    },
  });
  const found = queryClass(picture, 'mysql', since);
  expect(found).toMatchObject({ class: 'SELECT', of: 'statements' });
  expect(found!.because).toContain('begin in a second');
});

it('compares rows without an index only with a time before that is known', () => {
  const told = (reports: (number | undefined)[]) =>
    queryClass(
      handmadePicture({
        series: { 'db.class.running{mysql SELECT cart}': 9, 'db.mysql.rows_scanned': reports },
      }),
      'mysql',
      startOfTests,
    )!.because;
  expect(told(Array.from({ length: 10 }, () => 50_000))).toMatch(/without an index: 50,000 a second\.$/);
});
