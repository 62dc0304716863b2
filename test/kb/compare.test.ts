import { release } from 'node:os';
import { expect, test } from 'vitest';
import { difference, matches, plain } from './compare.ts';
import { readable, shape, shownKernel } from './normalise.ts';

test('exact means exact, apart from blanks at the end', () => {
  expect(matches(['a', 'b'], ['a', 'b'], 'exact')).toBe(true);
  expect(matches(['a', 'b'], ['a', 'c'], 'exact')).toBe(false);
  expect(matches(['a'], ['a', 'b'], 'exact')).toBe(false);
  expect(matches([], [], 'exact')).toBe(true);
});

test('... stands for any number of lines, also none', () => {
  expect(matches(['a', '...', 'z'], ['a', 'z'], 'exact')).toBe(true);
  expect(matches(['a', '...', 'z'], ['a', 'b', 'c', 'z'], 'exact')).toBe(true);
  expect(matches(['a', '...'], ['b'], 'exact')).toBe(false);
  expect(matches(['...', 'b', '...', 'b'], ['a', 'b', 'c'], 'exact')).toBe(false);
});

test('placeholders match their class and nothing else', () => {
  expect(matches(['Main PID: {{pid}} (nginx)'], ['Main PID: 812 (nginx)'], 'exact')).toBe(true);
  expect(matches(['Main PID: {{pid}} (nginx)'], ['Main PID: none (nginx)'], 'exact')).toBe(false);
  expect(matches(['Memory: {{size:2.5M}}'], ['Memory: 812.0K'], 'exact')).toBe(true);
  expect(matches(['total {{int:12}} files'], ['total   1234   files'], 'exact')).toBe(true);
  expect(matches(['at {{any:now}}, done'], ['at Mon 08:00, done'], 'exact')).toBe(true);
  expect(plain('Main PID: {{pid}}, {{size:2.5M}}')).toBe('Main PID: 2417, 2.5M');
});

test('shape forgives numbers, units, dates and column widths, not words', () => {
  for (const span of ['3h 43min', '59min', '1 day 18h', '2 weeks 3 days'])
    expect(shape(`Tue 00:00:00 UTC ${span} left - a.timer`), span).toBe(
      shape('Tue 00:00:00 UTC 15h left - a.timer'),
    );
  expect(shape('15h lost')).not.toBe(shape('3h 43min lost'));
  expect(shape('/dev/vdb   55M  14K 1% /srv')).toBe(shape('/dev/vdb 1.2G 900M 77% /srv'));
  expect(
    matches(['Nov 23 08:00:01 web1 nginx[12]: up'], ['Dec  1 10:11:12 web1 nginx[7]: up'], 'shape'),
  ).toBe(true);
  expect(matches(['Swap:  0 0 0'], ['Swap:  4095 12 4083'], 'shape')).toBe(true);
  expect(matches(['State: running'], ['State: degraded'], 'shape')).toBe(false);
  expect(matches(['a 1', 'b 2'], ['a 3'], 'shape')).toBe(false);
});

test('set is shape in any order', () => {
  expect(matches(['a 1', 'b 2'], ['b 7', 'a 9'], 'set')).toBe(true);
  expect(matches(['a 1'], ['b 7', 'a 9'], 'set')).toBe(false);
  expect(matches(['a 1', '...'], ['b 7', 'a 9'], 'set')).toBe(true);
  expect(matches(['a 1', 'a 1'], ['a 2'], 'set')).toBe(false);
});

test('lines asks for order only, any for output only', () => {
  expect(matches(['b', '...', 'd'], ['a', 'b', 'c', 'd'], 'lines')).toBe(true);
  expect(matches(['d', 'b'], ['a', 'b', 'c', 'd'], 'lines')).toBe(false);
  expect(matches([], ['a'], 'lines')).toBe(false);
  expect(matches(['whatever'], ['x'], 'any')).toBe(true);
  expect(matches(['whatever'], [], 'any')).toBe(false);
});

test('identifiers of the machine do not count', () => {
  const uuid = (d: string) =>
    `UUID=${d.repeat(8)}-${d.repeat(4)}-${d.repeat(4)}-${d.repeat(4)}-${d.repeat(12)}`;
  expect(matches([uuid('a')], [uuid('b')], 'exact')).toBe(true);
  expect(readable(`Linux ${release()}\x1b[0m\n\n`)).toEqual([`Linux ${shownKernel}`]);
});

test('the difference names both sides', () => {
  expect(difference(['a', 'b', 'c'], ['a', 'x', 'c'], 'exact')).toBe('  a\n- b\n+ x\n  c');
});
